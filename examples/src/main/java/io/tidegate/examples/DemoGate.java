package io.tidegate.examples;

import io.tidegate.BanPolicy;
import io.tidegate.Bulkhead;
import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.KeyBy;
import io.tidegate.http.RateLimitFields;
import io.tidegate.limit.Quota;
import io.tidegate.netty.TidegateConnectionHandler;
import io.tidegate.overload.Priority;
import io.tidegate.overload.Slots;
import java.time.Duration;

/** The demo's whole defence: what is limited, counted against whom, and how much. */
final class DemoGate {

  /** In which dialect clients are told; the SDKs of language-model services read theirs, too. */
  static final RateLimitFields FIELDS = RateLimitFields.draft11().withLlmSdk().withOpenAi();

  private DemoGate() {}

  /**
   * The gate.
   *
   * @param fleet which nodes count together
   * @param newcomers how many may register in a minute before they are asked for work
   * @param slots how many answers the model can make at once
   */
  static Gate create(
      Users users, ClientResolver clients, Fleet fleet, long newcomers, Slots slots) {
    Match chat = Match.post("/v1/chat/completions");
    // Only keys that were given out: invented ones would each bring a fresh limit.
    Match withKey = Match.where(users::hasKey);

    return fleet
        .gate()
        .clients(clients)
        .fields(FIELDS)
        .challenges(fleet.challenges().build())
        // Whoever has a key goes first. While more is asked than can be done, those who have
        // neither key nor pass are asked for work.
        .bulkhead(
            Bulkhead.builder(slots)
                .match(chat)
                .priority(withKey, Priority.ESTABLISHED)
                .tenants(KeyBy.apiKey())
                .build())
        // A load balancer that is refused takes the whole server out of service: not even a ban
        // may reach it.
        .exempt(Match.get("/health"))
        .rule(
            fleet
                .rule("register", 1)
                .match(Match.post("/register"))
                .per(KeyBy.address())
                .quota(Quota.perMinute(5))
                .challenge() // more for work
                .build())
        // In calm this lets everybody in. In a flood from many addresses all who are new are asked
        // for work, since nobody can tell them apart.
        .rule(
            fleet
                .rule("newcomers")
                .match(Match.post("/register"))
                .together()
                .quota(Quota.perMinute(newcomers).withBurst(Math.max(1, newcomers / 60)))
                .challenge()
                .build())
        // And there is an end: work buys nothing here, and no pass is counted by itself.
        .rule(
            fleet
                .rule("accounts")
                .match(Match.post("/register"))
                .per(KeyBy.address())
                .quota(Quota.perHour(200))
                .blindToPasses()
                .build())
        // Guesses are counted against their address. Who has logged in from here before, over
        // https, is counted by himself: no guesser locks him out.
        .rule(
            fleet
                .rule("login")
                .match(Match.post("/login"))
                .per(KeyBy.address())
                .quota(Quota.perMinute(5))
                .chargeWhen(outcome -> outcome.status() == 401) // a right password costs nothing
                .ban(
                    BanPolicy.after(10, Duration.ofMinutes(1))
                        .banFor(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1)))
                .build())
        .rule(
            fleet
                .rule("chat")
                .match(chat.and(withKey))
                .per(KeyBy.apiKey())
                .quota(Quota.perMinute(30))
                .plan("demo", Quota.perMinute(120))
                .planBy(users::plan)
                .chargeWhen(outcome -> outcome.status() != 503) // we were busy: not their fault
                .refusalBody("application/json", OpenAi::refusal)
                .build())
        .rule(
            fleet
                .rule("anonymous-chat")
                .match(chat.and(withKey.not()))
                .per(KeyBy.address())
                .quota(Quota.perMinute(10))
                .chargeWhen(outcome -> outcome.status() != 503)
                .refusalBody("application/json", OpenAi::refusal)
                .build())
        .rule(
            fleet
                .rule("altcha")
                .match(Match.get("/altcha/challenge"))
                .per(KeyBy.address())
                .quota(Quota.perMinute(30))
                .build())
        .rule(
            fleet
                .rule("altcha-verify")
                .match(Match.post("/altcha/verify"))
                .per(KeyBy.address())
                .quota(Quota.perMinute(30))
                .build())
        // A safety net under all the others, which each node has for itself.
        .rule(
            Rule.named("everything")
                .per(KeyBy.address())
                .quota(Quota.perMinute(600))
                .slidingWindow()
                .build())
        // On trial: counted and reported, but nobody is refused.
        .rule(
            fleet
                .rule("network")
                .per(KeyBy.prefix(24, 48))
                .quota(Quota.perMinute(3_000))
                .shadow()
                .build())
        .build();
  }

  /**
   * Who is asking.
   *
   * @param proxies networks of our own proxies; none if clients come directly
   * @throws IllegalArgumentException if one is no network
   */
  static ClientResolver clients(String... proxies) {
    return proxies.length == 0
        ? ClientResolver.socketOnly()
        : ClientResolver.builder().trust(proxies).header("X-Forwarded-For").build();
  }

  /**
   * What is refused before anything of it is read, where the server lets us: on Netty. Wider than
   * the gate, which tells people what they are refused for; a reset tells them nothing.
   *
   * @param proxies as for {@link #clients}
   */
  static TidegateConnectionHandler connections(String... proxies) {
    return TidegateConnectionHandler.builder()
        .ratePerAddress(Quota.perSecond(50).withBurst(1_000))
        .exempt(proxies)
        .build();
  }
}

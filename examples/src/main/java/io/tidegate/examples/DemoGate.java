package io.tidegate.examples;

import io.tidegate.BanPolicy;
import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.KeyBy;
import io.tidegate.http.RateLimitFields;
import io.tidegate.limit.Quota;
import java.time.Duration;

/** The demo's whole defence: what is limited, counted against whom, and how much. */
final class DemoGate {

  /** In which dialect clients are told; the SDKs of language-model services read theirs, too. */
  static final RateLimitFields FIELDS = RateLimitFields.draft11().withLlmSdk();

  private DemoGate() {}

  static Gate create(Users users, ClientResolver clients) {
    Match chat = Match.post("/v1/chat/completions");
    // Only keys that were given out: invented ones would each bring a fresh limit.
    Match withKey = Match.where(users::hasKey);

    return Gate.builder()
        .clients(clients)
        .fields(FIELDS)
        .rule(
            Rule.named("register")
                .match(Match.post("/register"))
                .per(KeyBy.address())
                .quota(Quota.perMinute(5))
                .build())
        .rule(
            Rule.named("login")
                .match(Match.post("/login"))
                .per(KeyBy.address())
                .quota(Quota.perMinute(5))
                .chargeWhen(outcome -> outcome.status() == 401) // a right password costs nothing
                .ban(
                    BanPolicy.after(10, Duration.ofMinutes(1))
                        .banFor(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1)))
                .build())
        .rule(
            Rule.named("chat")
                .match(chat.and(withKey))
                .per(KeyBy.apiKey())
                .quota(Quota.perMinute(30))
                .plan("demo", Quota.perMinute(120))
                .planBy(users::plan)
                .chargeWhen(outcome -> outcome.status() != 503) // we were busy: not their fault
                .refusalBody("application/json", OpenAi::refusal)
                .build())
        .rule(
            Rule.named("anonymous-chat")
                .match(chat.and(withKey.not()))
                .per(KeyBy.address())
                .quota(Quota.perMinute(10))
                .chargeWhen(outcome -> outcome.status() != 503)
                .refusalBody("application/json", OpenAi::refusal)
                .build())
        // A safety net under all the others.
        .rule(
            Rule.named("everything")
                .per(KeyBy.address())
                .quota(Quota.perMinute(600))
                .slidingWindow()
                .build())
        // On trial: counted and reported, but nobody is refused.
        .rule(
            Rule.named("network")
                .per(KeyBy.prefix(24, 48))
                .quota(Quota.perMinute(3_000))
                .shadow()
                .build())
        .build();
  }

  /**
   * Who is asking.
   *
   * @param proxies networks of our own proxies, comma-separated; empty if clients come directly
   * @throws IllegalArgumentException if one is no network
   */
  static ClientResolver clients(String proxies) {
    return proxies.isBlank()
        ? ClientResolver.socketOnly()
        : ClientResolver.builder()
            .trust(proxies.strip().split("\\s*,\\s*"))
            .header("X-Forwarded-For")
            .build();
  }
}

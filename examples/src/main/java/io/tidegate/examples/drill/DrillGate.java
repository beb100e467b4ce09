package io.tidegate.examples.drill;

import io.tidegate.BanPolicy;
import io.tidegate.Bulkhead;
import io.tidegate.Challenges;
import io.tidegate.Gate;
import io.tidegate.GateRequest;
import io.tidegate.Match;
import io.tidegate.Outcome;
import io.tidegate.Rule;
import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.Price;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import io.tidegate.overload.Priority;
import io.tidegate.overload.Slots;
import java.time.Duration;

/**
 * The gate of the drill, live and simulated: what the README tells users to write, with quotas for
 * these services.
 */
public final class DrillGate {

  /** What the keys of customers begin with; a real service looks a key up. */
  public static final String CUSTOMER = "Bearer customer-";

  /** A price that does not move, to see what it would do; 0 for one that does. */
  static final int PRICE_MILLIS = Integer.getInteger("drill.priceMs", 0);

  private DrillGate() {}

  static Gate create(Slots slots) {
    // Times are the real ones; digests are few, since their solvers are emulated.
    Price.Builder price = Price.builder().hashesPerSecond(Settings.PHONE / Settings.SCALE);
    if (PRICE_MILLIS > 0) {
      price.floor(Duration.ofMillis(PRICE_MILLIS)).cap(Duration.ofMillis(PRICE_MILLIS));
    }
    return builder(slots, challenges(KeyRing.random(), price.build()), 20, 40).build();
  }

  /**
   * How those go on who are refused.
   *
   * @param keys what challenges and passes are signed with
   * @param price what they are asked for
   * @return a builder
   */
  public static Challenges.Builder challenges(KeyRing keys, Price price) {
    return Challenges.builder(keys).price(price).visitorBudget(Quota.perHour(20));
  }

  /**
   * All but the clock.
   *
   * @param slots how much the service can do at once
   * @param challenges see {@link #challenges}
   * @param newcomers how many may register in a second before they are asked for a price
   * @param strangers how many may chat in a second without a key, likewise
   * @return a builder
   */
  public static Gate.Builder builder(
      Slots slots, Challenges.Builder challenges, long newcomers, long strangers) {
    Match register = Match.post("/register");
    Match login = Match.post("/login");
    Match chat = Match.post("/v1/chat/completions");
    Match customer = Match.where(DrillGate::isCustomer);
    return Gate.builder()
        .challenges(challenges.build())
        .bulkhead(
            Bulkhead.builder(slots)
                .match(chat.or(register).or(login))
                .priority(customer, Priority.ESTABLISHED)
                .build())
        .rule(
            Rule.named("register")
                .match(register)
                .per(KeyBy.address())
                .quota(Quota.perMinute(3))
                .challenge()
                .build())
        .rule(
            Rule.named("newcomers")
                .match(register)
                .together()
                .quota(Quota.perSecond(newcomers))
                .challenge()
                .build())
        .rule(
            Rule.named("login")
                .match(login)
                .per(KeyBy.address())
                .quota(Quota.perMinute(10), Quota.perHour(50))
                .chargeWhen(Outcome::failed)
                .ban(
                    BanPolicy.after(20, Duration.ofMinutes(1))
                        .banFor(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1)))
                .build())
        .rule(
            Rule.named("chat")
                .match(chat.and(customer))
                .per(KeyBy.apiKey())
                .quota(Quota.perMinute(120).withBurst(30))
                .build())
        .rule(
            Rule.named("anonymous-chat")
                .match(chat.and(customer.not()))
                .per(KeyBy.address())
                .quota(Quota.perMinute(10))
                .challenge()
                .build())
        .rule(
            Rule.named("anonymous-chats")
                .match(chat.and(customer.not()))
                .together()
                .quota(Quota.perSecond(strangers))
                .challenge()
                .build());
  }

  private static boolean isCustomer(GateRequest request) {
    String key = request.header("Authorization");
    return key != null && key.startsWith(CUSTOMER);
  }
}

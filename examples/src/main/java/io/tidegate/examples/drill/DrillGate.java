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

/** The gate of the drill: what the README tells users to write, with quotas for this service. */
final class DrillGate {

  /** What the keys of customers begin with; a real service looks a key up. */
  static final String CUSTOMER = "Bearer customer-";

  private DrillGate() {}

  static Gate create(Slots slots) {
    Match register = Match.post("/register");
    Match login = Match.post("/login");
    Match chat = Match.post("/v1/chat/completions");
    Match customer = Match.where(DrillGate::isCustomer);
    return Gate.builder()
        .challenges(
            Challenges.builder(KeyRing.random())
                // Times are the real ones; digests are few, since their solvers are emulated.
                .price(Price.builder().hashesPerSecond(Settings.PHONE / Settings.SCALE).build())
                .visitorBudget(Quota.perHour(20))
                .build())
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
                .quota(Quota.perSecond(20))
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
                .quota(Quota.perSecond(40))
                .challenge()
                .build())
        .build();
  }

  private static boolean isCustomer(GateRequest request) {
    String key = request.header("Authorization");
    return key != null && key.startsWith(CUSTOMER);
  }
}

package io.tidegate.examples.drill.sim;

import io.tidegate.Bulkhead;
import io.tidegate.Challenges;
import io.tidegate.Gate;
import io.tidegate.GateRequest;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.challenge.Price;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.ManualTicker;
import io.tidegate.limit.Quota;
import io.tidegate.overload.Priority;
import io.tidegate.overload.Slots;
import java.time.Duration;
import java.time.Instant;

/**
 * The library's own gate, as the documents advise to set it up, on a clock that is moved by hand.
 */
final class SimulatedGate {

  private static final Instant BEGIN = Instant.parse("2025-01-27T00:00:00Z");

  /** The library's clock goes in steps of a tenth of a millisecond. */
  private static final long STEP = 100_000;

  final Gate gate;
  final Slots slots;
  private final ManualTicker ticker = new ManualTicker();
  private long moved;

  SimulatedGate(Crowd crowd, Scenario scenario) {
    this.slots = Slots.builder(scenario.scaled(Scenario.SLOTS)).ticker(ticker).build();
    Match chat = Match.post(Sent.CHAT);
    Match register = Match.post(Sent.REGISTER);
    Match withKey = Match.where(request -> hasKey(crowd, request));
    this.gate =
        Gate.builder()
            .ticker(ticker)
            .challenges(
                Challenges.builder(crowd.keys)
                    .price(price(scenario.moving()))
                    .clock(() -> BEGIN.plusNanos(ticker.read()))
                    .build())
            .bulkhead(
                Bulkhead.builder(slots)
                    .match(chat.or(register))
                    .priority(withKey, Priority.ESTABLISHED)
                    .build())
            .rule(
                Rule.named("register")
                    .match(register)
                    .per(KeyBy.address())
                    .quota(Quota.perMinute(5))
                    .challenge()
                    .build())
            .rule(
                Rule.named("newcomers")
                    .match(register)
                    .together()
                    .quota(Quota.perSecond(scenario.scaled(Scenario.NEWCOMERS)))
                    .challenge()
                    .build())
            .rule(
                Rule.named("login")
                    .match(Match.post("/login"))
                    .quota(Quota.perMinute(5))
                    .chargeWhen(outcome -> outcome.status() == 401)
                    .build())
            .rule(
                Rule.named("chat")
                    .match(chat.and(withKey))
                    .per(KeyBy.apiKey())
                    .quota(Quota.perMinute(120))
                    .build())
            .rule(
                Rule.named("anonymous-chat")
                    .match(chat.and(withKey.not()))
                    .per(KeyBy.address())
                    .quota(Quota.perMinute(60))
                    .build())
            .build();
  }

  private static boolean hasKey(Crowd crowd, GateRequest request) {
    String key = request.header("Authorization");
    return key != null && crowd.hasKey(key);
  }

  private static Price price(boolean moving) {
    return Price.builder()
        .hashesPerSecond((long) Scenario.PHONE / Scenario.DIGESTS_FOR_ONE)
        .floor(Scenario.FLOOR)
        .cap(moving ? Scenario.CAP : Scenario.FLOOR)
        .build();
  }

  /** Has the library see the time, and do what is due. */
  void moveTo(long time) {
    if (time - moved >= STEP) {
      moved = time;
      ticker.set(time);
    }
  }

  void close() {
    gate.close();
    slots.close();
  }

  /** What is asked of somebody who owes nothing, in milliseconds on the reference phone. */
  double priceMillis() {
    var toll = gate.status().toll();
    Duration price = toll == null ? Duration.ZERO : toll.price();
    return price.toNanos() / (double) Scenario.MILLI;
  }
}

package io.tidegate.examples.drill.sim;

import io.tidegate.Challenges;
import io.tidegate.Gate;
import io.tidegate.challenge.Price;
import io.tidegate.examples.drill.DrillGate;
import io.tidegate.limit.ManualTicker;
import io.tidegate.overload.Slots;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * The library's own gate, as the documents advise to set it up, on a clock that is moved by hand.
 */
final class SimulatedGate {

  private static final Instant BEGIN = Instant.parse("2025-01-27T00:00:00Z");

  /** A known one, so that the same keys meet in the same places of a table in every run. */
  private static final byte[] SECRET =
      "of the simulation, and no other".getBytes(StandardCharsets.US_ASCII);

  /** The library's clock goes in steps of a tenth of a millisecond. */
  private static final long STEP = 100_000;

  final Gate gate;
  final Slots slots;
  private final ManualTicker ticker = new ManualTicker();
  private long moved;

  SimulatedGate(Crowd crowd, Scenario scenario) {
    this.slots = Slots.builder(scenario.scaled(Scenario.SLOTS)).ticker(ticker).build();
    Challenges.Builder challenges =
        DrillGate.challenges(crowd.keys, price(scenario.moving()))
            .clock(() -> BEGIN.plusNanos(ticker.read()));
    this.gate =
        DrillGate.builder(
                slots,
                challenges,
                scenario.scaled(Scenario.NEWCOMERS),
                scenario.scaled(Scenario.STRANGERS))
            .keySecret(SECRET)
            .ticker(ticker)
            .build();
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

package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What a table is for: a flood of ten million new keys, against offenders who are drained and
 * people who are well within their quota.
 */
class TableFloodTest {

  private static final Quota QUOTA = Quota.perMinute(6); // one permit takes 10 seconds
  private static final int MAX_KEYS = 1_000_000;
  private static final int FLOOD = Integer.getInteger("tidegate.flood.keys", 10_000_000);
  private static final int OFFENDERS = 1_000;
  private static final int LIGHT = 10_000;

  /** How long the flood lasts by the table's time: less than one permit takes to come back. */
  private static final long FLOOD_NANOS = 5_000_000_000L;

  private final ManualTicker ticker = new ManualTicker();
  private final KeyedTable<Long> table =
      TokenBucket.table(QUOTA, (Long key, KeyedHash hash) -> hash.ofLongs(key, 0))
          .maxKeys(MAX_KEYS)
          .ticker(ticker)
          .build();

  private static long key(int kind, long number) {
    return (long) kind << 48 | number;
  }

  private double shareOfLightAdmitted() {
    int admitted = 0;
    for (int i = 0; i < LIGHT; i++) {
      admitted += table.tryAcquire(key(1, i)) ? 1 : 0;
    }
    return (double) admitted / LIGHT;
  }

  @Test
  void flood_ofNewKeys_freesNoOffenderAndPassesWithinOneLongestDebt() {
    for (int i = 0; i < OFFENDERS; i++) {
      assertThat(table.tryAcquire(key(2, i), 6)).isTrue();
    }
    assertThat(shareOfLightAdmitted()).as("before").isGreaterThanOrEqualTo(0.99);

    SplittableRandom random = new SplittableRandom(20_250_127);
    int step = FLOOD / LIGHT; // so that each light key calls once
    long freed = 0;
    long lightCalls = 0;
    long lightAdmitted = 0;
    for (long i = 0; i < FLOOD; i++) {
      table.tryAcquire(key(3, i));
      if (i % step == 0) {
        ticker.advanceNanos(FLOOD_NANOS / LIGHT);
        freed += table.tryAcquire(key(2, random.nextInt(OFFENDERS))) ? 1 : 0;
        lightCalls++;
        lightAdmitted += table.tryAcquire(key(1, lightCalls % LIGHT)) ? 1 : 0;
      }
    }
    for (int i = 0; i < OFFENDERS; i++) {
      freed += table.tryAcquire(key(2, i)) ? 1 : 0;
    }
    KeyedTable.Report report = table.report();
    System.getLogger("flood")
        .log(
            System.Logger.Level.INFO,
            "light keys admitted during the flood: {0} of {1}; {2}",
            lightAdmitted,
            lightCalls,
            report);
    assertThat(freed).as("offenders let go").isZero();
    assertThat(report.displaced()).as("the flood must not fit").isPositive();
    assertThat(report.places()).isLessThanOrEqualTo(2 * MAX_KEYS);

    ticker.advance(Duration.ofMinutes(1));
    assertThat(table.keys()).as("one longest debt later").isZero();
    assertThat(shareOfLightAdmitted()).as("after").isGreaterThanOrEqualTo(0.99);
  }
}

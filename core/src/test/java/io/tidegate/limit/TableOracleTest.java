package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Few words, many keys, a clock that goes anywhere, and an exact account of every key: no key is
 * ever admitted more than its quota. The same check fails for twins that break one rule each.
 */
class TableOracleTest {

  private static final Quota QUOTA = Quota.of(7, Duration.ofSeconds(13));
  private static final int KEYS = 40;

  static Stream<Named<Integer>> sizes() {
    return Stream.of(Named.of("one set", 1), Named.of("two sets", 2), Named.of("three sets", 3));
  }

  /** By how many permits the worst key got too much, in the worst stretch of all runs. */
  private static double worstExcess(Twins.Kind kind, int sets, Consumer<TableWords> between) {
    double worst = 0;
    for (long seed = 0; seed < 60 && worst == 0; seed++) {
      RandomGenerator random = Subject.random(QUOTA, seed);
      Schedule schedule = new Schedule(random, QUOTA);
      TableWords words = Twins.words(QUOTA, sets, schedule.ticker);
      worst =
          worstExcess(
              kind.over(words, random), schedule, seed % 2 == 0, () -> between.accept(words));
    }
    return worst;
  }

  private static double worstExcess(
      Twins.Table table, Schedule schedule, boolean leaps, Runnable between) {
    RandomGenerator random = schedule.random;
    long[] keys = new Random(7).longs(KEYS).toArray();
    Tally[] tallies = new Tally[KEYS];
    double worst = 0;
    for (int call = 0; call < 1_000; call++) {
      if (random.nextInt(8) == 0) {
        if (leaps) {
          schedule.step();
        } else {
          schedule.stepForward();
        }
      }
      between.run();
      int key = random.nextInt(random.nextInt(KEYS) + 1);
      long permits = Subject.somePermits(random, QUOTA.burst());
      if (table.tryAcquire(keys[key], permits)) {
        tallies[key] = tallies[key] == null ? new Tally(QUOTA) : tallies[key];
        tallies[key].admit(permits, schedule.forward());
        worst = Math.max(worst, tallies[key].excess());
      }
    }
    return worst;
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void tryAcquire_farMoreKeysThanWords_admitsNobodyTooMuch(int sets) {
    assertThat(worstExcess(Twins::faithful, sets, words -> {})).isZero();
  }

  @Test
  void tryAcquire_withoutInheritance_isCaught() {
    assertThat(worstExcess(Twins::withoutInheritance, 1, words -> {})).isPositive();
  }

  @Test
  void tryAcquire_withRefunds_isCaught() {
    assertThat(worstExcess(Twins::refunding, 1, words -> {})).isPositive();
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void charge_always_makesTheWordsOfASetGrow(int sets) {
    long[][] before = new long[1][];
    Consumer<TableWords> check =
        words -> {
          long[] now = words.words.clone();
          for (int i = 0;
              before[0] != null && before[0].length == now.length && i < now.length;
              i++) {
            boolean isSameTable = before[0][0] == now[0];
            assertThat(isSameTable && (now[i] - before[0][i]) >> 24 < 0).isFalse();
          }
          before[0] = now;
        };
    RandomGenerator random = Subject.random(QUOTA, sets);
    Schedule schedule = new Schedule(random, QUOTA);
    TableWords words = Twins.words(QUOTA, sets, schedule.ticker);
    worstExcess(Twins.faithful(words, random), schedule, true, () -> check.accept(words));
    assertThat(words.counters.displaced.sum()).isPositive();
  }

  /** A day of a table whose range is 18 minutes: every word is swept many times, or misread. */
  @Test
  void tryAcquire_overManyRanges_admitsAllThatIsDueAndNoMore() {
    Quota quota = Quota.perSecond(5);
    ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - Duration.ofHours(7).toNanos());
    TableWords words = Twins.words(quota, 300, ticker);
    Twins.Table table = Twins.faithful(words, new Random(1));
    Random random = new Random(20_250_127);
    long[] keys = random.longs(600).toArray();
    long step = Duration.ofSeconds(11).toNanos();
    for (long passed = 0; passed < Duration.ofDays(1).toNanos(); passed += step) {
      ticker.advanceNanos(step);
      long key = keys[random.nextInt(random.nextInt(600) + 1)];
      assertThat(table.tryAcquire(key, 5)).as("after %s", Duration.ofNanos(passed)).isTrue();
      assertThat(table.tryAcquire(key, 1)).as("after %s", Duration.ofNanos(passed)).isFalse();
    }
    assertThat(words.counters.displaced.sum()).isZero();
  }

  @Test
  void tryAcquire_afterAnyGap_startsAnew() {
    Quota quota = Quota.perMinute(60);
    for (long gap = 1; gap < 1L << 61; gap = gap * 3 + 1) {
      ManualTicker ticker = new ManualTicker(gap);
      Twins.Table table = Twins.faithful(Twins.words(quota, 1, ticker), new Random(1));
      long[] keys = new Random(gap).longs(TableWords.WAYS).toArray();
      for (long key : keys) {
        assertThat(table.tryAcquire(key, 60)).isTrue();
      }
      ticker.advanceNanos(gap);
      boolean isPaidOff = gap >= Duration.ofMinutes(1).toNanos();
      for (long key : keys) {
        assertThat(table.tryAcquire(key, 60))
            .as("after %s", Duration.ofNanos(gap))
            .isEqualTo(isPaidOff);
      }
    }
  }
}

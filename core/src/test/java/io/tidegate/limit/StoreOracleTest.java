package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Few places, many keys, a clock that goes anywhere, and an exact account of every key: no key is
 * ever admitted beyond its quota, however often the store fills up and empties. The same check
 * fails for twins that break one rule each.
 */
class StoreOracleTest {

  private static final Quota QUOTA = Quota.of(7, java.time.Duration.ofSeconds(13));
  private static final int PLACES = 5;
  private static final int KEYS = 14;

  static Stream<Named<Function<Ticker, Limit<?>>>> limits() {
    return Stream.of(
        Named.of("bucket", ticker -> new Gcra(QUOTA)),
        Named.of("counter", ticker -> new WindowCounter(QUOTA, ticker.read())),
        Named.of("log", ticker -> new WindowLog(QUOTA)));
  }

  private static <S> KeyedRateLimiter<String> keyed(Limit<S> limit, Ticker ticker) {
    return new StoreLimiter<>(
        limit,
        KeyFunnel.ofString(),
        new KeyedHash(1, 2),
        new Store<>(PLACES, WhenFull.SHARE, ticker));
  }

  /** By how many permits the worst key got too much, in the worst stretch of all runs. */
  private static double worstExcess(Function<Ticker, Limit<?>> limit) {
    double worst = 0;
    for (long seed = 0; seed < 60; seed++) {
      worst = Math.max(worst, worstExcess(limit, seed));
    }
    return worst;
  }

  private static double worstExcess(Function<Ticker, Limit<?>> limit, long seed) {
    RandomGenerator random = Subject.random(QUOTA, seed);
    Schedule schedule = new Schedule(random, QUOTA);
    KeyedRateLimiter<String> keyed = keyed(limit.apply(schedule.ticker), schedule.ticker);
    Map<String, Tally> tallies = new HashMap<>();
    double worst = 0;
    boolean leaps = seed % 2 == 0;
    for (int call = 0; call < 400; call++) {
      if (random.nextInt(3) == 0) {
        if (leaps) {
          schedule.step();
        } else {
          schedule.stepForward();
        }
      }
      if (random.nextInt(10) == 0) {
        keyed.cleanUp();
      }
      String key = "key" + random.nextInt(random.nextInt(KEYS) + 1);
      long permits = Subject.somePermits(random, QUOTA.burst());
      boolean admitted =
          random.nextBoolean()
              ? keyed.tryAcquire(key, permits)
              : keyed.decide(key, permits).admitted();
      if (admitted) {
        Tally tally = tallies.computeIfAbsent(key, k -> new Tally(QUOTA));
        tally.admit(permits, schedule.forward());
        worst = Math.max(worst, tally.excess());
      }
      assertThat(keyed.keys()).isLessThanOrEqualTo(PLACES);
    }
    assertThat(keyed.crowdedOut()).as("seed %d must crowd keys out", seed).isPositive();
    return worst;
  }

  @ParameterizedTest
  @MethodSource("limits")
  void tryAcquire_inAStoreThatFillsAndEmpties_keepsEveryKeyToItsQuota(
      Function<Ticker, Limit<?>> limit) {
    assertThat(worstExcess(limit)).isZero();
  }

  /** Gives a key that leaves the crowd an entry which owes nothing. */
  private static final class WithoutInheritance<S> extends ForwardingLimit<S> {
    WithoutInheritance(Limit<S> limit) {
      super(limit);
    }

    @Override
    S copy(S state) {
      return fresh(0);
    }
  }

  /** Publishes an entry before it is charged, by charging another state. */
  private static final class ChargesTooLate<S> extends ForwardingLimit<S> {
    ChargesTooLate(Limit<S> limit) {
      super(limit);
    }

    @Override
    Decision decide(S state, Ticker ticker, long now, long permits, long keptUntil) {
      return untilFresh(state, now) == 0
          ? super.decide(fresh(now), ticker, now, permits, keptUntil)
          : super.decide(state, ticker, now, permits, keptUntil);
    }
  }

  @Test
  void tryAcquire_byBrokenTwins_exceedsTheQuota() {
    assertThat(worstExcess(ticker -> new ForgetfulLimit<>(new Gcra(QUOTA), 2)))
        .as("forgetful")
        .isPositive();
    assertThat(worstExcess(ticker -> new ForgetfulLimit<>(new WindowLog(QUOTA), 2)))
        .as("forgetful")
        .isPositive();
    assertThat(worstExcess(ticker -> new WithoutInheritance<>(new Gcra(QUOTA))))
        .as("without inheritance")
        .isPositive();
    assertThat(worstExcess(ticker -> new WithoutInheritance<>(new WindowLog(QUOTA))))
        .as("without inheritance")
        .isPositive();
    assertThat(worstExcess(ticker -> new ChargesTooLate<>(new Gcra(QUOTA))))
        .as("too late")
        .isPositive();
  }
}

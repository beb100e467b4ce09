package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every limiter promises whatever its clock does. */
interface ClockPromises extends Subject {

  @ParameterizedTest
  @MethodSource("quotas")
  default void tryAcquire_underAnyClock_keepsTheBoundInEveryStretch(Quota quota) {
    for (long seed = 0; seed < 30; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      Schedule schedule = new Schedule(random, quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      Tally tally = new Tally(quota, 1, blurNanos(quota));
      for (int call = 0; call < 150; call++) {
        if (random.nextInt(3) > 0) {
          schedule.step();
        }
        long permits = Subject.somePermits(random, quota.burst());
        boolean admitted =
            random.nextBoolean() ? limiter.tryAcquire(permits) : limiter.decide(permits).admitted();
        if (admitted) {
          tally.admit(permits, schedule.forward());
          assertThat(tally.excess()).as("%s, seed %d, call %d", quota, seed, call).isZero();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void tryAcquire_clockGoesBackWhenDrained_admitsNothing(Quota quota) {
    for (long seed = 0; seed < 20; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      Schedule schedule = new Schedule(random, quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      assertThat(limiter.tryAcquire(quota.burst())).isTrue();
      for (int i = 0; i < 20; i++) {
        schedule.move(-random.nextLong(Quotas.windowNanos(quota) + 1) / (1 + random.nextInt(1000)));
        assertThat(limiter.tryAcquire()).as("%s, seed %d", quota, seed).isFalse();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void tryAcquire_afterALeapAheadAndBack_recoversWithinTheLongestDebt(Quota quota) {
    long leap = Duration.ofDays(365).toNanos();
    long debt = longestDebtNanos(quota);
    if (debt > leap / 3) {
      return; // such a debt may be real: it is waited for
    }
    for (long seed = 0; seed < 10; seed++) {
      Schedule schedule = new Schedule(Subject.random(quota, seed), quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      Subject.use(limiter, schedule, (int) seed);
      schedule.ticker.advanceNanos(leap);
      limiter.tryAcquire(quota.burst());
      schedule.ticker.advanceNanos(-leap);
      limiter.tryAcquire();
      schedule.ticker.advanceNanos(debt);
      assertThat(limiter.tryAcquire(quota.burst())).as("%s, seed %d", quota, seed).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void decide_afterALeapAheadAndBack_tellsAtMostTheLongestDebt(Quota quota) {
    long leap = Duration.ofDays(365).toNanos();
    long debt = longestDebtNanos(quota);
    if (debt > leap / 3) {
      return;
    }
    ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - leap / 2);
    RateLimiter limiter = limiter(quota, ticker);
    ticker.advanceNanos(leap);
    limiter.tryAcquire(quota.burst());
    ticker.advanceNanos(-leap);
    Decision peeked = limiter.peek(quota.burst());
    Decision decided = limiter.decide(quota.burst());
    assertThat(decided.outcome()).isEqualTo(peeked.outcome());
    assertThat(decided.retryAfterNanos()).isLessThanOrEqualTo(debt);
    assertThat(decided.resetAfterNanos()).isLessThanOrEqualTo(debt);
  }
}

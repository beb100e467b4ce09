package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every limiter promises about permits that come back, and costs known afterwards. */
interface CostPromises extends Subject {

  @ParameterizedTest
  @MethodSource("quotas")
  default void giveBack_atOnce_restoresWhatWasLeft(Quota quota) {
    for (long seed = 0; givesBack() && seed < 12; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      Schedule schedule = new Schedule(random, quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      Subject.use(limiter, schedule, (int) seed % 6);
      limiter.tryAcquire();
      long before = limiter.peek().remaining();
      if (before > 0) {
        long permits = 1 + random.nextLong(before);
        assertThat(limiter.tryAcquire(permits)).isTrue();
        assertThat(limiter.giveBack(permits)).isTrue();
        assertThat(limiter.peek().remaining()).as("%s, seed %d", quota, seed).isEqualTo(before);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void giveBack_moreThanWasTaken_neverGivesMoreThanAFullQuota(Quota quota) {
    for (long seed = 0; seed < 12; seed++) {
      Schedule schedule = new Schedule(Subject.random(quota, seed), quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      Subject.use(limiter, schedule, (int) seed % 6);
      for (long permits : new long[] {1, quota.burst(), 3 * quota.burst(), Long.MAX_VALUE}) {
        limiter.giveBack(permits);
      }
      long left = limiter.peek().remaining();
      assertThat(left).as("%s, seed %d", quota, seed).isLessThanOrEqualTo(quota.burst());
      assertThat(limiter.tryAcquire(left + 1)).as("%s, seed %d", quota, seed).isFalse();
      assertThat(left == 0 || limiter.tryAcquire(left)).as("%s, seed %d", quota, seed).isTrue();
      assertThat(limiter.tryAcquire()).as("%s, seed %d", quota, seed).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void cancel_atOnce_equalsNeverTaken(Quota quota) {
    assumeTrue(reserves());
    for (long seed = 0; seed < 12; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      Schedule schedule = new Schedule(random, quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      Subject.use(limiter, schedule, (int) seed % 6);
      limiter.tryAcquire();
      long before = limiter.peek().remaining();
      Reservation reservation = limiter.reserve(Math.max(1, before));
      assertThat(reservation.admitted()).isEqualTo(before > 0);
      assertThat(reservation.decision().admitted()).isEqualTo(before > 0);
      reservation.cancel();
      assertThat(limiter.peek().remaining()).as("%s, seed %d", quota, seed).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void settle_belowTheEstimate_returnsTheRest(Quota quota) {
    assumeTrue(reserves());
    RateLimiter limiter = limiter(quota, new ManualTicker(-1));
    long burst = quota.burst();
    for (long actual : new long[] {burst, burst - 1, burst / 2, 1, 0}) {
      Reservation reservation = limiter.reserve(burst);
      reservation.settle(actual);
      assertThat(limiter.peek().remaining()).as(quota + ", " + actual).isEqualTo(burst - actual);
      // Whatever comes later does nothing, so the rest can be undone only by hand.
      reservation.cancel();
      reservation.settle(0);
      reservation.settle(burst);
      reservation.settle(Long.MAX_VALUE);
      assertThat(limiter.peek().remaining()).as(quota + ", " + actual).isEqualTo(burst - actual);
      limiter = limiter(quota, new ManualTicker(actual));
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void settle_beyondTheEstimate_isChargedInBoundedDebt(Quota quota) {
    assumeTrue(reserves());
    for (long actual : new long[] {2, 3, 2 * quota.burst(), Long.MAX_VALUE}) {
      ManualTicker ticker = new ManualTicker(Long.MAX_VALUE);
      RateLimiter limiter = limiter(quota, ticker);
      Reservation reservation = limiter.reserve(1);
      reservation.settle(actual);
      Decision after = limiter.peek();
      assertThat(after.remaining()).isEqualTo(Math.max(0, quota.burst() - actual));
      reservation.cancel();
      assertThat(limiter.peek()).isEqualTo(after);
      assertThat(after.resetAfterNanos())
          .as(quota + ", " + actual)
          .isPositive()
          .isLessThanOrEqualTo(Limit.MOST_DEBTS * longestDebtNanos(quota));
      if (!after.admitted()) {
        ticker.advanceNanos(after.retryAfterNanos() - 1);
        assertThat(limiter.tryAcquire()).as(quota + ", " + actual).isFalse();
        ticker.advanceNanos(1);
        assertThat(limiter.tryAcquire()).as(quota + ", " + actual).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void settle_refusedReservation_doesNothing(Quota quota) {
    assumeTrue(reserves());
    RateLimiter limiter = limiter(quota, new ManualTicker());
    assertThat(limiter.tryAcquire(quota.burst())).isTrue();
    Decision drained = limiter.peek();
    Reservation refused = limiter.reserve(quota.burst());
    assertThat(refused.admitted()).isFalse();
    assertThat(refused.decision().outcome()).isEqualTo(Decision.Outcome.REFUSED);
    refused.settle(0);
    refused.settle(Long.MAX_VALUE);
    refused.cancel();
    assertThat(limiter.peek()).isEqualTo(drained);
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void cancel_whenItsPermitsNoLongerCount_returnsNothingBeyondAFullQuota(Quota quota) {
    assumeTrue(reserves());
    ManualTicker ticker = new ManualTicker();
    RateLimiter limiter = limiter(quota, ticker);
    Reservation reservation = limiter.reserve(quota.burst());
    ticker.advanceNanos(limiter.peek().resetAfterNanos());
    reservation.cancel();
    assertThat(limiter.peek().remaining()).isEqualTo(quota.burst());
    assertThat(limiter.tryAcquire(quota.burst())).isTrue();
    assertThat(limiter.tryAcquire()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void reserve_settledAtMostAsEstimated_keepsTheBoundOnWhatIsUsed(Quota quota) {
    assumeTrue(reserves());
    record Open(Reservation reservation, long estimate) {}
    for (long seed = 0; seed < 12; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      Schedule schedule = new Schedule(random, quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      Tally used = new Tally(quota);
      ArrayDeque<Open> open = new ArrayDeque<>();
      for (int call = 0; call < 100; call++) {
        if (random.nextInt(3) > 0) {
          schedule.step();
        }
        if (random.nextBoolean()) {
          long estimate = Subject.somePermits(random, quota.burst());
          Reservation reservation = limiter.reserve(estimate);
          if (reservation.admitted()) {
            open.add(new Open(reservation, estimate));
            used.admit(estimate, schedule.forward());
          }
        } else if (!open.isEmpty()) {
          Open oldest = random.nextBoolean() ? open.removeFirst() : open.removeLast();
          long actual = random.nextLong(oldest.estimate + 1);
          oldest.reservation.settle(actual);
          used.admit(actual - oldest.estimate, schedule.forward());
        }
        assertThat(used.excess()).as("%s, seed %d, call %d", quota, seed, call).isZero();
      }
    }
  }

  @Test
  default void settle_negativeCost_isRejectedAndChangesNothing() {
    assumeTrue(reserves());
    RateLimiter limiter = limiter(quotas().get(0), new ManualTicker());
    Reservation reservation = limiter.reserve(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reservation.settle(-1))
        .withMessage("actual: -1 (expected: at least 0)");
    reservation.cancel();
    assertThat(limiter.peek().remaining()).isEqualTo(quotas().get(0).burst());
  }
}

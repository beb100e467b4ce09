package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every limiter promises about its answers. */
interface DecisionPromises extends Subject {

  int SEEDS = 20;

  @ParameterizedTest
  @MethodSource("quotas")
  default void decide_refused_isAdmittedAtTheToldTimeAndNotBefore(Quota quota) {
    int refusals = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      Schedule schedule = new Schedule(random, quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      for (int round = 0; round < 5; round++) {
        Subject.use(limiter, schedule, random.nextInt(6));
        long permits = Subject.somePermits(random, quota.burst());
        Decision refused = limiter.decide(permits);
        if (refused.admitted()) {
          continue;
        }
        refusals++;
        assertThat(refused.retryAfterNanos()).as("%s, seed %d", quota, seed).isPositive();
        schedule.ticker.advanceNanos(refused.retryAfterNanos() - 1);
        Decision early = limiter.decide(permits);
        assertThat(early.admitted()).as("early, %s, seed %d", quota, seed).isFalse();
        assertThat(early.retryAfterNanos()).as("%s, seed %d", quota, seed).isEqualTo(1);
        schedule.ticker.advanceNanos(1);
        assertThat(limiter.tryAcquire(permits)).as("%s, seed %d", quota, seed).isTrue();
      }
    }
    assertThat(refusals).as("the schedules must lead to refusals").isGreaterThan(SEEDS / 4);
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void peek_always_saysWhatDecideSays(Quota quota) {
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      Schedule schedule = new Schedule(random, quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      for (int round = 0; round < 20; round++) {
        schedule.step();
        long permits = Subject.somePermits(random, quota.burst());
        Decision peeked = limiter.peek(permits);
        assertThat(limiter.peek(permits)).as("%s, seed %d", quota, seed).isEqualTo(peeked);
        Decision decided = limiter.decide(permits);
        assertThat(decided.outcome()).as("%s, seed %d", quota, seed).isEqualTo(peeked.outcome());
        if (decided.admitted()) {
          assertThat(decided.retryAfterNanos()).isEqualTo(peeked.retryAfterNanos()).isZero();
          assertThat(decided.remaining()).isEqualTo(peeked.remaining() - permits);
          assertThat(decided.resetAfterNanos()).isPositive();
        } else {
          assertThat(decided).as("%s, seed %d", quota, seed).isEqualTo(peeked);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void peek_remaining_canBeHadAtOnceAndNoMore(Quota quota) {
    for (long seed = 0; seed < SEEDS; seed++) {
      Schedule schedule = new Schedule(Subject.random(quota, seed), quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      Subject.use(limiter, schedule, 1 + (int) (seed % 12));
      limiter.tryAcquire();
      long remaining = limiter.peek().remaining();
      assertThat(remaining).as("%s, seed %d", quota, seed).isBetween(0L, quota.burst());
      assertThat(limiter.tryAcquire(remaining + 1)).as("%s, seed %d", quota, seed).isFalse();
      if (remaining > 0) {
        assertThat(limiter.tryAcquire(remaining)).as("%s, seed %d", quota, seed).isTrue();
      }
      assertThat(limiter.peek().remaining()).as("%s, seed %d", quota, seed).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void decide_refused_changesNothing(Quota quota) {
    for (long seed = 0; seed < SEEDS; seed++) {
      Schedule schedule = new Schedule(Subject.random(quota, seed), quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      Subject.use(limiter, schedule, 8);
      // What lies impossibly far in the future is cut once, before anything is compared.
      limiter.decide(quota.burst());
      Decision one = limiter.peek();
      Decision all = limiter.peek(quota.burst());
      long tooMany = one.remaining() + 1;
      for (int i = 0; i < 3; i++) {
        assertThat(limiter.tryAcquire(tooMany)).as("%s, seed %d", quota, seed).isFalse();
        assertThat(limiter.decide(tooMany).admitted()).isFalse();
        if (reserves()) {
          limiter.reserve(tooMany).cancel();
        }
      }
      assertThat(limiter.peek()).as("%s, seed %d", quota, seed).isEqualTo(one);
      assertThat(limiter.peek(quota.burst())).as("%s, seed %d", quota, seed).isEqualTo(all);
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void decide_moreThanTheBurst_isNeverAndChangesNothing(Quota quota) {
    for (long seed = 0; seed < 10; seed++) {
      Schedule schedule = new Schedule(Subject.random(quota, seed), quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      Subject.use(limiter, schedule, (int) seed);
      limiter.decide(quota.burst());
      Decision before = limiter.peek();
      for (long permits : new long[] {quota.burst() + 1, quota.burst() * 2 + 1, Long.MAX_VALUE}) {
        Decision never = limiter.decide(permits);
        assertThat(never.outcome()).isEqualTo(Decision.Outcome.NEVER);
        assertThat(never.admitted()).isFalse();
        assertThat(never.retryAfterNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(never.remaining()).isEqualTo(before.remaining());
        assertThat(limiter.peek(permits)).as("%s, seed %d", quota, seed).isEqualTo(never);
        assertThat(limiter.tryAcquire(permits)).isFalse();
        assertThat(reserves() && limiter.reserve(permits).admitted()).isFalse();
      }
      assertThat(limiter.peek()).as("%s, seed %d", quota, seed).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void tryAcquire_nPermits_equalsNTimesOne(Quota quota) {
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      Schedule schedule = new Schedule(random, quota);
      RateLimiter atOnce = limiter(quota, schedule.ticker);
      RateLimiter oneByOne = limiter(quota, schedule.ticker);
      for (int round = 0; round < 20; round++) {
        schedule.step();
        long permits = 1 + random.nextLong(Math.min(quota.burst(), 20));
        if (atOnce.tryAcquire(permits)) {
          for (long i = 0; i < permits; i++) {
            assertThat(oneByOne.tryAcquire()).as("%s, seed %d", quota, seed).isTrue();
          }
        } else {
          assertThat(oneByOne.tryAcquire(permits)).as("%s, seed %d", quota, seed).isFalse();
        }
        assertThat(oneByOne.peek()).as("%s, seed %d", quota, seed).isEqualTo(atOnce.peek());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void resetAfter_whenPassed_leavesAFreshLimiterAndNotBefore(Quota quota) {
    for (long seed = 0; seed < SEEDS; seed++) {
      Schedule schedule = new Schedule(Subject.random(quota, seed), quota);
      RateLimiter limiter = limiter(quota, schedule.ticker);
      Subject.use(limiter, schedule, 1 + (int) (seed % 8));
      limiter.tryAcquire();
      long reset = limiter.peek().resetAfterNanos();
      assertThat(reset).as("%s, seed %d", quota, seed).isPositive();
      schedule.ticker.advanceNanos(reset - 1);
      assertThat(limiter.peek().resetAfterNanos()).as("%s, seed %d", quota, seed).isEqualTo(1);
      schedule.ticker.advanceNanos(1);
      RateLimiter fresh = limiter(quota, schedule.ticker);
      assertThat(limiter.peek()).as("%s, seed %d", quota, seed).isEqualTo(fresh.peek());
      assertThat(limiter.peek().resetAfterNanos()).isZero();
      assertThat(limiter.tryAcquire(quota.burst())).as("%s, seed %d", quota, seed).isTrue();
      assertThat(limiter.tryAcquire()).as("%s, seed %d", quota, seed).isFalse();
    }
  }

  @Test
  default void everyCall_permitsBelowOne_isRejectedByName() {
    Quota quota = quotas().get(0);
    RateLimiter limiter = limiter(quota, new ManualTicker());
    for (long permits : new long[] {0, -1, Long.MIN_VALUE}) {
      for (ThrowingCallable call :
          new ThrowingCallable[] {
            () -> limiter.tryAcquire(permits),
            () -> limiter.decide(permits),
            () -> limiter.peek(permits),
            () -> limiter.giveBack(permits)
          }) {
        assertThatIllegalArgumentException()
            .isThrownBy(call)
            .withMessage("permits: " + permits + " (expected: at least 1)");
      }
      if (reserves()) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> limiter.reserve(permits))
            .withMessage("estimate: " + permits + " (expected: at least 1)");
      }
    }
    assertThat(limiter.peek().remaining()).isEqualTo(quota.burst());
  }

  @ParameterizedTest
  @MethodSource("quotas")
  default void quota_always_isTheOneGiven(Quota quota) {
    assertThat(limiter(quota, new ManualTicker()).quota()).isEqualTo(quota);
  }
}

package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The token bucket against one in exact fractions that keeps a level, as the textbooks do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GcraModelTest {

  List<Quota> quotas() {
    return Quotas.BUCKETS;
  }

  /** A level in fractions of a permit: {@code 1 / window} of one is the unit. */
  private static final class ExactBucket {
    final BigInteger permits;
    final BigInteger window;
    final BigInteger capacity;
    BigInteger level;

    ExactBucket(Quota quota) {
      permits = BigInteger.valueOf(quota.permits());
      window = BigInteger.valueOf(Quotas.windowNanos(quota));
      capacity = BigInteger.valueOf(quota.burst()).multiply(window);
      level = capacity;
    }

    void pass(long nanos) {
      level = level.add(permits.multiply(BigInteger.valueOf(nanos))).min(capacity);
    }

    BigInteger cost(long count) {
      return window.multiply(BigInteger.valueOf(count));
    }

    boolean has(long count) {
      return level.compareTo(cost(count)) >= 0;
    }

    void take(long count) {
      level = level.subtract(cost(count));
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  void tryAcquire_comparedWithAnExactBucket_neverAdmitsMoreAndLagsByItsRoundingOnly(Quota quota) {
    for (long seed = 0; seed < 40; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      ManualTicker ticker = new ManualTicker(Schedule.anyStart(random));
      RateLimiter limiter = TokenBucket.of(quota, ticker);
      ExactBucket model = new ExactBucket(quota);
      // Permits since the bucket was last full: each may have cost up to 1/64 ns too much.
      BigInteger rounded = BigInteger.ZERO;
      for (int call = 0; call < 200; call++) {
        long step = random.nextInt(3) == 0 ? 0 : someStep(random, quota, limiter);
        ticker.advanceNanos(step);
        model.pass(step);
        if (limiter.peek().resetAfterNanos() == 0) {
          rounded = BigInteger.ZERO;
          assertThat(model.level).isEqualTo(model.capacity);
        }
        long permits = Subject.somePermits(random, quota.burst());
        if (limiter.tryAcquire(permits)) {
          assertThat(model.has(permits)).as("%s, seed %d, call %d", quota, seed, call).isTrue();
          model.take(permits);
          rounded = rounded.add(BigInteger.valueOf(permits));
        } else {
          // level < cost + the rate for 1/64 ns a permit, multiplied by 64
          BigInteger slack = model.permits.multiply(rounded.add(BigInteger.valueOf(quota.burst())));
          assertThat(model.level.shiftLeft(6))
              .as("%s, seed %d, call %d", quota, seed, call)
              .isLessThan(model.cost(permits).shiftLeft(6).add(slack));
        }
      }
    }
  }

  /** Often exactly as long as a wait, or a nanosecond to either side of it. */
  private static long someStep(RandomGenerator random, Quota quota, RateLimiter limiter) {
    long wait = limiter.peek(1 + random.nextLong(quota.burst())).retryAfterNanos();
    return switch (random.nextInt(5)) {
      case 0 -> random.nextLong(3);
      case 1 -> random.nextLong(2 * Quotas.intervalNanos(quota)) + 1;
      case 2 -> wait;
      case 3 -> wait + 1;
      default -> Math.max(0, wait - 1);
    };
  }

  @ParameterizedTest
  @MethodSource("quotas")
  void tryAcquire_greedilyForLong_getsTheRateLessItsStatedError(Quota quota) {
    ManualTicker ticker = new ManualTicker();
    RateLimiter limiter = TokenBucket.of(quota, ticker);
    assertThat(limiter.tryAcquire(quota.burst())).isTrue();
    long step = Quotas.intervalNanos(quota) * Math.max(1, quota.burst() / 2) / 3 + 1;
    BigInteger admitted = BigInteger.ZERO;
    for (int i = 0; i < 2_000; i++) {
      ticker.advanceNanos(step);
      long remaining = limiter.peek().remaining();
      if (remaining > 0 && limiter.tryAcquire(remaining)) {
        admitted = admitted.add(BigInteger.valueOf(remaining));
      }
    }
    double exact = 2_000.0 * step * quota.permits() / Quotas.windowNanos(quota);
    assertThat(admitted.doubleValue())
        .as("%s: %s of %s", quota, admitted, exact)
        .isLessThanOrEqualTo(exact + 1)
        .isGreaterThanOrEqualTo(exact * (1 - quota.rateError()) * (1 - 1e-12) - 1);
  }
}

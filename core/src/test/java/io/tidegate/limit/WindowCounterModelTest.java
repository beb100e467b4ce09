package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The counting window against its documented estimate in exact fractions over a full history. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WindowCounterModelTest {

  List<Quota> quotas() {
    return Quotas.COUNTERS;
  }

  /** Every window's count, and {@code estimate = previous * (w - e) / w + current}. */
  private static final class ExactEstimate {
    final long unit;
    final long length;
    final BigInteger permits;
    final Map<Long, Long> counts = new HashMap<>();

    ExactEstimate(Quota quota) {
      long nanos = Quotas.windowNanos(quota);
      long unit = 1;
      while (nanos / unit >= 1L << 42) {
        unit *= 2;
      }
      this.unit = unit;
      this.length = (nanos + unit - 1) / unit;
      this.permits = BigInteger.valueOf(quota.permits());
    }

    /** What an admission of so many would bring the estimate to, times w. */
    BigInteger estimate(long elapsedNanos, long more) {
      long units = elapsedNanos / unit;
      long index = units / length;
      BigInteger previous = BigInteger.valueOf(counts.getOrDefault(index - 1, 0L));
      BigInteger current = BigInteger.valueOf(counts.getOrDefault(index, 0L) + more);
      return previous
          .multiply(BigInteger.valueOf(length - units % length))
          .add(current.multiply(BigInteger.valueOf(length)));
    }

    boolean admits(long elapsedNanos, long count) {
      BigInteger most = permits.multiply(BigInteger.valueOf(length));
      return estimate(elapsedNanos, count).compareTo(most) <= 0;
    }

    void admit(long elapsedNanos, long count) {
      counts.merge(elapsedNanos / unit / length, count, Long::sum);
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  void tryAcquire_underARunningClock_decidesByTheExactEstimate(Quota quota) {
    int refusals = 0;
    for (long seed = 0; seed < 60; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      ManualTicker ticker = new ManualTicker(Schedule.anyStart(random));
      RateLimiter limiter = SlidingWindow.counter(quota, ticker);
      ExactEstimate model = new ExactEstimate(quota);
      long elapsed = 0;
      for (int call = 0; call < 200; call++) {
        long permits = Subject.somePermits(random, quota.permits());
        long step = someStep(random, quota, limiter.peek(permits));
        elapsed += step;
        ticker.advanceNanos(step);
        boolean admitted = limiter.tryAcquire(permits);
        assertThat(admitted)
            .as("%s, seed %d, call %d", quota, seed, call)
            .isEqualTo(model.admits(elapsed, permits));
        if (admitted) {
          model.admit(elapsed, permits);
        } else {
          refusals++;
        }
      }
    }
    assertThat(refusals).isGreaterThan(100);
  }

  private static long someStep(RandomGenerator random, Quota quota, Decision peeked) {
    return switch (random.nextInt(6)) {
      case 0 -> peeked.retryAfterNanos();
      case 1 -> Math.max(0, peeked.retryAfterNanos() - 1);
      case 2 -> random.nextLong(Quotas.windowNanos(quota));
      case 3 -> random.nextInt(10) == 0 ? 3 * Quotas.windowNanos(quota) : 0;
      default -> random.nextLong(2 * Quotas.intervalNanos(quota));
    };
  }

  @ParameterizedTest
  @MethodSource("quotas")
  void tryAcquire_greedilyForLong_getsTheWholeRate(Quota quota) {
    ManualTicker ticker = new ManualTicker();
    RateLimiter limiter = SlidingWindow.counter(quota, ticker);
    long admitted = 0;
    long steps = 40 * 7;
    for (int i = 0; i < steps; i++) {
      long remaining = limiter.peek().remaining();
      if (remaining > 0 && limiter.tryAcquire(remaining)) {
        admitted += remaining;
      }
      ticker.advanceNanos(Quotas.windowNanos(quota) / 7);
    }
    // A burst at the start of a window blocks most of the next, so the worst case is below the
    // rate.
    assertThat(admitted).as("%s", quota).isBetween(40 * quota.permits() / 2, 41 * quota.permits());
  }

  @Test
  void giveBack_moreThanTheWindowHolds_takesTheRestFromTheOneBefore() {
    ManualTicker ticker = new ManualTicker();
    RateLimiter limiter = SlidingWindow.counter(Quota.perSecond(10), ticker);
    Reservation four = limiter.reserve(4);
    assertThat(limiter.tryAcquire(4)).isTrue();
    ticker.advanceNanos(1_000_000_000);
    assertThat(limiter.tryAcquire(2)).isTrue();
    assertThat(limiter.peek().remaining()).isZero();
    four.cancel();
    assertThat(limiter.peek().remaining()).isEqualTo(4);
    limiter.giveBack(3); // two from this window, one from the other
    assertThat(limiter.peek().remaining()).isEqualTo(7);
    limiter.giveBack(9); // there are but three
    assertThat(limiter.peek().remaining()).isEqualTo(10);
  }
}

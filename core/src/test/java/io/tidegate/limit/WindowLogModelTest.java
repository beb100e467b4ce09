package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The exact window against a list of all that was ever admitted, counted window by window. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WindowLogModelTest {

  List<Quota> quotas() {
    return Quotas.LOGS;
  }

  /** Permits that are in use, by the time at which they were taken. */
  private static final class Use {
    final long time;
    long permits;

    Use(long time, long permits) {
      this.time = time;
      this.permits = permits;
    }
  }

  private static long inWindowUntil(List<Use> uses, long time, long window) {
    return uses.stream()
        .filter(use -> use.time > time - window && use.time <= time)
        .mapToLong(use -> use.permits)
        .sum();
  }

  @ParameterizedTest
  @MethodSource("quotas")
  void tryAcquire_underARunningClock_admitsExactlyWhatEveryWindowAllows(Quota quota) {
    long window = Quotas.windowNanos(quota);
    for (long seed = 0; seed < 30; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      ManualTicker ticker = new ManualTicker(Schedule.anyStart(random));
      RateLimiter limiter = SlidingWindow.log(quota, ticker);
      List<Use> uses = new ArrayList<>();
      long now = 0;
      for (int call = 0; call < 150; call++) {
        long permits = Subject.somePermits(random, quota.permits());
        long step = someStep(random, quota, limiter.peek(permits));
        now += step;
        ticker.advanceNanos(step);
        boolean expected = inWindowUntil(uses, now, window) + permits <= quota.permits();
        assertThat(limiter.tryAcquire(permits))
            .as("%s, seed %d, call %d", quota, seed, call)
            .isEqualTo(expected);
        if (expected) {
          uses.add(new Use(now, permits));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("quotas")
  void reserve_settledLate_neverUsesMoreThanThePermitsInAnyWindow(Quota quota) {
    record Open(Reservation reservation, Use use) {}
    long window = Quotas.windowNanos(quota);
    for (long seed = 0; seed < 40; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      ManualTicker ticker = new ManualTicker(Schedule.anyStart(random));
      RateLimiter limiter = SlidingWindow.log(quota, ticker);
      List<Use> uses = new ArrayList<>();
      List<Open> open = new ArrayList<>();
      long now = 0;
      for (int call = 0; call < 150; call++) {
        long permits = Subject.somePermits(random, quota.permits());
        long step = someStep(random, quota, limiter.peek(permits));
        now += step;
        ticker.advanceNanos(step);
        if (random.nextInt(3) > 0) {
          Reservation reservation = limiter.reserve(permits);
          if (reservation.admitted()) {
            Use use = new Use(now, permits);
            uses.add(use);
            open.add(new Open(reservation, use));
          }
        } else if (!open.isEmpty()) {
          Open settled = open.remove(random.nextInt(open.size()));
          settled.use.permits = random.nextLong(settled.use.permits + 1);
          settled.reservation.settle(settled.use.permits);
        }
      }
      for (Use last : uses) {
        assertThat(inWindowUntil(uses, last.time, window))
            .as("%s, seed %d, window that ends at %d", quota, seed, last.time)
            .isLessThanOrEqualTo(quota.permits());
      }
    }
  }

  private static long someStep(RandomGenerator random, Quota quota, Decision peeked) {
    return switch (random.nextInt(6)) {
      case 0 -> peeked.retryAfterNanos();
      case 1 -> Math.max(0, peeked.retryAfterNanos() - 1);
      case 2 -> random.nextLong(Quotas.windowNanos(quota));
      case 3 -> 0;
      default -> random.nextLong(2 * Quotas.intervalNanos(quota));
    };
  }

  @Test
  void giveBack_permitsThatStillCount_neverUsesMoreThanThePermitsInAnyWindow() {
    ManualTicker ticker = new ManualTicker();
    RateLimiter limiter = SlidingWindow.log(Quota.perSecond(2), ticker);
    assertThat(limiter.tryAcquire()).isTrue();
    ticker.advanceNanos(900_000_000);
    assertThat(limiter.tryAcquire()).isTrue();
    limiter.giveBack(1); // the first
    assertThat(limiter.tryAcquire()).isTrue();
    ticker.advanceNanos(100_000_000);
    // Two of them were used 0.1 seconds ago.
    assertThat(limiter.tryAcquire()).isFalse();
  }

  @Test
  void cancel_ofPermitsThatLeftTheWindow_returnsNobodyElsesPermits() {
    ManualTicker ticker = new ManualTicker();
    RateLimiter limiter = SlidingWindow.log(Quota.perSecond(3), ticker);
    Reservation first = limiter.reserve(3);
    ticker.advanceNanos(1_000_000_000);
    assertThat(limiter.tryAcquire(3)).isTrue();
    first.cancel();
    assertThat(limiter.tryAcquire()).isFalse();
  }

  @Test
  void copy_ofALogInAnyState_owesTheSameAndGoesItsOwnWay() {
    WindowLog limit = new WindowLog(Quota.perSecond(6));
    for (long seed = 0; seed < 50; seed++) {
      RandomGenerator random = Subject.random(limit.quota, seed);
      ManualTicker ticker = new ManualTicker(random.nextLong());
      WindowLog.Log log = limit.fresh(ticker.read());
      for (int call = 0; call < 30; call++) {
        ticker.advanceNanos(random.nextLong(400_000_000));
        limit.tryAcquire(log, ticker, ticker.read(), 1 + random.nextInt(3));
        WindowLog.Log copy = limit.copy(log);
        for (long permits = 1; permits <= 6; permits++) {
          assertThat(limit.peek(copy, ticker, ticker.read(), permits))
              .as("seed %d, call %d", seed, call)
              .isEqualTo(limit.peek(log, ticker, ticker.read(), permits));
        }
        // A charge of the copy, even one that fills its ring, leaves the log's times alone.
        List<Decision> before = answers(limit, log, ticker);
        limit.debit(copy, ticker, ticker.read() + 1, 6);
        assertThat(answers(limit, log, ticker))
            .as("seed %d, call %d", seed, call)
            .isEqualTo(before);
      }
    }
  }

  private static List<Decision> answers(WindowLog limit, WindowLog.Log log, ManualTicker ticker) {
    return LongStream.rangeClosed(1, 6)
        .mapToObj(permits -> limit.peek(log, ticker, ticker.read(), permits))
        .toList();
  }
}

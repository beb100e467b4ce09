package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where numbers end: clocks that wrap around, years without a call, the largest quotas. */
class ExtremesTest {

  private static final long YEAR = Duration.ofDays(365).toNanos();
  private static final Quota THREE = Quota.perSecond(3);

  @Test
  void everyLimiter_acrossTheEndOfTheRange_countsOn() {
    for (long before = 0; before < 3; before++) {
      ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - before);
      for (RateLimiter limiter :
          List.of(
              TokenBucket.of(THREE, ticker),
              SlidingWindow.counter(THREE, ticker),
              SlidingWindow.log(THREE, ticker))) {
        assertThat(limiter.tryAcquire(3)).isTrue();
        assertThat(limiter.tryAcquire()).isFalse();
        ticker.advanceNanos(before + 1);
        assertThat(ticker.read()).isNegative();
        assertThat(limiter.tryAcquire()).as("%s", limiter).isFalse();
        ticker.advanceNanos(2_000_000_000);
        assertThat(limiter.tryAcquire(3)).as("%s", limiter).isTrue();
        ticker.set(Long.MAX_VALUE - before);
      }
    }
  }

  @Test
  void bucket_untouchedForFourYears_isFresh() {
    ManualTicker ticker = new ManualTicker(-1);
    RateLimiter limiter = TokenBucket.of(THREE, ticker);
    limiter.tryAcquire(3);
    ticker.advanceNanos(4 * YEAR);
    assertThat(limiter.peek(3)).isEqualTo(TokenBucket.of(THREE, ticker).peek(3));
  }

  @Test
  void bucket_untouchedForLonger_isInFullDebtOnceAtMost() {
    for (int years = 5; years < 30; years++) {
      ManualTicker ticker = new ManualTicker(years);
      RateLimiter limiter = TokenBucket.of(THREE, ticker);
      limiter.tryAcquire(3);
      ticker.advanceNanos(years * YEAR);
      assertThat(limiter.decide().retryAfterNanos()).isLessThan(1_000_000_000);
      ticker.advanceNanos(1_000_000_000);
      assertThat(limiter.tryAcquire()).as("after %d years", years).isTrue();
    }
  }

  @Test
  void counter_untouchedForFourMillionWindows_isFresh() {
    ManualTicker ticker = new ManualTicker();
    RateLimiter limiter = SlidingWindow.counter(THREE, ticker);
    limiter.tryAcquire(3);
    ticker.advance(Duration.ofSeconds(1 << 22));
    assertThat(limiter.peek(3).resetAfterNanos()).isZero();
    assertThat(limiter.tryAcquire(3)).isTrue();
  }

  @Test
  void counter_untouchedForLonger_isFullOnceForTwoWindowsAtMost() {
    for (int million = 8; million < 60; million++) {
      ManualTicker ticker = new ManualTicker();
      RateLimiter limiter = SlidingWindow.counter(THREE, ticker);
      limiter.tryAcquire(3);
      ticker.advance(Duration.ofSeconds(million * 1_048_576L));
      limiter.decide();
      ticker.advance(Duration.ofSeconds(2));
      assertThat(limiter.tryAcquire(3)).as("after %d million windows", million).isTrue();
    }
  }

  @Test
  void bucket_ofTheLargestBurst_takesItAllAtOnceAndWaitsAYearForIt() {
    long days366 = Duration.ofDays(366).toNanos();
    Quota quota = Quota.perSecond(1_000_000_000).withBurst(days366);
    ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - 1);
    RateLimiter limiter = TokenBucket.of(quota, ticker);
    Reservation all = limiter.reserve(days366);
    assertThat(all.decision()).isEqualTo(new Decision(Decision.Outcome.ADMITTED, 0, 0, days366));
    assertThat(limiter.decide(days366).retryAfterNanos()).isEqualTo(days366);
    assertThat(limiter.decide(days366 + 1).outcome()).isEqualTo(Decision.Outcome.NEVER);
    all.settle(Long.MAX_VALUE);
    assertThat(limiter.peek().resetAfterNanos()).isEqualTo(2 * days366);
    limiter.giveBack(Long.MAX_VALUE);
    assertThat(limiter.peek().remaining()).isEqualTo(days366);
  }

  @Test
  void window_ofOneNanosecond_admitsOneInEach() {
    Quota quota = Quota.of(1, Duration.ofNanos(1));
    ManualTicker ticker = new ManualTicker();
    for (RateLimiter limiter :
        List.of(
            TokenBucket.of(quota, ticker),
            SlidingWindow.counter(quota, ticker),
            SlidingWindow.log(quota, ticker))) {
      for (int i = 0; i < 20; i++) {
        assertThat(limiter.tryAcquire()).as("%s", limiter).isEqualTo(true);
        assertThat(limiter.decide().admitted()).as("%s", limiter).isFalse();
        // A counter takes the last window's as evenly spread, and waits for all of it to fade.
        ticker.advanceNanos(limiter.peek().retryAfterNanos());
      }
    }
  }

  @Test
  void manualTicker_movedAnyWay_readsWhatItWasMovedTo() {
    ManualTicker ticker = new ManualTicker();
    assertThat(ticker.read()).isZero();
    assertThat(ticker.advance(Duration.ofMillis(2)).read()).isEqualTo(2_000_000);
    assertThat(ticker.advanceNanos(-2_000_001).read()).isEqualTo(-1);
    ticker.set(Long.MAX_VALUE);
    assertThat(ticker.advanceNanos(1).read()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void systemTicker_always_isTheSameAndGoesOn() {
    assertThat(Ticker.system()).isSameAs(Ticker.system());
    long first = Ticker.system().read();
    assertThat(Ticker.system().read() - first).isNotNegative();
    assertThat(System.nanoTime() - first).isBetween(0L, Duration.ofMinutes(1).toNanos());
  }

  @Test
  void decision_asDurations_saysTheSame() {
    Decision refused = new Decision(Decision.Outcome.REFUSED, 2, 1_500_000_000, 3_000_000_001L);
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofMillis(1_500));
    assertThat(refused.resetAfter()).isEqualTo(Duration.ofSeconds(3, 1));
    assertThat(refused.admitted()).isFalse();
  }
}

package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CoarseTickerTest {

  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  @Test
  void read_betweenTwoTicks_doesNotAskTheClock() {
    ManualTicker clock = new ManualTicker(Long.MAX_VALUE);
    CoarseTicker coarse = new CoarseTicker(clock);
    clock.advanceNanos(7);
    assertThat(coarse.read()).isEqualTo(Long.MAX_VALUE);
    coarse.tick();
    assertThat(coarse.read()).isEqualTo(Long.MAX_VALUE + 7);
  }

  @Test
  void read_afterClose_asksTheClockItself() {
    ManualTicker clock = new ManualTicker();
    CoarseTicker coarse = new CoarseTicker(clock);
    coarse.close();
    coarse.close();
    clock.advanceNanos(9);
    assertThat(coarse.read()).isEqualTo(clock.read());
  }

  @Test
  void limiter_onIt_admitsNoMoreThanOnTheClock() {
    ManualTicker clock = new ManualTicker();
    CoarseTicker coarse = new CoarseTicker(clock);
    RateLimiter limiter = TokenBucket.of(Quota.perSecond(1), coarse);
    assertThat(limiter.tryAcquire()).isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(limiter.tryAcquire()).as("before the tick").isFalse();
    coarse.tick();
    assertThat(limiter.tryAcquire()).as("after it").isTrue();
  }

  @Test
  @Timeout(60)
  void started_keepsUpWithTheClockUntilItIsClosed() throws InterruptedException {
    Thread thread;
    try (CoarseTicker coarse = Ticker.coarse()) {
      long start = coarse.read();
      while (coarse.read() == start) {
        Thread.onSpinWait();
      }
      assertThat(System.nanoTime() - coarse.read()).isBetween(0L, MINUTE);
      thread =
          Thread.getAllStackTraces().keySet().stream()
              .filter(candidate -> candidate.getName().equals("tidegate-ticker"))
              .findAny()
              .orElseThrow();
      assertThat(thread.isDaemon()).isTrue();
      assertThat(thread.getContextClassLoader()).isNull();
    }
    thread.join();
  }
}

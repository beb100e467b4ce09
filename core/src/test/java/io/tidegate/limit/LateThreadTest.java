package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A thread reads the clock, is held up for long, and goes on with its old reading after a quicker
 * one has used the limiter: it must not undo what the quicker one did.
 */
class LateThreadTest {

  private static final Quota QUOTA = Quota.perSecond(3);
  private static final long LONG = 100_000_000_000L;

  static Stream<Named<BiFunction<Quota, Ticker, RateLimiter>>> limiters() {
    return Stream.of(
        Named.of("bucket", TokenBucket::of),
        Named.of("counter", SlidingWindow::counter),
        Named.of("log", SlidingWindow::log),
        Named.of("keyed bucket", (quota, ticker) -> keyed(TokenBucket::keyed, ticker)),
        Named.of("keyed counter", (quota, ticker) -> keyed(SlidingWindow::keyedCounter, ticker)),
        Named.of("keyed log", (quota, ticker) -> keyed(SlidingWindow::keyedLog, ticker)),
        Named.of("crowded bucket", (quota, ticker) -> CrowdedLimiter.of(new Gcra(quota), ticker)));
  }

  private static RateLimiter keyed(
      BiFunction<Quota, KeyFunnel<String>, KeyedRateLimiter.Builder<String>> kind, Ticker ticker) {
    return kind.apply(QUOTA, KeyFunnel.ofString()).ticker(ticker).build().limiter("key");
  }

  @ParameterizedTest
  @MethodSource("limiters")
  void anyCall_withAnOldReading_freesNoPermit(BiFunction<Quota, Ticker, RateLimiter> kind) {
    List<Consumer<RateLimiter>> calls =
        List.of(
            RateLimiter::tryAcquire,
            RateLimiter::decide,
            RateLimiter::peek,
            limiter -> limiter.tryAcquire(3),
            limiter -> limiter.decide(4),
            limiter -> limiter.reserve(1).cancel(),
            limiter -> limiter.reserve(1).settle(9));
    for (int i = 0; i < calls.size(); i++) {
      ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - LONG / 2);
      LateReader late = new LateReader(ticker);
      RateLimiter limiter = kind.apply(QUOTA, late);
      limiter.tryAcquire();
      holdUp(late, ticker, limiter);
      calls.get(i).accept(limiter);
      assertThat(limiter.tryAcquire()).as("after call %d", i).isFalse();
      ticker.advanceNanos(2_000_000_000);
      assertThat(limiter.tryAcquire(3)).as("after call %d, two seconds later", i).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("limiters")
  void settle_withAnOldReading_isStillCharged(BiFunction<Quota, Ticker, RateLimiter> kind) {
    ManualTicker ticker = new ManualTicker();
    LateReader late = new LateReader(ticker);
    RateLimiter limiter = kind.apply(QUOTA, late);
    Reservation reservation = limiter.reserve(1);
    late.holdUpNextReader(
        () -> {
          ticker.advanceNanos(LONG);
          limiter.tryAcquire();
        });
    reservation.settle(2);
    assertThat(limiter.peek().remaining()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("limiters")
  void cancel_withAnOldReading_returnsNoMoreThanItTook(
      BiFunction<Quota, Ticker, RateLimiter> kind) {
    ManualTicker ticker = new ManualTicker();
    LateReader late = new LateReader(ticker);
    RateLimiter limiter = kind.apply(QUOTA, late);
    Reservation reservation = limiter.reserve(1);
    holdUp(late, ticker, limiter);
    reservation.cancel();
    assertThat(limiter.peek().remaining()).isLessThanOrEqualTo(1);
    assertThat(limiter.tryAcquire(2)).isFalse();
  }

  private static void holdUp(LateReader late, ManualTicker ticker, RateLimiter limiter) {
    late.holdUpNextReader(
        () -> {
          ticker.advanceNanos(LONG);
          assertThat(limiter.tryAcquire(3)).isTrue();
        });
  }
}

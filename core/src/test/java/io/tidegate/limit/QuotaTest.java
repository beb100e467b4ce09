package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a quota accepts, what it says to the rest, and the error that it states. */
class QuotaTest {

  private static final Duration LONGEST = Duration.ofDays(366);

  private static Arguments rejected(String message, ThrowingCallable call) {
    return Arguments.of(message, call);
  }

  static Stream<Arguments> rejections() {
    Duration second = Duration.ofSeconds(1);
    return Stream.of(
        rejected("permits: 0 (expected: at least 1)", () -> Quota.perSecond(0)),
        rejected("permits: -5 (expected: at least 1)", () -> Quota.of(-5, second)),
        rejected(
            "permits: -9223372036854775808 (expected: at least 1)",
            () -> new Quota(Long.MIN_VALUE, second, 1)),
        rejected("burst: 0 (expected: at least 1)", () -> Quota.perDay(9).withBurst(0)),
        rejected("burst: -1 (expected: at least 1)", () -> Quota.perDay(9).withBurst(-1)),
        rejected(
            "window: PT0S (expected: PT0.000000001S to 366 days)",
            () -> Quota.of(1, Duration.ZERO)),
        rejected(
            "window: PT-1S (expected: PT0.000000001S to 366 days)",
            () -> Quota.of(1, Duration.ofSeconds(-1))),
        rejected(
            "window: PT8784H0.000000001S (expected: PT0.000000001S to 366 days)",
            () -> Quota.of(1, LONGEST.plusNanos(1))),
        rejected(
            "window: "
                + Duration.ofSeconds(Long.MAX_VALUE)
                + " (expected: PT0.000000001S to 366 days)",
            () -> Quota.of(1, Duration.ofSeconds(Long.MAX_VALUE))),
        rejected(
            "permits: 1000000001 per PT1S (expected: at most one per nanosecond)",
            () -> Quota.perSecond(1_000_000_001)),
        rejected(
            "permits: 9223372036854775807 per PT24H (expected: at most one per nanosecond)",
            () -> Quota.perDay(Long.MAX_VALUE)),
        rejected(
            "burst: 367 of 1 per PT24H (expected: a burst that comes back within 366 days)",
            () -> Quota.perDay(1).withBurst(367)),
        rejected(
            "burst: 9223372036854775807 of 1 per PT0.000000001S"
                + " (expected: a burst that comes back within 366 days)",
            () -> new Quota(1, Duration.ofNanos(1), Long.MAX_VALUE)));
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void quota_outOfRange_isRejectedWithValueAndRule(String message, ThrowingCallable call) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

  @Test
  void quota_withoutWindow_isRejectedByName() {
    assertThatNullPointerException().isThrownBy(() -> Quota.of(1, null)).withMessage("window");
  }

  @Test
  void quota_atItsLimits_isAccepted() {
    assertThat(Quota.of(1, Duration.ofNanos(1)).burst()).isEqualTo(1);
    assertThat(Quota.perSecond(1_000_000_000).burst()).isEqualTo(1_000_000_000);
    assertThat(Quota.perDay(1).withBurst(366).burst()).isEqualTo(366);
    assertThat(Quota.of(LONGEST.toNanos(), LONGEST).burst()).isEqualTo(LONGEST.toNanos());
    // The interval is rounded up, but the limit speaks of the quota as written.
    for (long permits : new long[] {1, 3, 7, 11, 1_000_003, LONGEST.toNanos() - 1}) {
      assertThat(Quota.of(permits, LONGEST).burst()).isEqualTo(permits);
    }
  }

  @Test
  void factories_always_giveTheirWindowAndABurstOfAllPermits() {
    assertThat(Quota.perSecond(5)).isEqualTo(new Quota(5, Duration.ofSeconds(1), 5));
    assertThat(Quota.perMinute(5)).isEqualTo(new Quota(5, Duration.ofSeconds(60), 5));
    assertThat(Quota.perHour(5)).isEqualTo(new Quota(5, Duration.ofSeconds(3_600), 5));
    assertThat(Quota.perDay(5)).isEqualTo(new Quota(5, Duration.ofSeconds(86_400), 5));
    assertThat(Quota.perDay(5).withBurst(2)).isEqualTo(new Quota(5, Duration.ofDays(1), 2));
  }

  @Test
  void toString_always_saysTheBurstOnlyIfItIsAnother() {
    assertThat(Quota.perMinute(60)).hasToString("60 per PT1M");
    assertThat(Quota.perMinute(60).withBurst(5)).hasToString("60 per PT1M, burst 5");
  }

  @Test
  void rateError_always_isThatOfTheIntervalInSixtyFourthsOfANanosecond() {
    for (Quota quota : Quotas.BUCKETS) {
      BigDecimal exact =
          BigDecimal.valueOf(Quotas.windowNanos(quota))
              .multiply(BigDecimal.valueOf(64))
              .divide(BigDecimal.valueOf(quota.permits()), MathContext.DECIMAL128);
      BigDecimal rounded = exact.setScale(0, java.math.RoundingMode.CEILING);
      double error =
          BigDecimal.ONE.subtract(exact.divide(rounded, MathContext.DECIMAL128)).doubleValue();
      assertThat(quota.rateError()).as("%s", quota).isCloseTo(error, within(1e-15));
      assertThat(quota.rateError()).isBetween(0.0, 1 / 64.0);
    }
    assertThat(Quota.perSecond(3).rateError()).isLessThan(5e-11).isPositive();
    assertThat(Quota.perSecond(1_000_000_000).rateError()).isZero();
    for (long permits = 1; permits <= 1_000; permits++) {
      assertThat(Quota.perSecond(permits).rateError()).isLessThan(1 / 64e6);
    }
  }

  @Test
  void windows_withAnotherBurstOrTooManyPermits_areRejected() {
    Quota burst = Quota.perSecond(5).withBurst(4);
    for (ThrowingCallable call :
        new ThrowingCallable[] {
          () -> SlidingWindow.counter(burst),
          () -> SlidingWindow.log(burst),
          () -> SlidingWindow.keyedCounter(burst, KeyFunnel.ofString()),
          () -> SlidingWindow.keyedLog(burst, KeyFunnel.ofString())
        }) {
      assertThatIllegalArgumentException()
          .isThrownBy(call)
          .withMessage("burst: 4 (expected: 5, as many as permits)");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SlidingWindow.counter(Quota.perDay(1_048_576)))
        .withMessage("permits: 1048576 (expected: at most 1048575 for a counter)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SlidingWindow.log(Quota.perDay(1_001)))
        .withMessage("permits: 1001 (expected: at most 1000 for a log)");
  }

  @Test
  void factories_withoutQuotaTickerOrFunnel_areRejectedByName() {
    Quota quota = Quota.perSecond(1);
    assertThatNullPointerException().isThrownBy(() -> TokenBucket.of(null)).withMessage("quota");
    assertThatNullPointerException()
        .isThrownBy(() -> SlidingWindow.counter(null))
        .withMessage("quota");
    assertThatNullPointerException().isThrownBy(() -> SlidingWindow.log(null)).withMessage("quota");
    assertThatNullPointerException()
        .isThrownBy(() -> TokenBucket.of(quota, null))
        .withMessage("ticker");
    assertThatNullPointerException()
        .isThrownBy(() -> SlidingWindow.counter(quota, null))
        .withMessage("ticker");
    assertThatNullPointerException()
        .isThrownBy(() -> SlidingWindow.log(quota, null))
        .withMessage("ticker");
    assertThatNullPointerException()
        .isThrownBy(() -> TokenBucket.keyed(quota, null))
        .withMessage("funnel");
    assertThatNullPointerException()
        .isThrownBy(() -> TokenBucket.keyed(null, KeyFunnel.ofString()))
        .withMessage("quota");
  }
}

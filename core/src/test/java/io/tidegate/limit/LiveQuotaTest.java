package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A quota that is changed while its keys go on. */
class LiveQuotaTest {

  private static final long SECOND = 1_000_000_000;

  private final ManualTicker ticker = new ManualTicker(-5);

  private KeyedRateLimiter<String> buckets(Quota quota) {
    return TokenBucket.keyed(quota, KeyFunnel.ofString()).ticker(ticker).maxKeys(100).build();
  }

  @Test
  void withQuota_more_countsWhatIsOwedInTime() {
    KeyedRateLimiter<String> slow = buckets(Quota.of(10, Duration.ofSeconds(10)));
    assertThat(slow.tryAcquire("key", 4)).isTrue();
    KeyedRateLimiter<String> fast = slow.withQuota(Quota.of(100, Duration.ofSeconds(10)));
    assertThat(fast.quota()).isEqualTo(Quota.of(100, Duration.ofSeconds(10)));
    // Four seconds are owed, which are forty permits of the new quota.
    assertThat(fast.peek("key", 1).remaining()).isEqualTo(60);
    assertThat(fast.tryAcquire("key", 60)).isTrue();
    assertThat(slow.tryAcquire("key")).as("both share what is owed").isFalse();
    assertThat(fast.keys()).isEqualTo(slow.keys()).isEqualTo(1);
  }

  @Test
  void withQuota_less_cutsADebtOfMoreThanTwiceItsLongestToThat() {
    KeyedRateLimiter<String> day = buckets(Quota.perDay(100));
    assertThat(day.tryAcquire("key", 100)).isTrue();
    KeyedRateLimiter<String> second = day.withQuota(Quota.perSecond(5));
    Decision cut = second.decide("key", 5);
    assertThat(cut.admitted()).isFalse();
    assertThat(cut.retryAfterNanos()).isEqualTo(SECOND);
    ticker.advanceNanos(SECOND);
    assertThat(second.tryAcquire("key", 5)).isTrue();
    assertThat(second.tryAcquire("key")).isFalse();
  }

  @Test
  void withQuota_longerDebts_keepsKeysForThem() {
    KeyedRateLimiter<String> second = buckets(Quota.perSecond(5));
    assertThat(second.tryAcquire("key")).isTrue();
    KeyedRateLimiter<String> day = second.withQuota(Quota.perDay(5));
    assertThat(day.tryAcquire("key", 4)).isTrue();
    for (int hour = 0; hour < 4; hour++) {
      ticker.advance(Duration.ofHours(1));
      // The old limiter does not know how long the new one keeps its keys, and may not shorten it.
      second.tryAcquire("key");
      second.reserve("key", 1).settle(3);
      day.cleanUp();
      assertThat(day.keys()).as("hour %d", hour).isEqualTo(1);
    }
    Quota fresh = Quota.perDay(5);
    assertThat(day.peek("key", 1).remaining()).isLessThan(fresh.burst());
  }

  @Test
  void withQuota_counterWithFewerPermits_admitsNoneUntilTheOldOnesFade() {
    KeyedRateLimiter<String> many =
        SlidingWindow.keyedCounter(Quota.perSecond(100), KeyFunnel.ofString())
            .ticker(ticker)
            .build();
    assertThat(many.tryAcquire("key", 100)).isTrue();
    KeyedRateLimiter<String> few = many.withQuota(Quota.perSecond(10));
    Decision refused = few.decide("key");
    assertThat(refused.remaining()).isZero();
    // 100 x (1 - e) <= 9 in the window after this one.
    assertThat(refused.retryAfterNanos()).isEqualTo(SECOND + SECOND * 91 / 100);
    ticker.advanceNanos(refused.retryAfterNanos() - 1);
    assertThat(few.tryAcquire("key")).isFalse();
    ticker.advanceNanos(1);
    assertThat(few.tryAcquire("key")).isTrue();
  }

  @Test
  void withQuota_logWithFewerOrMorePermits_countsTheSameTimes() {
    KeyedRateLimiter<String> four =
        SlidingWindow.keyedLog(Quota.perSecond(4), KeyFunnel.ofString()).ticker(ticker).build();
    assertThat(four.tryAcquire("key", 3)).isTrue();
    ticker.advanceNanos(SECOND / 2);
    assertThat(four.tryAcquire("key")).isTrue();
    assertThat(four.withQuota(Quota.perSecond(6)).peek("key", 1).remaining()).isEqualTo(2);
    KeyedRateLimiter<String> two = four.withQuota(Quota.perSecond(2));
    Decision refused = two.decide("key");
    assertThat(refused.remaining()).isZero();
    assertThat(refused.retryAfterNanos()).isEqualTo(SECOND / 2);
    ticker.advanceNanos(SECOND / 2);
    assertThat(two.tryAcquire("key")).isTrue();
    assertThat(two.tryAcquire("key")).isFalse();
  }

  @Test
  void withQuota_windowOfAnotherLength_isRejected() {
    Quota quota = Quota.perSecond(5);
    for (KeyedRateLimiter<String> keyed :
        List.of(
            SlidingWindow.keyedCounter(quota, KeyFunnel.ofString()).build(),
            SlidingWindow.keyedLog(quota, KeyFunnel.ofString()).build())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> keyed.withQuota(Quota.perMinute(5)))
          .withMessage("window: PT1M (expected: PT1S, as before)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> keyed.withQuota(quota.withBurst(4)))
          .withMessage("burst: 4 (expected: 5, as many as permits)");
      assertThatNullPointerException().isThrownBy(() -> keyed.withQuota(null)).withMessage("quota");
    }
  }

  @Test
  void withQuota_inACrowd_sharesTheOverflowToo() {
    KeyedRateLimiter<String> keyed =
        SharedPlaces.keyed(new Gcra(Quota.perSecond(10)), 1, WhenFull.SHARE, ticker);
    keyed.tryAcquire("holder");
    assertThat(keyed.tryAcquire("key", 10)).isTrue();
    KeyedRateLimiter<String> same = keyed.withQuota(Quota.perSecond(10));
    assertThat(same.tryAcquire("key")).isFalse();
    assertThat(same.crowdedOut()).isEqualTo(keyed.crowdedOut());
  }
}

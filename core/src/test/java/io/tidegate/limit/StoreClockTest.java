package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The store's time: with the ticker when it goes on, never back, and on at once after a leap. */
class StoreClockTest {

  private static final long YEAR = Duration.ofDays(365).toNanos();

  private final ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - 10);
  private final StoreClock clock = new StoreClock(ticker);

  private long raise() {
    return clock.raise(ticker.read());
  }

  @Test
  void raise_tickerGoesOn_goesWithIt() {
    assertThat(clock.latest()).isZero();
    ticker.advanceNanos(5);
    assertThat(raise()).isEqualTo(5);
    ticker.advanceNanos(YEAR);
    assertThat(raise()).isEqualTo(YEAR + 5);
    assertThat(clock.latest()).isEqualTo(YEAR + 5);
  }

  @Test
  void raise_tickerGoesBackALittle_waitsForIt() {
    ticker.advanceNanos(1_000);
    raise();
    ticker.advanceNanos(-300);
    assertThat(raise()).isEqualTo(700);
    assertThat(clock.latest()).isEqualTo(1_000);
    ticker.advanceNanos(200);
    raise();
    assertThat(clock.latest()).isEqualTo(1_000);
    ticker.advanceNanos(200);
    raise();
    assertThat(clock.latest()).isEqualTo(1_100);
  }

  @Test
  void raise_tickerLeapsBack_goesOnFromWhereItStands() {
    ticker.advanceNanos(YEAR);
    raise();
    ticker.advanceNanos(-YEAR);
    assertThat(clock.isLeapBack(clock.timeOf(ticker.read()))).isTrue();
    assertThat(raise()).isEqualTo(YEAR);
    assertThat(clock.isLeapBack(clock.timeOf(ticker.read()))).isFalse();
    ticker.advanceNanos(7);
    assertThat(raise()).isEqualTo(YEAR + 7);
  }

  @Test
  void raise_byALateThread_changesNothing() {
    long old = ticker.read();
    ticker.advanceNanos(YEAR);
    raise();
    assertThat(clock.raise(old)).isEqualTo(YEAR);
    assertThat(clock.latest()).isEqualTo(YEAR);
    ticker.advanceNanos(1);
    assertThat(raise()).isEqualTo(YEAR + 1);
  }

  @Test
  void raise_byALateThreadWithAReadingFromBeforeALeapBack_isNotALeapAhead() {
    ticker.advanceNanos(YEAR);
    raise();
    long beforeTheLeap = ticker.read();
    ticker.advanceNanos(-YEAR);
    raise();
    assertThat(clock.raise(beforeTheLeap)).isEqualTo(YEAR);
    assertThat(clock.latest()).isEqualTo(YEAR);
  }

  @Test
  void cleanUp_afterALeapAheadAndBack_dropsWhatIsPaidOff() {
    KeyedRateLimiter<String> keyed =
        TokenBucket.keyed(Quota.perSecond(3), KeyFunnel.ofString())
            .ticker(ticker)
            .maxKeys(11)
            .build();
    ticker.advanceNanos(YEAR);
    keyed.tryAcquire("at the wrong time");
    ticker.advanceNanos(-YEAR);
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 10; i++) {
        assertThat(keyed.tryAcquire("key " + round + "." + i, 3)).as("round %d", round).isTrue();
        assertThat(keyed.tryAcquire("key " + round + "." + i)).as("round %d", round).isFalse();
      }
      ticker.advanceNanos(3_000_000_000L);
    }
    assertThat(keyed.crowdedOut()).isZero();
    keyed.cleanUp();
    assertThat(keyed.keys()).isZero();
  }

  @Test
  void tryAcquire_clockLeapsBackOnly_dropsNoKeyThatStillCounts() {
    Quota quota = Quota.of(10, Duration.ofSeconds(10));
    for (long pause = 0; pause < 12; pause++) {
      KeyedRateLimiter<String> keyed =
          TokenBucket.keyed(quota, KeyFunnel.ofString()).ticker(ticker).build();
      Tally tally = new Tally(quota);
      assertThat(keyed.tryAcquire("key", 10)).isTrue();
      tally.admit(10, BigInteger.ZERO);
      keyed.cleanUp();
      ticker.advanceNanos(-YEAR);
      for (long second = 0; second < 30; second++) {
        if (second == pause) {
          keyed.cleanUp(); // the first writer that sees the leap
        }
        while (keyed.tryAcquire("key")) {
          tally.admit(1, BigInteger.valueOf(second * 1_000_000_000));
        }
        assertThat(tally.excess()).as("pause %d, second %d", pause, second).isZero();
        ticker.advanceNanos(1_000_000_000);
      }
    }
  }

  @Test
  void tryAcquire_firstCallAfterALeapBack_isNotForgotten() {
    Quota quota = Quota.of(10, Duration.ofSeconds(10));
    KeyedRateLimiter<String> keyed =
        TokenBucket.keyed(quota, KeyFunnel.ofString()).ticker(ticker).build();
    assertThat(keyed.tryAcquire("key")).isTrue();
    assertThat(keyed.tryAcquire("key", 5)).isTrue();
    ticker.advance(Duration.ofSeconds(9));
    keyed.tryAcquire("other");
    // Now the key owes nothing, and is kept for 3.5 more seconds.
    ticker.advance(Duration.ofMillis(-6_500));
    Tally tally = new Tally(quota);
    assertThat(keyed.tryAcquire("key", 6)).isTrue();
    tally.admit(6, BigInteger.ZERO);
    // New keys bring the store's clock up; the key itself is silent beyond its old deadline.
    keyed.tryAcquire("the first to see the leap");
    for (long half = 1; half < 40; half++) {
      ticker.advanceNanos(500_000_000);
      keyed.tryAcquire("other " + half);
      for (long permits = 10; half >= 8 && permits > 0; permits--) {
        if (keyed.tryAcquire("key", permits)) {
          tally.admit(permits, BigInteger.valueOf(half * 500_000_000));
        }
      }
      assertThat(tally.excess()).as("half second %d", half).isZero();
    }
  }

  @Test
  void newcomers_afterALeapAheadAndBackInAFullStore_findRoomOnceTheHolderOwesNothing() {
    for (WhenFull whenFull : WhenFull.values()) {
      KeyedRateLimiter<String> keyed =
          SharedPlaces.keyed(
              new Gcra(Quota.perSecond(3)), 1, whenFull, ticker.advance(Duration.ofDays(365)));
      keyed.tryAcquire("holder", 3);
      keyed.tryAcquire("newcomer");
      ticker.advance(Duration.ofDays(-365));
      keyed.decide("newcomer"); // the first call that can see the leap
      ticker.advance(Duration.ofSeconds(4));
      long before = keyed.crowdedOut();
      assertThat(keyed.decide("newcomer", 3).admitted()).as("%s", whenFull).isTrue();
      assertThat(keyed.crowdedOut()).as("%s", whenFull).isEqualTo(before);
    }
  }

  @Test
  void newcomers_afterALeapAheadAndBackInACrowd_areAdmittedWithinTheLongestDebt() {
    KeyedRateLimiter<String> keyed =
        SharedPlaces.keyed(new Gcra(Quota.perSecond(3)), 1, WhenFull.SHARE, ticker);
    ticker.advance(Duration.ofDays(365));
    keyed.tryAcquire("holder");
    assertThat(keyed.tryAcquire("key", 3)).isTrue();
    ticker.advance(Duration.ofDays(-365));
    keyed.reset("holder");
    assertThat(keyed.decide("key").admitted()).isFalse();
    ticker.advance(Duration.ofMillis(1_001));
    assertThat(keyed.decide("key", 3).admitted()).isTrue();
  }
}

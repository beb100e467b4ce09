package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How many keys a keyed limiter holds, for how long, and what it answers when it is full. */
class StoreLimiterTest {

  private static final Quota QUOTA = Quota.of(10, Duration.ofSeconds(10));
  private static final long SECOND = 1_000_000_000;

  /** Caffeine looks for what to drop once in this time. */
  private static final long DROPPED_WITHIN = 1L << 30;

  private final ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - 3 * SECOND);

  private KeyedRateLimiter<String> keyed(int maxKeys, WhenFull whenFull) {
    return SharedPlaces.keyed(new Gcra(QUOTA), maxKeys, whenFull, ticker);
  }

  static Stream<Named<BiFunction<Quota, KeyFunnel<String>, KeyedRateLimiter.Builder<String>>>>
      kinds() {
    return Stream.of(
        Named.of("bucket", TokenBucket::keyed),
        Named.of("counter", SlidingWindow::keyedCounter),
        Named.of("log", SlidingWindow::keyedLog));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void keys_calledOnce_areDroppedOnceTheyOweNothing(
      BiFunction<Quota, KeyFunnel<String>, KeyedRateLimiter.Builder<String>> kind) {
    KeyedRateLimiter<String> keyed =
        kind.apply(QUOTA, KeyFunnel.ofString()).ticker(ticker).maxKeys(5_000).build();
    long debt = 0;
    for (int i = 0; i < 5_000; i++) {
      debt = keyed.decide("key " + i).resetAfterNanos();
    }
    assertThat(keyed.keys()).isEqualTo(5_000);
    ticker.advanceNanos(debt - 1);
    keyed.cleanUp();
    assertThat(keyed.keys()).as("a nanosecond before").isEqualTo(5_000);
    ticker.advanceNanos(1 + DROPPED_WITHIN);
    keyed.cleanUp();
    assertThat(keyed.keys()).isZero();
  }

  @Test
  void keys_calledOften_areDroppedOnceTheyOweNothing() {
    KeyedRateLimiter<String> keyed = keyed(100, WhenFull.SHARE);
    for (int i = 0; i < 100; i++) {
      for (int call = 0; call < 12; call++) {
        keyed.tryAcquire("key " + i);
      }
    }
    ticker.advanceNanos(10 * SECOND - 1);
    keyed.cleanUp();
    assertThat(keyed.keys()).isEqualTo(100);
    ticker.advanceNanos(1 + DROPPED_WITHIN);
    keyed.cleanUp();
    assertThat(keyed.keys()).isZero();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void keys_calledSomeTimes_areKeptForTwiceWhatTheyOweAtMost(
      BiFunction<Quota, KeyFunnel<String>, KeyedRateLimiter.Builder<String>> kind) {
    Quota daily = Quota.perDay(100);
    for (int calls = 1; calls < 12; calls++) {
      KeyedRateLimiter<String> keyed =
          kind.apply(daily, KeyFunnel.ofString()).ticker(ticker).build();
      long debt = 0;
      for (int call = 0; call < calls; call++) {
        debt =
            call % 2 == 0
                ? keyed.decide("key").resetAfterNanos()
                : keyed.reserve("key", 1).decision().resetAfterNanos();
        ticker.advanceNanos(SECOND);
      }
      ticker.advanceNanos(debt - SECOND - 1);
      keyed.cleanUp();
      assertThat(keyed.keys()).as("%d calls, not yet paid off", calls).isEqualTo(1);
      ticker.advanceNanos(debt + DROPPED_WITHIN);
      keyed.cleanUp();
      assertThat(keyed.keys()).as("%d calls, paid off long ago", calls).isZero();
    }
  }

  @Test
  void keys_thatSettledBeyondTheirEstimate_areKeptForTwiceWhatTheyOweAtMost() {
    KeyedRateLimiter<String> keyed = keyed(10, WhenFull.SHARE);
    keyed.reserve("key", 1).settle(3);
    ticker.advanceNanos(3 * SECOND - 1);
    keyed.cleanUp();
    assertThat(keyed.keys()).isEqualTo(1);
    ticker.advanceNanos(3 * SECOND + 1 + DROPPED_WITHIN);
    keyed.cleanUp();
    assertThat(keyed.keys()).isZero();
    keyed.reserve("key", 1).settle(99);
    ticker.advanceNanos(20 * SECOND - 1);
    keyed.cleanUp();
    assertThat(keyed.keys()).as("two longest debts").isEqualTo(1);
  }

  /** Counts how often a state was found to be kept for too short. */
  private static final class CountsKeeping extends ForwardingLimit<Word> {
    int kept;

    CountsKeeping(Quota quota) {
      super(new Gcra(quota));
    }

    @Override
    long tryAcquire(Word state, Ticker ticker, long now, long permits, long keptUntil) {
      long needed = super.tryAcquire(state, ticker, now, permits, keptUntil);
      kept += needed > TAKEN ? 1 : 0;
      return needed;
    }
  }

  @Test
  void tryAcquire_busyKey_movesItsDeadlineNowAndThenOnly() {
    CountsKeeping limit = new CountsKeeping(Quota.perMinute(600));
    KeyedRateLimiter<String> keyed = SharedPlaces.keyed(limit, 10, WhenFull.SHARE, ticker);
    int admitted = 0;
    for (int call = 0; call < 20_000; call++) {
      admitted += keyed.tryAcquire("key") ? 1 : 0;
      ticker.advanceNanos(SECOND / 20);
    }
    assertThat(admitted).as("drained, in a thousand seconds").isBetween(10_000, 11_000);
    // A minute is owed all the time, so the deadline moves once in a quarter of one.
    assertThat(limit.kept).isBetween(60, 90);
  }

  @Test
  void resize_inAFlood_makesRoomAndForgetsNobody() {
    KeyedRateLimiter<String> keyed = keyed(2, WhenFull.REFUSE);
    keyed.tryAcquire("a", 10);
    keyed.tryAcquire("b", 10);
    assertThat(keyed.tryAcquire("c")).isFalse();
    keyed.withQuota(QUOTA).resize(3);
    assertThat(keyed.tryAcquire("c", 4)).isTrue();
    assertThat(keyed.tryAcquire("d")).isFalse();
    keyed.resize(1);
    assertThat(keyed.keys()).isEqualTo(3);
    assertThat(keyed.tryAcquire("a")).isFalse();
    assertThat(keyed.tryAcquire("c", 6)).as("those held go on").isTrue();
    ticker.advanceNanos(30 * SECOND);
    assertThat(keyed.tryAcquire("d")).isTrue();
    assertThat(keyed.tryAcquire("e")).isFalse();
  }

  @Test
  void resize_outOfRange_isRejectedByName() {
    KeyedRateLimiter<String> keyed = keyed(1, WhenFull.REFUSE);
    keyed.tryAcquire("a");
    for (int maxKeys : new int[] {0, -1, Integer.MIN_VALUE, (1 << 28) + 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> keyed.resize(maxKeys))
          .withMessage("maxKeys: " + maxKeys + " (expected: 1 to 268435456)");
    }
    assertThat(keyed.tryAcquire("b")).as("as before").isFalse();
  }

  @Test
  void tryAcquire_newcomersAfterAFloodOfKeysThatCalledTwice_haveRoomOnceThoseOweNothing() {
    KeyedRateLimiter<String> keyed =
        SharedPlaces.keyed(new Gcra(Quota.perDay(100)), 1_000, WhenFull.SHARE, ticker);
    for (int i = 0; i < 1_000; i++) {
      keyed.tryAcquire("flood " + i);
      keyed.tryAcquire("flood " + i);
    }
    ticker.advance(Duration.ofMinutes(58)).advanceNanos(DROPPED_WITHIN);
    for (int i = 0; i < 500; i++) {
      keyed.tryAcquire("newcomer " + i);
    }
    assertThat(keyed.crowdedOut()).isZero();
  }

  @Test
  void keys_refusedOnly_areNotHeldForLonger() {
    KeyedRateLimiter<String> keyed = keyed(100, WhenFull.SHARE);
    assertThat(keyed.tryAcquire("drained", 10)).isTrue();
    for (int second = 0; second < 10; second++) {
      assertThat(keyed.tryAcquire("drained", 10)).isFalse();
      assertThat(keyed.decide("drained", 10).admitted()).isFalse();
      ticker.advanceNanos(SECOND);
    }
    ticker.advanceNanos(DROPPED_WITHIN);
    keyed.cleanUp();
    assertThat(keyed.keys()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void keys_underAFloodOfNewOnes_neverExceedTheMost(WhenFull whenFull) {
    KeyedRateLimiter<String> keyed = keyed(50, whenFull);
    for (int i = 0; i < 2_000; i++) {
      keyed.tryAcquire("key " + i);
      keyed.decide("other " + i);
      keyed.reserve("third " + i, 3).settle(9);
      keyed.peek("fourth " + i, 1);
      assertThat(keyed.keys()).isBetween(1L, 50L);
      ticker.advanceNanos(SECOND / 20);
    }
    assertThat(keyed.crowdedOut()).isPositive();
  }

  @Test
  void peekAndAdmits_unknownKey_holdNothing() {
    KeyedRateLimiter<String> keyed = keyed(10, WhenFull.SHARE);
    assertThat(keyed.peek("key", 10).admitted()).isTrue();
    assertThat(keyed.admits("key", 10)).isTrue();
    assertThat(keyed.admits("key", 11)).isFalse();
    assertThat(keyed.tryAcquire("key", 11)).isFalse();
    assertThat(keyed.decide("key", 11).outcome()).isEqualTo(Decision.Outcome.NEVER);
    keyed.giveBack("key", 3);
    assertThat(keyed.keys()).isZero();
    assertThat(keyed.crowdedOut()).isZero();
  }

  @Test
  void tryAcquire_fullAndShare_keepsNewcomersToOneQuotaTogether() {
    KeyedRateLimiter<String> keyed = keyed(1, WhenFull.SHARE);
    keyed.tryAcquire("holder");
    List<String> crowd = SharedPlaces.keysBeside("a", 30);
    long admitted = crowd.stream().filter(keyed::tryAcquire).count();
    assertThat(admitted).isEqualTo(QUOTA.burst());
    assertThat(keyed.crowdedOut()).isEqualTo(30);
    assertThat(keyed.keys()).isEqualTo(1);
    assertThat(keyed.tryAcquire("holder", 9)).as("those held keep their own").isTrue();
    assertThat(keyed.tryAcquire("holder")).isFalse();
    Decision refused = keyed.decide("a");
    assertThat(refused.retryAfterNanos()).isEqualTo(SECOND);
    assertThat(keyed.peek("a", 1)).isEqualTo(refused);
    assertThat(keyed.admits("a", 1)).isFalse();
  }

  @Test
  void tryAcquire_leavesTheCrowd_owesWhatItOwedThere() {
    KeyedRateLimiter<String> keyed = keyed(1, WhenFull.SHARE);
    keyed.tryAcquire("holder");
    assertThat(keyed.tryAcquire("key", 9)).isTrue();
    ticker.advanceNanos(2 * SECOND);
    keyed.cleanUp();
    assertThat(keyed.keys()).isZero();
    // Of the nine, two are paid off.
    assertThat(keyed.peek("key", 1).remaining()).isEqualTo(3);
    assertThat(keyed.admits("key", 3)).isTrue();
    assertThat(keyed.admits("key", 4)).isFalse();
    assertThat(keyed.tryAcquire("key", 4)).isFalse();
    assertThat(keyed.tryAcquire("key", 3)).isTrue();
    assertThat(keyed.keys()).isEqualTo(1);
    assertThat(keyed.tryAcquire("key")).isFalse();
  }

  @Test
  void tryAcquire_fullAndRefuse_turnsNewcomersAwayForOneInterval() {
    KeyedRateLimiter<String> keyed = keyed(1, WhenFull.REFUSE);
    keyed.tryAcquire("holder");
    assertThat(keyed.tryAcquire("key")).isFalse();
    Decision refused = keyed.decide("key");
    assertThat(refused)
        .isEqualTo(new Decision(Decision.Outcome.REFUSED, 0, SECOND, SECOND))
        .isEqualTo(keyed.peek("key", 1));
    assertThat(keyed.admits("key", 1)).isFalse();
    assertThat(keyed.reserve("key", 1).admitted()).isFalse();
    assertThat(keyed.crowdedOut()).isEqualTo(3);
    assertThat(keyed.decide("key", 11).outcome()).isEqualTo(Decision.Outcome.NEVER);
    assertThat(keyed.tryAcquire("holder")).as("those held go on").isTrue();
    ticker.advanceNanos(30 * SECOND);
    assertThat(keyed.tryAcquire("key", 10)).as("room again").isTrue();
  }

  @Test
  void tryAcquire_fullAndAdmit_letsNewcomersInUncounted() {
    KeyedRateLimiter<String> keyed = keyed(1, WhenFull.ADMIT);
    keyed.tryAcquire("holder", 10);
    for (int i = 0; i < 20; i++) {
      assertThat(keyed.tryAcquire("key", 10)).isTrue();
      assertThat(keyed.decide("key", 3))
          .isEqualTo(new Decision(Decision.Outcome.ADMITTED, 7, 0, 3 * SECOND));
      assertThat(keyed.peek("key", 3)).isEqualTo(new Decision(Decision.Outcome.ADMITTED, 10, 0, 0));
      assertThat(keyed.admits("key", 10)).isTrue();
    }
    assertThat(keyed.crowdedOut()).isEqualTo(40);
    assertThat(keyed.tryAcquire("key", 11)).isFalse();
    assertThat(keyed.decide("key", 11).outcome()).isEqualTo(Decision.Outcome.NEVER);
    assertThat(keyed.tryAcquire("holder")).as("those held are counted").isFalse();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REFUSE")
  void tryAcquire_ownEntryIsOverButStillInTheWay_getsItsPlaceBack(WhenFull whenFull) {
    KeyedRateLimiter<String> keyed = keyed(2, whenFull);
    keyed.tryAcquire("a");
    keyed.tryAcquire("b", 10);
    ticker.advanceNanos(SECOND);
    keyed.cleanUp();
    assertThat(keyed.keys()).as("nothing is dropped so soon").isEqualTo(2);
    assertThat(keyed.peek("a", 10).admitted()).isTrue();
    assertThat(keyed.tryAcquire("a", 10)).isTrue();
    assertThat(keyed.tryAcquire("a")).isFalse();
    assertThat(keyed.keys()).isEqualTo(2);
  }

  @Test
  void reset_heldKey_startsAfresh() {
    KeyedRateLimiter<String> keyed = keyed(10, WhenFull.SHARE);
    Reservation before = keyed.reserve("key", 10);
    keyed.tryAcquire("other", 10);
    keyed.reset("key");
    keyed.reset("never seen");
    assertThat(keyed.tryAcquire("key", 10)).isTrue();
    assertThat(keyed.tryAcquire("other")).isFalse();
    before.cancel();
    assertThat(keyed.tryAcquire("key")).as("what was forgotten is not returned").isFalse();
  }

  @Test
  void limiter_ofAKey_isAViewThatNamesNoKey() {
    KeyedRateLimiter<String> keyed = keyed(10, WhenFull.SHARE);
    assertThat(keyed.limiter("secret").tryAcquire(10)).isTrue();
    assertThat(keyed.tryAcquire("secret")).isFalse();
    assertThat(keyed.limiter("secret"))
        .asString()
        .doesNotContain("secret")
        .contains("10 per PT10S");
    assertThat(keyed).asString().doesNotContain("secret").contains("10 per PT10S", "1 keys");
  }

  @Test
  void builder_outOfRangeOrMissing_isRejectedByName() {
    KeyedRateLimiter.Builder<String> builder = TokenBucket.keyed(QUOTA, KeyFunnel.ofString());
    for (int maxKeys : new int[] {0, -1, Integer.MIN_VALUE, (1 << 28) + 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder.maxKeys(maxKeys))
          .withMessage("maxKeys: " + maxKeys + " (expected: 1 to 268435456)");
    }
    assertThatNullPointerException().isThrownBy(() -> builder.ticker(null)).withMessage("ticker");
    assertThatNullPointerException()
        .isThrownBy(() -> builder.whenFull(null))
        .withMessage("whenFull");
    assertThatNullPointerException()
        .isThrownBy(() -> builder.build().tryAcquire(null))
        .withMessage("key");
    assertThatNullPointerException()
        .isThrownBy(() -> builder.build().limiter(null))
        .withMessage("key");
    assertThat(builder.maxKeys(1 << 28).build().keys()).isZero();
  }
}

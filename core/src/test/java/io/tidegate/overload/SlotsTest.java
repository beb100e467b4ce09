package io.tidegate.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tidegate.limit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What slots promise to one caller after another. */
class SlotsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - 1_000);
  private final List<String> order = new ArrayList<>();

  private Slots slots(int count) {
    return Slots.builder(count).ticker(ticker).withoutThread().build();
  }

  private static Slot take(Slots slots) {
    return Objects.requireNonNull(slots.tryTake(Priority.ESTABLISHED, 1));
  }

  private Told waiting(Slots slots, Priority priority, String name) {
    Told told = new Told(name, order);
    Turn turn = slots.take(priority, 1, SECOND, told);
    assertThat(turn.slot()).isNull();
    assertThat(turn.refusal()).isNull();
    return told;
  }

  private static long refused(Slots slots, Priority priority, Refusal refusal) {
    return Objects.requireNonNull(slots.report().classes().get(priority)).refused().get(refusal);
  }

  private static void assertAllBack(Slots slots) {
    assertThat(slots.report().inUse()).as("in use").isZero();
    assertThat(slots.report().waiting()).as("waiting").isZero();
  }

  @Test
  void tryTake_givesAsManyAsThereAre() {
    Slots slots = slots(3);
    for (int i = 0; i < 3; i++) {
      assertThat(slots.tryTake(Priority.SUSPECT, 0)).isNotNull();
    }
    assertThat(slots.tryTake(Priority.CONTROL, 0)).isNull();
    assertThat(slots.report().inUse()).isEqualTo(3);
  }

  @Test
  void close_ofASlotTwice_givesOneBack() {
    Slots slots = slots(2);
    Slot first = take(slots);
    take(slots);
    first.close();
    first.close();
    assertThat(slots.report().inUse()).isEqualTo(1);
    take(slots);
    assertThat(slots.tryTake(Priority.CONTROL, 0)).isNull();
  }

  @Test
  void close_ofASlotTwiceWhileOthersWait_servesOne() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    Told first = waiting(slots, Priority.ESTABLISHED, "first");
    Told second = waiting(slots, Priority.ESTABLISHED, "second");
    slot.close();
    slot.close();
    assertThat(first.slot).isNotNull();
    assertThat(second.calls).isZero();
  }

  @Test
  void take_withAFreeSlot_answersAtOnce() {
    Told told = new Told();
    Turn turn = slots(1).take(Priority.BATCH, 5, SECOND, told);
    assertThat(turn.slot()).isNotNull();
    assertThat(turn.refusal()).isNull();
    assertThat(turn.cancel()).as("nothing to cancel").isFalse();
    assertThat(told.calls).isZero();
  }

  @Test
  void take_withoutAFreeSlot_isToldWhenOneComesBack() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    Told told = waiting(slots, Priority.BATCH, "it");
    assertThat(told.calls).isZero();
    assertThat(slots.report().waiting()).isEqualTo(1);
    slot.close();
    assertThat(told.calls).isEqualTo(1);
    assertThat(slots.report().inUse()).isEqualTo(1);
    told.done();
    assertAllBack(slots);
  }

  @Test
  void tryTake_whileOthersWait_doesNotOvertake() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    Slot[] seen = new Slot[1];
    slots.take(
        Priority.SUSPECT,
        0,
        SECOND,
        new Waiter() {
          @Override
          public void granted(Slot granted) {
            seen[0] = slots.tryTake(Priority.CONTROL, 0);
            granted.close();
          }

          @Override
          public void refused(Refusal refusal) {}
        });
    slot.close();
    assertThat(seen[0]).isNull();
    assertAllBack(slots);
  }

  @Test
  void close_ofASlot_servesTheBestClassFirst() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    List<Told> all = new ArrayList<>();
    for (Priority priority :
        List.of(
            Priority.SUSPECT,
            Priority.LOGIN,
            Priority.CONTROL,
            Priority.BATCH,
            Priority.NEWCOMER,
            Priority.ANONYMOUS,
            Priority.ESTABLISHED)) {
      all.add(waiting(slots, priority, priority.name()));
    }
    slot.close();
    while (order.size() < all.size()) {
      String last = order.get(order.size() - 1);
      all.stream().filter(told -> told.name.equals(last)).forEach(Told::done);
    }
    assertThat(order)
        .containsExactly(
            "CONTROL", "ESTABLISHED", "NEWCOMER", "LOGIN", "ANONYMOUS", "BATCH", "SUSPECT");
  }

  @Test
  void take_withAFullQueueOfItsOwnClassOrBetter_isRefused() {
    Slots slots = slots(1);
    take(slots);
    for (int i = 0; i < 4; i++) {
      waiting(slots, Priority.LOGIN, "login");
      waiting(slots, Priority.CONTROL, "control");
    }
    Told told = new Told();
    Turn turn = slots.take(Priority.LOGIN, 1, SECOND, told);
    assertThat(turn.refusal()).isEqualTo(Refusal.FULL);
    assertThat(turn.slot()).isNull();
    assertThat(told.calls).isZero();
    assertThat(order).isEmpty();
    assertThat(refused(slots, Priority.LOGIN, Refusal.FULL)).isEqualTo(1);
  }

  @Test
  void take_withAFullQueue_evictsTheNewestOfTheWorstClass() {
    Slots slots = slots(1);
    take(slots);
    waiting(slots, Priority.BATCH, "batch 1");
    waiting(slots, Priority.SUSPECT, "suspect 1");
    waiting(slots, Priority.SUSPECT, "suspect 2");
    waiting(slots, Priority.BATCH, "batch 2");
    for (int i = 0; i < 4; i++) {
      waiting(slots, Priority.ESTABLISHED, "established " + i);
    }
    waiting(slots, Priority.BATCH, "batch 3");
    waiting(slots, Priority.ANONYMOUS, "anonymous");
    waiting(slots, Priority.ANONYMOUS, "anonymous");
    waiting(slots, Priority.CONTROL, "control");
    waiting(slots, Priority.CONTROL, "control");
    assertThat(order)
        .containsExactly(
            "suspect 2:EVICTED",
            "suspect 1:EVICTED",
            "batch 3:EVICTED",
            "batch 2:EVICTED",
            "batch 1:EVICTED");
    assertThat(refused(slots, Priority.BATCH, Refusal.EVICTED)).isEqualTo(3);
    assertThat(slots.report().waiting()).isEqualTo(8);
  }

  @Test
  void take_ofANewcomer_findsAPlaceOfItsOwn_inAQueueOfBetterOnes() {
    Slots slots = slots(1);
    take(slots);
    for (int i = 0; i < 8; i++) {
      waiting(slots, Priority.ESTABLISHED, "established " + i);
    }
    waiting(slots, Priority.NEWCOMER, "newcomer");
    assertThat(order).containsExactly("established 7:EVICTED");
    Told second = new Told();
    assertThat(slots.take(Priority.NEWCOMER, 1, SECOND, second).refusal())
        .as("one in ten of eight places, rounded up, is one")
        .isEqualTo(Refusal.FULL);
    Told better = new Told();
    assertThat(slots.take(Priority.ESTABLISHED, 1, SECOND, better).refusal())
        .as("nor is he evicted from it")
        .isEqualTo(Refusal.FULL);
  }

  @Test
  void take_ofATenantWithFewer_takesAPlaceOfTheOneWithMost() {
    Slots slots = slots(1);
    take(slots);
    Told last = new Told();
    for (int i = 0; i < 8; i++) {
      last = new Told();
      slots.take(Priority.ESTABLISHED, 1, SECOND, last);
    }
    for (int i = 0; i < 4; i++) {
      assertThat(slots.take(Priority.ESTABLISHED, 2, SECOND, new Told()).refusal()).isNull();
    }
    assertThat(last.refusal).as("the newest first").isEqualTo(Refusal.EVICTED);
    assertThat(slots.take(Priority.ESTABLISHED, 2, SECOND, new Told()).refusal())
        .as("four each")
        .isEqualTo(Refusal.FULL);
    assertThat(slots.take(Priority.ESTABLISHED, 1, SECOND, new Told()).refusal())
        .isEqualTo(Refusal.FULL);
  }

  @Test
  void close_ofASlot_dropsWhoHasWaitedForMostOfHisDeadline() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    Told late = waiting(slots, Priority.CONTROL, "late");
    ticker.advance(Duration.ofMillis(1));
    Told inTime = waiting(slots, Priority.SUSPECT, "in time");
    ticker.advance(Duration.ofMillis(800));
    slot.close();
    assertThat(late.refusal).isEqualTo(Refusal.TOO_LATE);
    assertThat(inTime.slot).as("waited for exactly four fifths").isNotNull();
    assertThat(slots.report().longestWait()).isEqualTo(Duration.ofMillis(800));
    inTime.done();
    assertAllBack(slots);
  }

  @Test
  void close_ofASlotForWhichAllAreLate_freesIt() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    waiting(slots, Priority.CONTROL, "a");
    waiting(slots, Priority.SUSPECT, "b");
    ticker.advance(SECOND);
    slot.close();
    assertThat(order).containsExactly("a:TOO_LATE", "b:TOO_LATE");
    assertAllBack(slots);
    take(slots);
  }

  @Test
  void expire_refusesThoseWhoAreLateAndNoOthers() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    slots.take(Priority.LOGIN, 1, Duration.ofMillis(100), new Told("short", order));
    slots.take(Priority.LOGIN, 1, Duration.ofMillis(200), new Told("long", order));
    slots.take(Priority.LOGIN, 1, new Told("default", order));
    ticker.advance(Duration.ofMillis(80));
    slots.expire();
    assertThat(order).isEmpty();
    ticker.advanceNanos(1);
    slots.expire();
    assertThat(order).containsExactly("short:TOO_LATE");
    ticker.advance(Duration.ofMillis(80));
    slots.expire();
    assertThat(order).containsExactly("short:TOO_LATE", "long:TOO_LATE");
    ticker.advance(Duration.ofMillis(240));
    slots.expire();
    assertThat(order).last().isEqualTo("default:TOO_LATE");
    assertThat(slots.report().waiting()).isZero();
    slot.close();
    assertAllBack(slots);
  }

  @Test
  void take_withNoTimeLeft_isRefusedUnlessASlotIsFree() {
    Slots slots = slots(1);
    Duration past = Duration.ofSeconds(-1);
    Slot slot = slots.take(Priority.LOGIN, 1, past, new Told()).slot();
    assertThat(slot).isNotNull();
    for (Duration none : List.of(Duration.ZERO, past, Duration.ofSeconds(Long.MIN_VALUE))) {
      Turn turn = slots.take(Priority.LOGIN, 1, none, new Told());
      assertThat(turn.refusal()).isEqualTo(Refusal.TOO_LATE);
    }
    slot.close();
    assertAllBack(slots);
  }

  @Test
  void take_withADeadlineBeyondAllTime_waits() {
    Slots slots = slots(1);
    take(slots);
    slots.take(Priority.LOGIN, 1, Duration.ofSeconds(Long.MAX_VALUE), new Told("it", order));
    ticker.advance(Duration.ofDays(365));
    slots.expire();
    assertThat(order).isEmpty();
  }

  @Test
  void clock_thatLeapsBack_losesNobody() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    Told told = waiting(slots, Priority.LOGIN, "it");
    ticker.advance(Duration.ofMillis(500));
    slots.expire();
    ticker.advance(Duration.ofDays(-1));
    slots.expire();
    ticker.advance(Duration.ofMillis(300));
    slots.expire();
    assertThat(told.calls).as("800 ms have gone by").isZero();
    ticker.advanceNanos(1);
    slots.expire();
    assertThat(told.refusal).isEqualTo(Refusal.TOO_LATE);
    slot.close();
    assertAllBack(slots);
  }

  @Test
  void clock_thatLeapsAhead_refusesThoseWhoWaitAndLosesNoSlot() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    Told told = waiting(slots, Priority.LOGIN, "it");
    ticker.advance(Duration.ofDays(100_000));
    Told next = waiting(slots, Priority.LOGIN, "next");
    slot.close();
    assertThat(told.refusal).isEqualTo(Refusal.TOO_LATE);
    next.done();
    assertAllBack(slots);
  }

  @Test
  void cancel_ofOneWhoWaits_leavesTheQueueAndTellsNobody() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    Told told = new Told();
    Turn turn = slots.take(Priority.LOGIN, 1, SECOND, told);
    assertThat(turn.cancel()).isTrue();
    assertThat(turn.cancel()).as("twice").isFalse();
    assertThat(slots.report().waiting()).isZero();
    slot.close();
    assertThat(told.calls).isZero();
    assertAllBack(slots);
    assertThat(Objects.requireNonNull(slots.report().classes().get(Priority.LOGIN)).cancelled())
        .isEqualTo(1);
  }

  @Test
  void cancel_afterTheGrant_leavesTheSlotToItsHolder() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    Told told = new Told();
    Turn turn = slots.take(Priority.LOGIN, 1, SECOND, told);
    slot.close();
    assertThat(turn.cancel()).isFalse();
    assertThat(turn.slot()).as("the waiter has it").isNull();
    assertThat(slots.report().inUse()).isEqualTo(1);
    told.done();
    assertAllBack(slots);
  }

  @Test
  void cancel_whileTheSlotIsOnItsWay_givesItToTheNext() {
    Slots slots = slots(1);
    take(slots);
    Turn[] second = new Turn[1];
    boolean[] cancelled = new boolean[1];
    slots.take(
        Priority.LOGIN,
        1,
        SECOND,
        new Waiter() {
          @Override
          public void granted(Slot granted) {
            // The second has been given a slot by now, and is told once this returns.
            cancelled[0] = second[0].cancel();
          }

          @Override
          public void refused(Refusal refusal) {}
        });
    Told gone = new Told();
    second[0] = slots.take(Priority.LOGIN, 1, SECOND, gone);
    Told third = waiting(slots, Priority.LOGIN, "third");
    slots.resize(3);
    assertThat(cancelled[0]).isTrue();
    assertThat(gone.calls).isZero();
    assertThat(third.slot).isNotNull();
    assertThat(slots.report().inUse()).isEqualTo(3);
  }

  @Test
  void granted_thatThrows_releasesTheSlotAndIsCounted() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    for (int i = 0; i < 3; i++) {
      slots.take(Priority.CONTROL, 1, SECOND, new Throwing());
    }
    Told last = waiting(slots, Priority.LOGIN, "last");
    slot.close();
    assertThat(slots.report().failures()).isEqualTo(3);
    assertThat(last.slot).isNotNull();
    last.done();
    assertAllBack(slots);
  }

  @Test
  void refused_thatThrows_isCountedAndKeepsNobodyFromBeingTold() {
    Slots slots = slots(1);
    take(slots);
    slots.take(Priority.CONTROL, 1, SECOND, new Throwing());
    Told told = waiting(slots, Priority.LOGIN, "it");
    slots.close();
    assertThat(slots.report().failures()).isEqualTo(1);
    assertThat(told.refusal).isEqualTo(Refusal.CLOSED);
  }

  private static final class Throwing implements Waiter {
    @Override
    public void granted(Slot granted) {
      throw new AssertionError("on purpose");
    }

    @Override
    public void refused(Refusal refusal) {
      throw new IllegalStateException("on purpose");
    }
  }

  @Test
  void close_refusesAllWhoWaitAndAllWhoCome() {
    Slots slots = slots(2);
    Slot slot = take(slots);
    take(slots).close();
    Slot other = take(slots);
    Told first = waiting(slots, Priority.LOGIN, "first");
    Told second = waiting(slots, Priority.CONTROL, "second");
    slots.close();
    slots.close();
    assertThat(first.refusal).isEqualTo(Refusal.CLOSED);
    assertThat(second.refusal).isEqualTo(Refusal.CLOSED);
    assertThat(slots.report().inUse()).isEqualTo(2);
    slot.close();
    other.close();
    assertAllBack(slots);
    assertThat(slots.tryTake(Priority.CONTROL, 1)).isNull();
    assertThat(slots.take(Priority.CONTROL, 1, SECOND, new Told()).refusal())
        .isEqualTo(Refusal.CLOSED);
    slots.resize(5);
    assertThat(slots.tryTake(Priority.CONTROL, 1)).isNull();
    assertThat(slots.report().slots()).isZero();
  }

  @Test
  void resize_toMore_servesThoseWhoWait() {
    Slots slots = slots(1);
    take(slots);
    for (int i = 0; i < 4; i++) {
      waiting(slots, Priority.LOGIN, "login " + i);
    }
    slots.resize(3);
    assertThat(order).containsExactly("login 0", "login 1");
    assertThat(slots.report().inUse()).isEqualTo(3);
    slots.resize(10);
    assertThat(order).hasSize(4);
    assertThat(slots.report().inUse()).isEqualTo(5);
    assertThat(slots.report().slots()).isEqualTo(10);
    assertThat(slots.report().waiting()).isZero();
    take(slots);
  }

  @Test
  void resize_toFewer_revokesNothingAndGivesNoneUntilEnoughAreBack() {
    Slots slots = slots(4);
    List<Slot> out = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      out.add(take(slots));
    }
    slots.resize(2);
    assertThat(slots.report().inUse()).isEqualTo(4);
    Told told = waiting(slots, Priority.LOGIN, "it");
    out.get(0).close();
    out.get(1).close();
    assertThat(told.calls).as("two are out, of two").isZero();
    out.get(2).close();
    assertThat(told.slot).isNotNull();
    assertThat(slots.report().inUse()).isEqualTo(2);
    out.get(3).close();
    told.done();
    assertAllBack(slots);
  }

  @Test
  void resize_toMoreWhileMoreAreOut_keepsTheBound() {
    Slots slots = slots(6);
    List<Slot> out = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      out.add(take(slots));
    }
    slots.resize(1);
    Told first = waiting(slots, Priority.LOGIN, "first");
    waiting(slots, Priority.LOGIN, "second");
    slots.resize(7);
    assertThat(first.slot).isNotNull();
    assertThat(order).containsExactly("first");
    assertThat(slots.report().inUse()).isEqualTo(7);
    assertThat(slots.report().slots()).isEqualTo(7);
  }

  @Test
  void clockThatIsMovedByHand_refusesTheLateAsItMoves() {
    try (Slots slots = Slots.builder(1).ticker(ticker).build()) {
      take(slots);
      Told told = waiting(slots, Priority.LOGIN, "late");
      ticker.advance(Duration.ofMillis(799));
      assertThat(told.calls).isZero();
      ticker.advance(Duration.ofMillis(2));
      assertThat(told.refusal).isEqualTo(Refusal.TOO_LATE);
    }
  }

  @Test
  void queue_ofThousandsWhoCloseAtOnce_needsNoStack() {
    Slots slots =
        Slots.builder(1).ticker(ticker).queueTime(Duration.ofDays(1)).withoutThread().build();
    Waiter atOnce =
        new Waiter() {
          @Override
          public void granted(Slot granted) {
            granted.close();
          }

          @Override
          public void refused(Refusal refusal) {}
        };
    int most = 0;
    // Every round makes room for more in the next.
    for (int round = 0; round < 12; round++) {
      Slot slot = take(slots);
      most = slots.report().places();
      for (int i = 0; i < most; i++) {
        slots.take(Priority.LOGIN, i, SECOND, atOnce);
      }
      slot.close();
      assertAllBack(slots);
      if (most > 20_000) {
        break;
      }
    }
    assertThat(most).isGreaterThan(20_000);
    assertThat(slots.report().failures()).isZero();
  }

  @Test
  void report_countsByClass() {
    Slots slots = slots(1);
    Slot slot = take(slots);
    waiting(slots, Priority.LOGIN, "it");
    ticker.advanceNanos(5);
    slot.close();
    Slots.Report report = slots.report();
    assertThat(report.slots()).isEqualTo(1);
    assertThat(report.places()).isEqualTo(8);
    assertThat(report.classes()).containsOnlyKeys(Priority.values());
    assertThat(report.classes().get(Priority.LOGIN))
        .returns(1L, Slots.ClassCounts::granted)
        .returns(0L, Slots.ClassCounts::cancelled);
    assertThat(report.classes().get(Priority.ESTABLISHED)).returns(1L, Slots.ClassCounts::granted);
    assertThat(report.longestWait()).isEqualTo(Duration.ofNanos(5));
  }

  @Test
  void builder_refusesWhatIsOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Slots.builder(0))
        .withMessage("slots: 0 (expected: 1 to 1000000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> slots(1).resize(1_000_001))
        .withMessage("slots: 1000001 (expected: 1 to 1000000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Slots.builder(1).maxWait(Duration.ZERO))
        .withMessage("maxWait: PT0S (expected: more than zero, one day at most)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Slots.builder(1).queueTime(Duration.ofDays(2)))
        .withMessage("queueTime: PT48H (expected: more than zero, one day at most)");
    for (double share : new double[] {-0.1, 0.6, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Slots.builder(1).newcomerShare(share))
          .withMessage("newcomerShare: " + share + " (expected: 0 to 0.5)");
    }
    assertThatNullPointerException()
        .isThrownBy(() -> Slots.builder(1).ticker(null))
        .withMessage("ticker");
  }

  @Test
  void builder_builtTwice_givesSlotsThatShareNothing() {
    Slots.Builder builder = Slots.builder(1).withoutThread();
    take(builder.build());
    take(builder.build());
  }
}

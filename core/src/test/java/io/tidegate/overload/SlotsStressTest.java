package io.tidegate.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.limit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many threads at once, and broken twins which show that the checks can fail. */
class SlotsStressTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void slots_inACrowd_keepTheLimitAndLoseNobody(long seed) throws InterruptedException {
    assertThat(new Crowd(SlotWord::new, seed).visit(8, 30_000)).as("seed %d", seed).isEmpty();
  }

  private static List<String> faults(IntFunction<SlotWord> kind) throws InterruptedException {
    List<String> faults = new ArrayList<>();
    for (long seed = 1; seed <= 50 && faults.isEmpty(); seed++) {
      String fault = new Crowd(kind, seed).visit(8, 10_000);
      if (!fault.isEmpty()) {
        faults.add(fault);
      }
    }
    return faults;
  }

  @Test
  void crowd_seesALimitThatIsCheckedFirstAndTakenLater() throws InterruptedException {
    assertThat(faults(Twins.CheckThenAct::new)).first().asString().contains("than there are");
  }

  @Test
  void crowd_seesAReleaseThatDoesNotLookAgain() throws InterruptedException {
    assertThat(faults(Twins.ReleaseWithoutSecondLook::new)).isNotEmpty();
  }

  @Test
  void crowd_seesAWaiterThatDoesNotLookAgain() throws InterruptedException {
    assertThat(faults(Twins.WaitWithoutSecondLook::new)).isNotEmpty();
  }

  @Test
  void requests_aMillionThatAreAborted_leakNoSlot() throws InterruptedException {
    Slots slots = Slots.builder(2).ticker(new ManualTicker()).withoutThread().build();
    long[] cancelled = new long[2];
    Thread[] threads = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int self = i;
      threads[i] = new Thread(() -> cancelled[self] = abort(slots, 500_000));
      threads[i].setDaemon(true);
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join(60_000);
      assertThat(thread.isAlive()).isFalse();
    }
    assertThat(cancelled[0] + cancelled[1]).as("left the queue").isGreaterThan(100_000);
    assertThat(slots.report().waiting()).isZero();
    assertThat(slots.report().inUse()).isZero();
    assertThat(slots.tryTake(Priority.SUSPECT, 0)).isNotNull();
    assertThat(slots.tryTake(Priority.SUSPECT, 0)).isNotNull();
    assertThat(slots.tryTake(Priority.SUSPECT, 0)).isNull();
  }

  /** Holds one slot most of the time, while others come, wait and go. */
  private static long abort(Slots slots, int requests) {
    Waiter closing =
        new Waiter() {
          @Override
          public void granted(Slot slot) {
            slot.close();
          }

          @Override
          public void refused(Refusal refusal) {}
        };
    long cancelled = 0;
    Slot held = null;
    for (int i = 0; i < requests; i++) {
      Turn turn = slots.take(Priority.ANONYMOUS, i & 7, HOUR, closing);
      Slot slot = turn.slot();
      if (slot == null) {
        cancelled += turn.cancel() ? 1 : 0;
      } else if (held == null) {
        held = slot;
      } else {
        slot.close();
      }
      if (held != null && (i & 15) == 0) {
        held.close(); // and perhaps again below
      }
      if (held != null && (i & 31) == 0) {
        held.close();
        held = null;
      }
    }
    if (held != null) {
      held.close();
    }
    return cancelled;
  }

  /** Waits for what a thread tells. */
  private static final class Awaited implements Waiter {
    final CountDownLatch told = new CountDownLatch(1);
    volatile String thread = "";
    volatile boolean daemon;

    @Override
    public void granted(Slot slot) {
      slot.close();
    }

    @Override
    public void refused(Refusal refusal) {
      if (refusal == Refusal.TOO_LATE) {
        thread = Thread.currentThread().getName();
        daemon = Thread.currentThread().isDaemon();
        told.countDown();
      }
    }
  }

  /** The thread looks every ten seconds by itself; in less it must have been woken. */
  @Test
  void thread_refusesThoseWhoWaitTooLongWhileNothingElseHappens() throws InterruptedException {
    try (Slots slots = Slots.builder(1).maxWait(Duration.ofMillis(20)).build()) {
      assertThat(slots.tryTake(Priority.CONTROL, 0)).isNotNull();
      Awaited patient = new Awaited();
      Awaited first = new Awaited();
      Awaited second = new Awaited();
      slots.take(Priority.CONTROL, 0, HOUR, patient);
      slots.take(Priority.CONTROL, 0, first);
      assertThat(first.told.await(9, TimeUnit.SECONDS)).as("sooner than the one before").isTrue();
      slots.take(Priority.CONTROL, 0, second);
      assertThat(second.told.await(9, TimeUnit.SECONDS)).isTrue();
      assertThat(second.thread).isEqualTo("tidegate-slots");
      assertThat(second.daemon).isTrue();
      assertThat(patient.told.getCount()).isEqualTo(1);
    }
  }

  @Test
  void thread_endsWithTheSlotsAndDoesNotStartBeforeSomebodyWaits() throws InterruptedException {
    List<Thread> before = late();
    Slots slots = Slots.builder(1).build();
    Slot slot = slots.tryTake(Priority.CONTROL, 0);
    assertThat(slot).isNotNull();
    assertThat(late()).containsAll(before).hasSameSizeAs(before);
    slots.take(Priority.CONTROL, 0, HOUR, new Awaited());
    List<Thread> started = late();
    started.removeAll(before);
    assertThat(started).hasSize(1);
    slots.close();
    started.get(0).join(30_000);
    assertThat(started.get(0).isAlive()).isFalse();
  }

  private static List<Thread> late() {
    List<Thread> found = new ArrayList<>(Thread.getAllStackTraces().keySet());
    found.removeIf(thread -> !thread.getName().equals("tidegate-slots"));
    return found;
  }
}

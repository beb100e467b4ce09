package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a waiting queue asks of its callers' schedulers: little, and nothing of another's. */
class WaitingSchedulerTest {

  private static final long SECOND = 1_000_000_000;
  private static final Duration LONG = Duration.ofSeconds(100);

  private final ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - SECOND / 2);
  private final ManualScheduler scheduler = new ManualScheduler(ticker);
  private final RateLimiter limiter = TokenBucket.of(Quota.perSecond(1), ticker);
  private final WaitingLimiter waiting = new WaitingLimiter(limiter, 5, ticker);

  private CompletableFuture<Boolean> acquire(long permits, Duration patience) {
    return waiting.acquireAsync(permits, patience, scheduler);
  }

  private CompletableFuture<Boolean> acquire() {
    return acquire(1, LONG);
  }

  private static void assertAnswer(CompletableFuture<Boolean> future, boolean taken) {
    assertThat(future).isCompletedWithValue(taken);
  }

  @Test
  void cancel_afterTheGrantAndBeforeItIsTold_givesThePermitToTheNext() throws Exception {
    ManualScheduler other = new ManualScheduler(ticker);
    acquire();
    CompletableFuture<Boolean> first = waiting.acquireAsync(1, LONG, other);
    CompletableFuture<Boolean> second = acquire();
    ticker.advanceNanos(SECOND);
    // Somebody's look at the queue grants the first its permit; its own scheduler is to tell it.
    assertThat(acquire(1, Duration.ofNanos(SECOND))).isNotDone();
    assertThat(first).isNotDone();
    first.cancel(false);
    other.runDue();
    scheduler.runDue();
    assertAnswer(second, true);
  }

  @Test
  void completions_always_runOnTheirOwnScheduler() throws Exception {
    ManualScheduler other = new ManualScheduler(ticker);
    acquire();
    List<Boolean> ranOnOwn = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      acquire(1, i == 2 ? Duration.ofMillis(2_500) : LONG)
          .thenRun(() -> ranOnOwn.add(scheduler.isRunning()));
    }
    waiting.acquireAsync(1, LONG, other);
    for (int quarter = 0; quarter < 20; quarter++) {
      other.advance(SECOND / 4); // looks at the queue on its own waiter's behalf
      waiting.acquireAsync(1, Duration.ZERO, other);
      scheduler.runDue();
    }
    assertThat(ranOnOwn).containsExactly(true, true, true);
  }

  @Test
  void callbacks_thatAskAgain_doNotMeetTheLock() throws Exception {
    acquire();
    List<Boolean> answers = new ArrayList<>();
    acquire()
        .thenAccept(
            taken -> {
              answers.add(taken);
              // Another thread can use the queue while this runs, so no lock is held.
              boolean free =
                  CompletableFuture.supplyAsync(() -> waiting.waiting() == 0)
                      .orTimeout(10, TimeUnit.SECONDS)
                      .join();
              answers.add(free);
              acquire(1, Duration.ZERO).thenAccept(answers::add);
            });
    scheduler.advance(SECOND);
    assertThat(answers).containsExactly(true, true, false);
  }

  @Test
  void timers_whenManyComeAndGo_stayAsFewAsThoseThatWait() throws Exception {
    List<CompletableFuture<Boolean>> open = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      open.add(acquire(1, Duration.ofSeconds(4 + i % 3)));
      scheduler.advance(SECOND / 5);
      if (i % 7 == 0) {
        open.get(i / 2).cancel(false);
      }
      assertThat(scheduler.pending()).as("call %d", i).isLessThanOrEqualTo(2 * 5);
    }
    assertThat(scheduler.submitted()).as("tasks in 1,000 calls").isLessThan(5_000);
    scheduler.advance(10 * SECOND);
    assertThat(open).allMatch(CompletableFuture::isDone);
    assertThat(waiting.waiting()).isZero();
    assertThat(scheduler.pending()).isZero();
  }

  @Test
  void scheduler_thatTakesNoMoreWork_refusesItsOwnAndHoldsUpNobody() throws Exception {
    ManualScheduler dead = new ManualScheduler(ticker);
    acquire();
    CompletableFuture<Boolean> stranded = waiting.acquireAsync(1, LONG, dead);
    CompletableFuture<Boolean> next = acquire();
    dead.shutdownNow();
    assertAnswer(waiting.acquireAsync(1, LONG, dead), false);
    scheduler.advance(SECOND);
    ticker.advanceNanos(1);
    CompletableFuture<Boolean> last = acquire();
    scheduler.advance(3 * SECOND);
    assertThat(stranded).isDone();
    assertAnswer(next, true);
    assertAnswer(last, true);
    assertThat(waiting.waiting()).isZero();
  }

  @Test
  void scheduler_thatDiesUnderTheHead_makesRoomForTheNext() throws Exception {
    ManualScheduler dead = new ManualScheduler(ticker);
    acquire();
    CompletableFuture<Boolean> head = waiting.acquireAsync(1, LONG, dead);
    CompletableFuture<Boolean> next = acquire();
    dead.shutdownNow();
    ticker.advanceNanos(SECOND);
    assertThat(limiter.tryAcquire()).as("somebody overtakes").isTrue();
    assertAnswer(acquire(2, LONG), false);
    CompletableFuture<Boolean> last = acquire();
    assertAnswer(head, false);
    scheduler.advance(SECOND);
    assertAnswer(next, true);
    scheduler.advance(SECOND);
    assertAnswer(last, true);
  }
}

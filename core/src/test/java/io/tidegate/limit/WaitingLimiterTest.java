package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Waiting without a thread: order, deadlines, and giving up. */
class WaitingLimiterTest {

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
  void acquireAsync_permitsThere_isAnsweredAtOnce() {
    assertAnswer(acquire(), true);
    assertThat(limiter.peek().remaining()).isZero();
    assertThat(waiting.waiting()).isZero();
    assertThat(scheduler.pending()).isZero();
  }

  @Test
  void acquireAsync_permitsComeLater_isAnsweredWhenTheyDoAndNotBefore() throws Exception {
    acquire();
    CompletableFuture<Boolean> later = acquire();
    assertThat(waiting.waiting()).isEqualTo(1);
    scheduler.advance(SECOND - 1);
    assertThat(later).isNotDone();
    scheduler.advance(1);
    assertAnswer(later, true);
    assertThat(waiting.waiting()).isZero();
    assertThat(scheduler.pending()).as("timers left behind").isZero();
  }

  @Test
  void acquireAsync_manyWait_areServedInTheOrderTheyCame() throws Exception {
    RateLimiter pairs = TokenBucket.of(Quota.perSecond(1).withBurst(3), ticker);
    WaitingLimiter queue = new WaitingLimiter(pairs, 10, ticker);
    List<Integer> served = new ArrayList<>();
    long[] permits = {3, 2, 1, 3, 1, 1};
    for (int i = 0; i < permits.length; i++) {
      int index = i;
      queue
          .acquireAsync(permits[i], LONG, scheduler)
          .thenAccept(taken -> served.add(taken ? index : -1));
    }
    // Small ones do not overtake a large one that waits for more.
    List<Integer> inOrder = new ArrayList<>(List.of(0));
    assertThat(served).isEqualTo(inOrder);
    for (int i = 1; i < permits.length; i++) {
      scheduler.advance(permits[i] * SECOND - 1);
      assertThat(served).isEqualTo(inOrder);
      scheduler.advance(1);
      inOrder.add(i);
      assertThat(served).isEqualTo(inOrder);
    }
    assertThat(scheduler.pending()).isZero();
  }

  @Test
  void acquireAsync_hopeless_isRefusedAtOnce() {
    acquire();
    assertAnswer(acquire(2, LONG), false);
    assertAnswer(acquire(Long.MAX_VALUE, Duration.ofSeconds(Long.MAX_VALUE)), false);
    assertAnswer(acquire(1, Duration.ofNanos(SECOND - 1)), false);
    assertAnswer(acquire(1, Duration.ZERO), false);
    assertThat(waiting.waiting()).isZero();
    assertThat(scheduler.submitted()).isZero();
    assertThat(acquire(1, Duration.ofNanos(SECOND))).as("just in time").isNotDone();
    assertAnswer(acquire(2, LONG), false);
    assertAnswer(acquire(1, Duration.ofNanos(SECOND - 1)), false);
    assertThat(waiting.waiting()).as("nobody waits in vain behind others").isEqualTo(1);
  }

  @Test
  void acquireAsync_exactlyAtTheDeadline_isStillServed() throws Exception {
    acquire();
    CompletableFuture<Boolean> justInTime = acquire(1, Duration.ofNanos(SECOND));
    scheduler.advance(SECOND);
    assertAnswer(justInTime, true);
  }

  @Test
  void acquireAsync_deadlineBehindOthers_isRefusedAtTheDeadline() throws Exception {
    acquire();
    CompletableFuture<Boolean> first = acquire();
    CompletableFuture<Boolean> second = acquire();
    CompletableFuture<Boolean> impatient = acquire(1, Duration.ofMillis(1_500));
    CompletableFuture<Boolean> fourth = acquire();
    scheduler.advance(1_500_000_000 - 1);
    assertAnswer(first, true);
    assertThat(impatient).isNotDone();
    scheduler.advance(1);
    assertAnswer(impatient, false);
    scheduler.advance(SECOND / 2);
    assertAnswer(second, true);
    scheduler.advance(SECOND);
    assertAnswer(fourth, true);
    assertThat(scheduler.pending()).isZero();
  }

  @Test
  void acquireAsync_headThatCannotBeServedInTime_isRefusedAsSoonAsThatIsKnown() throws Exception {
    acquire();
    acquire();
    CompletableFuture<Boolean> next = acquire(1, Duration.ofMillis(1_999));
    scheduler.advance(SECOND - 1);
    assertThat(next).isNotDone();
    scheduler.advance(1);
    assertAnswer(next, false);
  }

  @Test
  void acquireAsync_permitsTakenDirectly_isRefusedOnceTheDeadlineIsHopeless() throws Exception {
    acquire();
    CompletableFuture<Boolean> waiter = acquire(1, Duration.ofMillis(1_200));
    scheduler.advance(SECOND - 1);
    ticker.advanceNanos(1);
    assertThat(limiter.tryAcquire()).as("somebody overtakes").isTrue();
    scheduler.runDue();
    assertAnswer(waiter, false);
  }

  @Test
  void acquireAsync_queueFull_isRefusedAtOnce() throws Exception {
    acquire();
    for (int i = 0; i < 5; i++) {
      assertThat(acquire()).isNotDone();
    }
    assertThat(waiting.waiting()).isEqualTo(5);
    assertAnswer(acquire(), false);
    scheduler.advance(SECOND);
    assertThat(acquire()).as("a place is free again").isNotDone();
    assertAnswer(acquire(), false);
  }

  @Test
  void cancel_whileWaiting_leavesTheQueueAndTakesNothing() throws Exception {
    acquire();
    CompletableFuture<Boolean> first = acquire();
    CompletableFuture<Boolean> second = acquire();
    first.cancel(false);
    assertThat(waiting.waiting()).isEqualTo(1);
    scheduler.advance(SECOND);
    assertAnswer(second, true);
    assertThat(limiter.peek().remaining()).isZero();
    assertThat(scheduler.pending()).isZero();
  }

  @Test
  void orTimeoutOrOtherFailure_whileWaiting_leavesTheQueueToo() {
    acquire();
    CompletableFuture<Boolean> failed = acquire();
    failed.completeExceptionally(new IllegalStateException("the client has gone"));
    assertThat(waiting.waiting()).isZero();
    assertThat(scheduler.pending()).isZero();
  }

  @Test
  void arguments_outOfRangeOrMissing_areRejectedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WaitingLimiter(limiter, 0))
        .withMessage("maxWaiting: 0 (expected: at least 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> waiting.acquire(0, LONG))
        .withMessage("permits: 0 (expected: at least 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> acquire(1, Duration.ofNanos(-1)))
        .withMessage("patience: PT-0.000000001S (expected: zero or more)");
    assertThatNullPointerException()
        .isThrownBy(() -> waiting.acquireAsync(1, LONG, null))
        .withMessage("scheduler");
    assertThatNullPointerException()
        .isThrownBy(() -> waiting.acquire(1, null))
        .withMessage("patience");
    assertThatNullPointerException()
        .isThrownBy(() -> new WaitingLimiter(null, 1))
        .withMessage("limiter");
    assertThatNullPointerException()
        .isThrownBy(() -> new WaitingLimiter(limiter, 1, null))
        .withMessage("ticker");
    assertThat(waiting.waiting()).isZero();
  }
}

package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Waiting with a blocked thread, on the real clock where there is no other way, and briefly. */
class BlockingWaitTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  /** Counts how often somebody asks, which shows who spins. */
  private static final class Counted implements RateLimiter {
    final AtomicLong asked = new AtomicLong();
    private final RateLimiter limiter;

    Counted(RateLimiter limiter) {
      this.limiter = limiter;
    }

    @Override
    public Quota quota() {
      return limiter.quota();
    }

    @Override
    public boolean tryAcquire(long permits) {
      return limiter.tryAcquire(permits);
    }

    @Override
    public Decision decide(long permits) {
      asked.incrementAndGet();
      return limiter.decide(permits);
    }

    @Override
    public Decision peek(long permits) {
      return limiter.peek(permits);
    }

    @Override
    public boolean giveBack(long permits) {
      return limiter.giveBack(permits);
    }

    @Override
    public Reservation reserve(long estimate) {
      return limiter.reserve(estimate);
    }
  }

  private static FutureTask<Boolean> start(
      WaitingLimiter waiting, long permits, Duration patience) {
    FutureTask<Boolean> task = new FutureTask<>(() -> waiting.acquire(permits, patience));
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static void awaitWaiting(WaitingLimiter waiting, int count) {
    while (waiting.waiting() != count) {
      Thread.onSpinWait();
    }
  }

  private static boolean answer(FutureTask<Boolean> task)
      throws InterruptedException, ExecutionException, TimeoutException {
    return task.get(20, TimeUnit.SECONDS);
  }

  @Test
  void acquire_permitsComeLater_sleepsUntilThenAndDoesNotSpin() throws InterruptedException {
    Counted limiter = new Counted(TokenBucket.of(Quota.of(1, Duration.ofMillis(60))));
    WaitingLimiter waiting = new WaitingLimiter(limiter, 10);
    long start = System.nanoTime();
    for (int i = 0; i < 3; i++) {
      assertThat(waiting.acquire(1, LONG)).isTrue();
    }
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(120_000_000);
    // Three grants and two refusals; a sleep may end early now and then.
    assertThat(limiter.asked.get()).isBetween(5L, 25L);
    assertThat(waiting.waiting()).isZero();
  }

  @Test
  void acquire_othersComeMeanwhile_sleepsOn() throws Exception {
    Counted limiter = new Counted(TokenBucket.of(Quota.of(1, Duration.ofMillis(200))));
    WaitingLimiter waiting = new WaitingLimiter(limiter, 100);
    assertThat(waiting.acquire(1, LONG)).isTrue();
    FutureTask<Boolean> head = start(waiting, 1, LONG);
    awaitWaiting(waiting, 1);
    for (int i = 0; i < 50; i++) {
      assertThat(waiting.acquire(1, Duration.ZERO)).isFalse();
    }
    assertThat(answer(head)).isTrue();
    assertThat(limiter.asked.get()).isLessThan(70);
  }

  @Test
  void acquire_noPatienceOrHopeless_answersAtOnce() throws InterruptedException {
    ManualTicker ticker = new ManualTicker();
    WaitingLimiter waiting =
        new WaitingLimiter(TokenBucket.of(Quota.perDay(1), ticker), 10, ticker);
    assertThat(waiting.acquire(1, Duration.ZERO)).isTrue();
    assertThat(waiting.acquire(1, Duration.ZERO)).isFalse();
    assertThat(waiting.acquire(1, Duration.ofHours(23))).isFalse();
    assertThat(waiting.acquire(2, Duration.ofDays(1_000_000))).isFalse();
  }

  @Test
  void acquire_permitsGivenBackToAWaitingQueue_servesItInOrder() throws Exception {
    ManualTicker ticker = new ManualTicker();
    RateLimiter limiter = TokenBucket.of(Quota.perDay(3), ticker);
    WaitingLimiter waiting = new WaitingLimiter(limiter, 10, ticker);
    assertThat(limiter.tryAcquire(3)).isTrue();
    List<FutureTask<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tasks.add(start(waiting, 1, Duration.ofDays(10)));
      awaitWaiting(waiting, i + 1);
    }
    for (int i = 0; i < 3; i++) {
      ticker.advance(Duration.ofHours(8));
      // Anybody's call has the queue looked at.
      assertThat(waiting.acquire(1, Duration.ZERO)).isFalse();
      assertThat(answer(tasks.get(i))).isTrue();
      assertThat(waiting.waiting()).isEqualTo(2 - i);
    }
  }

  @Test
  void acquire_interrupted_leavesTheQueueAndTakesNothing() throws Exception {
    ManualTicker ticker = new ManualTicker();
    RateLimiter limiter = TokenBucket.of(Quota.perDay(1), ticker);
    WaitingLimiter waiting = new WaitingLimiter(limiter, 10, ticker);
    assertThat(limiter.tryAcquire()).isTrue();
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    Thread thread =
        new Thread(
            () -> {
              try {
                waiting.acquire(1, Duration.ofDays(5));
              } catch (Throwable e) {
                thrown.add(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    awaitWaiting(waiting, 1);
    thread.interrupt();
    thread.join(20_000);
    assertThat(thrown).hasSize(1).first().isInstanceOf(InterruptedException.class);
    assertThat(waiting.waiting()).isZero();
    ticker.advance(Duration.ofDays(1));
    assertThat(limiter.peek().remaining()).isEqualTo(1);
  }

  @Test
  void acquire_manyThreadsSomeInterrupted_handsOutEveryPermitOnceAndLosesNone() throws Exception {
    for (int round = 0; round < 20; round++) {
      RateLimiter limiter = TokenBucket.of(Quota.of(8, Duration.ofDays(1)), new ManualTicker());
      assertThat(limiter.tryAcquire(4)).isTrue();
      WaitingLimiter waiting = new WaitingLimiter(limiter, 100, new ManualTicker());
      AtomicLong taken = new AtomicLong();
      Threads.run(
          4,
          thread -> {
            try {
              if (thread % 2 == 0) {
                Thread.currentThread().interrupt();
              }
              for (int i = 0; i < 4; i++) {
                taken.addAndGet(waiting.acquire(1, Duration.ZERO) ? 1 : 0);
              }
            } catch (InterruptedException e) {
              // It gave up, and holds nothing.
            }
          });
      assertThat(taken.get() + limiter.peek().remaining()).as("round %d", round).isEqualTo(4);
      assertThat(waiting.waiting()).isZero();
    }
  }
}

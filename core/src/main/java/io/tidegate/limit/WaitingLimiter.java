package io.tidegate.limit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Waits for permits, first come first served, always with a deadline.
 *
 * <p>A wait that cannot end in time is not begun: more permits than can ever be had, a wait longer
 * than the caller's patience (were it alone), and a full queue all answer false at once. A caller
 * that gives up, by interruption or by cancelling its future, leaves the queue and takes nothing.
 * Callers that wait block a thread only in {@link #acquire}; {@link #acquireAsync} is for event
 * loops. Both stand in one queue. Callers that go to the limiter directly do not queue, and may
 * overtake.
 *
 * <p>Safe for use by many threads; the queue has a short lock, under which nothing of the caller's
 * runs but the limiter and the clock. A call costs a look at every waiter. Owns no thread.
 */
public final class WaitingLimiter {

  private final RateLimiter limiter;
  private final int maxWaiting;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Waiter> queue = new ArrayDeque<>();

  /**
   * Waits on a limiter that counts on the system's clock.
   *
   * @param limiter what to take permits from
   * @param maxWaiting how many callers may wait at once, at least 1
   * @throws IllegalArgumentException if maxWaiting is below 1
   */
  public WaitingLimiter(RateLimiter limiter, int maxWaiting) {
    this(limiter, maxWaiting, Ticker.system());
  }

  /**
   * Waits on a limiter.
   *
   * @param limiter what to take permits from
   * @param maxWaiting how many callers may wait at once, at least 1
   * @param ticker the limiter's clock
   * @throws IllegalArgumentException if maxWaiting is below 1
   */
  public WaitingLimiter(RateLimiter limiter, int maxWaiting, Ticker ticker) {
    if (maxWaiting < 1) {
      throw new IllegalArgumentException("maxWaiting: " + maxWaiting + " (expected: at least 1)");
    }
    this.limiter = Objects.requireNonNull(limiter, "limiter");
    this.maxWaiting = maxWaiting;
    this.ticker = Objects.requireNonNull(ticker, "ticker");
  }

  /**
   * Takes permits, and blocks until they are there. Not for event loops.
   *
   * @param permits how many, at least 1
   * @param patience how long to wait at most; zero tries once
   * @return true if taken, false if they cannot be had in time
   * @throws InterruptedException if interrupted while waiting; nothing is taken then
   * @throws IllegalArgumentException if permits is below 1 or patience is negative
   */
  public boolean acquire(long permits, Duration patience) throws InterruptedException {
    Waiter waiter = enter(permits, patience, null);
    while (!waiter.isDone()) {
      LockSupport.parkNanos(this, waiter.wakeAt - ticker.read());
      if (Thread.interrupted()) {
        leave(waiter);
        throw new InterruptedException();
      }
      serve(null);
    }
    return waiter.join();
  }

  /**
   * Takes permits without blocking: the future completes with true once they are taken, or with
   * false if they cannot be had in time or the scheduler takes no more work. Cancel it to give up.
   *
   * @param permits how many, at least 1
   * @param patience how long to wait at most; zero tries once
   * @param scheduler wakes the queue; for example an event loop. What depends on the future runs on
   *     it, unless the answer is there before the future is returned
   * @return the future
   * @throws IllegalArgumentException if permits is below 1 or patience is negative
   */
  public CompletableFuture<Boolean> acquireAsync(
      long permits, Duration patience, ScheduledExecutorService scheduler) {
    Waiter waiter = enter(permits, patience, Objects.requireNonNull(scheduler, "scheduler"));
    waiter.onEnd(
        (taken, failure) -> {
          if (failure != null) {
            leave(waiter);
          }
        });
    return waiter;
  }

  /**
   * How many callers wait now.
   *
   * @return the length of the queue
   */
  public int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  private Waiter enter(
      long permits, Duration patience, @Nullable ScheduledExecutorService scheduler) {
    Permits.check("permits", permits);
    if (Objects.requireNonNull(patience, "patience").isNegative()) {
      throw new IllegalArgumentException("patience: " + patience + " (expected: zero or more)");
    }
    long nanos = saturatedNanos(patience);
    Waiter waiter = new Waiter(permits, ticker.read() + nanos, scheduler);
    lock.lock();
    try {
      if (queue.size() >= maxWaiting || limiter.peek(permits).retryAfterNanos() > nanos) {
        waiter.complete(false);
        return waiter;
      }
      queue.add(waiter);
    } finally {
      lock.unlock();
    }
    serve(waiter);
    // At its deadline a waiter has to be told, wherever it stands.
    if (!waiter.isDone() && !waiter.arrange(nanos, () -> serve(null))) {
      leave(waiter);
    }
    return waiter;
  }

  /** A third of the range, so that deadlines compare by subtraction. */
  private static long saturatedNanos(Duration patience) {
    Duration most = Duration.ofNanos(Long.MAX_VALUE / 3);
    return patience.compareTo(most) > 0 ? most.toNanos() : patience.toNanos();
  }

  /** Takes a waiter out who gave up; what it was granted meanwhile goes back. */
  private void leave(Waiter waiter) {
    boolean granted =
        !waiter.complete(false) && !waiter.isCompletedExceptionally() && waiter.join();
    lock.lock();
    try {
      queue.remove(waiter);
    } finally {
      lock.unlock();
    }
    if (granted) {
      limiter.giveBack(waiter.permits);
    }
    serve(null);
  }

  /** What is left to do for callers once the lock is free. */
  private static final class Round {
    final List<Waiter> granted = new ArrayList<>(1);
    final List<Waiter> refused = new ArrayList<>(1);
    @Nullable Waiter toWake;
  }

  /**
   * Serves the head of the queue as often as there are permits, and drops those out of patience.
   *
   * @param self the waiter whom nobody else can see yet, if any
   */
  private void serve(@Nullable Waiter self) {
    while (true) {
      Round round = decide();
      round.refused.forEach(waiter -> finish(waiter, false, self));
      round.granted.forEach(waiter -> finish(waiter, true, self));
      Waiter head = round.toWake;
      if (head == null || head.arrange(head.wakeAt - ticker.read(), () -> serve(null))) {
        return;
      }
      head.complete(false); // nobody would ever wake it, or those behind it
    }
  }

  private Round decide() {
    Round round = new Round();
    lock.lock();
    try {
      long now = ticker.read();
      queue.removeIf(
          waiter -> waiter.isDone() || (isLate(waiter, now) && round.refused.add(waiter)));
      while (!queue.isEmpty() && decideHead(queue.element(), now, round)) {
        queue.remove();
      }
      queue.removeIf(waiter -> now - waiter.deadline >= 0 && round.refused.add(waiter));
      return round;
    } finally {
      lock.unlock();
    }
  }

  /** After its deadline the head is still tried once; others have nothing to hope for. */
  private boolean isLate(Waiter waiter, long now) {
    return now - waiter.deadline > 0 && waiter != queue.peek();
  }

  /** Returns true if the head is through, one way or the other. */
  private boolean decideHead(Waiter head, long now, Round round) {
    Decision decision = limiter.decide(head.permits);
    if (decision.admitted()) {
      round.granted.add(head);
      return true;
    }
    if (decision.retryAfterNanos() > head.deadline - now) {
      round.refused.add(head);
      return true;
    }
    long at = now + decision.retryAfterNanos();
    // A look that is arranged already will do, unless it comes too late or is over.
    if (at - head.wakeAt < 0 || head.wakeAt - now <= 0) {
      head.wakeAt = at;
      round.toWake = head;
    }
    return false;
  }

  private void finish(Waiter waiter, boolean taken, @Nullable Waiter self) {
    Runnable completion = () -> complete(waiter, taken);
    if (waiter == self) {
      completion.run();
    } else {
      waiter.tell(completion);
    }
  }

  private void complete(Waiter waiter, boolean taken) {
    if (!waiter.complete(taken) && taken) {
      limiter.giveBack(waiter.permits);
      serve(null);
    }
  }
}

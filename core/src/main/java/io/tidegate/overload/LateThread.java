package io.tidegate.overload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that refuses those who wait too long while no slot comes back. It starts when
 * somebody waits, sleeps until the next will be late, and ends after ten seconds in which nobody
 * waited, so that slots which are never closed leave no thread behind.
 *
 * <p>It goes from its look at the queue to sleep without leaving the lock, so nobody comes unseen
 * in between. It sleeps by the system's time, while the queue's clock decides who is late: if they
 * differ, it wakes too early and sleeps again, for a millisecond at least, or it wakes too late.
 */
final class LateThread {

  /** Nobody waits. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long SHORTEST_NAP = 1_000_000;
  private static final long LONGEST_NAP = 10_000_000_000L;

  /** Takes out all who are late, and returns the nanoseconds until the next will be. */
  @FunctionalInterface
  interface Look {
    long expire(List<Queued> told);
  }

  private final ReentrantLock lock;
  private final Condition sooner;
  private final Look look;
  private final boolean wanted;

  // All under the lock.
  private @Nullable Thread thread;
  private long nap;
  private boolean overslept;
  private boolean ended;

  LateThread(ReentrantLock lock, Look look, boolean wanted) {
    this.lock = lock;
    this.sooner = lock.newCondition();
    this.look = look;
    this.wanted = wanted;
  }

  /** Under the lock: somebody has come who will be late in so many nanoseconds. */
  void lookIn(long nanos) {
    if (thread != null && nanos < nap) {
      sooner.signal();
    } else if (thread == null && wanted) {
      start();
    }
  }

  private void start() {
    Thread started = new Thread(this::run, "tidegate-slots");
    started.setDaemon(true);
    try {
      started.start();
      thread = started;
    } catch (OutOfMemoryError e) { // there is no thread to be had: the next who waits asks again
      thread = null;
    }
  }

  /** Under the lock: the thread is to end. */
  void end() {
    ended = true;
    sooner.signal();
  }

  private void run() {
    boolean goOn = true;
    while (goOn) {
      List<Queued> told = new ArrayList<>();
      lock.lock();
      try {
        goOn = round(told);
      } catch (InterruptedException e) {
        goOn = true; // the thread is not known outside: nobody can have meant it
      } finally {
        lock.unlock();
        Telling.tell(told);
      }
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the loop is in run()
  private boolean round(List<Queued> told) throws InterruptedException {
    long next = look.expire(told);
    if (!told.isEmpty()) {
      return true;
    }
    if (ended || (next == NEVER && overslept)) {
      thread = null;
      return false;
    }
    nap = Math.max(SHORTEST_NAP, Math.min(LONGEST_NAP, next));
    boolean timedOut = sooner.awaitNanos(nap) <= 0;
    overslept = timedOut && next == NEVER;
    return true;
  }
}

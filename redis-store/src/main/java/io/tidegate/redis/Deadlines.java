package io.tidegate.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what takes too long. All deadlines of a store are equally far away, so they come due in the
 * order in which they were set, and a queue and one thread do: to set one costs an entry, to meet
 * it nothing, and the thread wakes once per deadline's length at most, and not at all while nothing
 * is under way.
 */
final class Deadlines implements AutoCloseable {

  /** What may take too long. */
  interface Pending {
    /** Whether it has ended, so that its deadline no longer matters. */
    boolean isDone();

    /** When it is to end, on {@link System#nanoTime()}. */
    long due();

    /** Ends it; may find that it has just ended. */
    void expire();
  }

  private static final Logger log = LoggerFactory.getLogger(Deadlines.class);

  private final Queue<Pending> queue = new ConcurrentLinkedQueue<>();
  private final Thread thread = new Thread(this::run, "tidegate-redis-deadlines");
  private volatile boolean idle;
  private volatile boolean closed;

  Deadlines() {
    thread.setDaemon(true);
    thread.start();
  }

  void add(Pending pending) {
    queue.add(pending);
    if (closed) {
      expireAll();
    } else if (idle) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closed) {
      Pending first = queue.peek();
      if (first == null) {
        rest();
      } else if (first.isDone()) {
        queue.poll();
      } else {
        long left = first.due() - System.nanoTime();
        if (left > 0) {
          LockSupport.parkNanos(this, left);
        } else {
          queue.poll();
          expire(first);
        }
      }
    }
    expireAll();
  }

  private void expireAll() {
    for (Pending next = queue.poll(); next != null; next = queue.poll()) {
      expire(next);
    }
  }

  private void rest() {
    idle = true;
    if (queue.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    idle = false;
  }

  private static void expire(Pending pending) {
    try {
      pending.expire();
    } catch (RuntimeException e) {
      log.warn("A call that was answered late failed", e);
    }
  }

  /** Ends all that is under way. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}

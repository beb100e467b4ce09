package io.tidegate.limit;

import org.jspecify.annotations.Nullable;

/**
 * The sliding window, exactly: the times of the last admissions.
 *
 * <p>A call for {@code n} is admitted if, with it, no more than {@code permits} were admitted in
 * the last {@code window}. It costs eight bytes for each permit that still counts, so it is meant
 * for small counts: three sign-ups a day, five password tries an hour.
 *
 * <p>Times in a log never fall: an admission under a clock that went back is written at the last
 * time, which only makes it count longer. Times that lie more than a window ahead of the clock
 * cannot have come from it, and are cut to now.
 *
 * <p>Progress: blocking, in a critical section of some tens of nanoseconds in which nothing waits.
 */
final class WindowLog extends Limit<WindowLog.Log> {

  static final int MOST_PERMITS = 1_000;

  private final long window;

  WindowLog(Quota quota) {
    super(quota, quota.permits());
    this.window = quota.window().toNanos();
  }

  /** A ring of admission times, oldest first. Guarded by its own monitor. */
  static final class Log {
    long[] times = new long[4];
    int head;
    int size;

    long time(int i) {
      return times[(head + i) % times.length];
    }

    long newest() {
      return time(size - 1);
    }

    void dropOldest(int count) {
      head = (head + count) % times.length;
      size -= count;
    }

    void add(long time, int count) {
      ensureRoom(count);
      for (int i = 0; i < count; i++) {
        times[(head + size++) % times.length] = time;
      }
    }

    private void ensureRoom(int count) {
      if (size + count <= times.length) {
        return;
      }
      long[] larger = new long[Math.max(size + count, 2 * times.length)];
      for (int i = 0; i < size; i++) {
        larger[i] = time(i);
      }
      times = larger;
      head = 0;
    }

    /** Removes so many of those that are equal to a time, or as many as there are. */
    void remove(long time, long most) {
      int kept = 0;
      long removed = 0;
      for (int i = 0; i < size; i++) {
        if (time(i) == time && removed < most) {
          removed++;
        } else {
          times[(head + kept++) % times.length] = time(i);
        }
      }
      size = kept;
    }

    void cutTo(long now) {
      for (int i = 0; i < size; i++) {
        if (time(i) - now > 0) {
          times[(head + i) % times.length] = now;
        }
      }
    }
  }

  @Override
  Log fresh(long now) {
    return new Log();
  }

  @Override
  long tryAcquire(Log log, Ticker ticker, long now, long permits, long keptUntil) {
    synchronized (log) {
      long time = possible(log, ticker, now);
      return admitsHeld(log, time, permits)
          ? addHeldIfKept(log, time, permits, keptUntil)
          : REFUSED;
    }
  }

  @Override
  @Nullable Decision decide(Log log, Ticker ticker, long now, long permits, long keptUntil) {
    synchronized (log) {
      long time = possible(log, ticker, now);
      if (!admitsHeld(log, time, permits)) {
        return refused(log, time, permits);
      }
      return addHeldIfKept(log, time, permits, keptUntil) == TAKEN ? admitted(log, time) : null;
    }
  }

  @Override
  Decision peek(Log log, Ticker ticker, long now, long permits) {
    synchronized (log) {
      long time = possible(log, ticker, now);
      return admitsHeld(log, time, permits) ? admitted(log, time) : refused(log, time, permits);
    }
  }

  @Override
  boolean admits(Log log, Ticker ticker, long now, long permits) {
    synchronized (log) {
      return admitsHeld(log, possible(log, ticker, now), permits);
    }
  }

  @Override
  Log copy(Log log) {
    synchronized (log) {
      Log copy = new Log();
      copy.times = log.times.clone();
      copy.head = log.head;
      copy.size = log.size;
      return copy;
    }
  }

  /** Returns the oldest permits that count, since newer ones would be missed for longer. */
  @Override
  void giveBack(Log log, long now, long permits) {
    synchronized (log) {
      log.dropOldest(log.size - counting(log, now));
      log.dropOldest((int) Math.min(permits, log.size));
    }
  }

  /** Returns no permits but those taken, by the time that they were written at. */
  @Override
  void giveBackTaken(Log log, long taken, long paidOff, long now, long permits) {
    synchronized (log) {
      if (now - paidOff < 0) {
        log.remove(paidOff - window, permits);
      }
    }
  }

  @Override
  long debit(Log log, Ticker ticker, long now, long permits, long keptUntil) {
    synchronized (log) {
      long time = possible(log, ticker, now);
      long needed = untilPaid(log, time);
      if (needed > keptUntil - time) {
        return needed;
      }
      int count = (int) Math.min(permits, capacity);
      log.dropOldest((int) Math.max(0, log.size + count - capacity));
      return addHeld(log, time, count);
    }
  }

  @Override
  long untilFresh(Log log, long now) {
    synchronized (log) {
      return untilFreshHeld(log, now);
    }
  }

  // Below, the caller holds the log's monitor.

  /** The reading to decide by; an impossible log is cut to it, after a second look at the clock. */
  private long possible(Log log, Ticker ticker, long now) {
    if (log.size == 0 || log.newest() - now <= window) {
      return now;
    }
    long again = ticker.read();
    if (log.newest() - again > window) {
      log.cutTo(again);
    }
    return again;
  }

  private boolean admitsHeld(Log log, long now, long permits) {
    return permits <= capacity && counting(log, now) + permits <= capacity;
  }

  private long addHeldIfKept(Log log, long now, long permits, long keptUntil) {
    long needed = untilPaid(log, now);
    return needed > keptUntil - now ? needed : addHeld(log, now, permits);
  }

  private long addHeld(Log log, long now, long permits) {
    log.dropOldest(log.size - counting(log, now));
    log.add(timeToWrite(log, now), (int) permits);
    return TAKEN;
  }

  private long timeToWrite(Log log, long now) {
    return log.size > 0 && log.newest() - now > 0 ? log.newest() : now;
  }

  /** Nanoseconds until the log is fresh again if permits are taken now. */
  private long untilPaid(Log log, long now) {
    return timeToWrite(log, now) + window - now;
  }

  /** How many of the newest times are still within the window. */
  private int counting(Log log, long now) {
    int old = 0;
    while (old < log.size && now - log.time(old) >= window) {
      old++;
    }
    return log.size - old;
  }

  private Decision admitted(Log log, long now) {
    return new Decision(
        Decision.Outcome.ADMITTED, remaining(log, now), 0, untilFreshHeld(log, now));
  }

  private Decision refused(Log log, long now, long permits) {
    if (permits > capacity) {
      return Decision.never(remaining(log, now), untilFreshHeld(log, now));
    }
    int oldest = log.size - counting(log, now);
    // The last of the times that must leave the window before this many fit.
    long last = log.time(oldest + (int) (counting(log, now) + permits - capacity) - 1);
    return new Decision(
        Decision.Outcome.REFUSED,
        remaining(log, now),
        last + window - now,
        untilFreshHeld(log, now));
  }

  private long remaining(Log log, long now) {
    return Math.max(0, capacity - counting(log, now));
  }

  private long untilFreshHeld(Log log, long now) {
    return counting(log, now) == 0 ? 0 : log.newest() + window - now;
  }

  @Override
  long longestDebtNanos() {
    return 2 * window;
  }

  @Override
  WindowLog withQuota(Quota quota) {
    SlidingWindow.checkSameWindow(this.quota, quota);
    return new WindowLog(SlidingWindow.checkLog(quota));
  }
}

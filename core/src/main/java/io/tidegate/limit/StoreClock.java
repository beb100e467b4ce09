package io.tidegate.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The time of a {@link Store}: from zero on, with the ticker, but never back.
 *
 * <p>It is raised by writers only, so it lags; an entry is then kept too long, never too short.
 *
 * <p>A ticker that goes back by more than {@link #LEAP_NANOS} has gone wrong, or has been put
 * right. The store's time then goes on from where it stands, for else nothing would be dropped
 * until the ticker is where it has been. A thread that is merely late sees the same, so the ticker
 * is read again before that is believed; and again before a leap ahead is, which a late thread's
 * reading from before a leap back would look like.
 */
final class StoreClock {

  static final long LEAP_NANOS = 1_000_000_000;

  private final Ticker ticker;
  private final AtomicLong latest = new AtomicLong();

  /** What to add to a reading to have the store's time. */
  private volatile long shift;

  StoreClock(Ticker ticker) {
    this.ticker = ticker;
    this.shift = -ticker.read();
  }

  long latest() {
    return latest.get();
  }

  /** The store's time of a reading. */
  long timeOf(long now) {
    return now + shift;
  }

  /** Whether a time is so far back that {@link #raise} would look twice. */
  boolean isLeapBack(long time) {
    return latest.get() - time > LEAP_NANOS;
  }

  /** Brings the clock up to a reading and returns the store's time of it, or of a second one. */
  long raise(long now) {
    long time = timeOf(now);
    long ahead = time - latest.get();
    return ahead > LEAP_NANOS || ahead < -LEAP_NANOS ? raiseAfterLeap() : raiseTo(time);
  }

  private synchronized long raiseAfterLeap() {
    long now = ticker.read();
    long back = latest.get() - timeOf(now);
    if (back > LEAP_NANOS) {
      shift += back;
    }
    return raiseTo(timeOf(now));
  }

  private long raiseTo(long time) {
    latest.accumulateAndGet(time, (seen, given) -> given - seen > 0 ? given : seen);
    return time;
  }
}

package io.tidegate.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongConsumer;

/**
 * The time of a {@link KeyedTable}: as the ticker's, but it neither leaps ahead nor falls back.
 *
 * <p>A table's words mean times within a range around now, so its time must not run away from them.
 * It passes only while somebody asks: a gap that is longer than any debt is counted as one that
 * long, after which every word is paid off just the same. And a ticker that falls back by more than
 * a second, or than the longest debt, has gone wrong or has been put right; the time then goes on
 * from the least that its epoch has seen. What is less is taken for a thread with another view of
 * the clock, and believed. So in all cases the time moves forward by no more than the ticker does.
 *
 * <p>What ticker readings mean is an epoch, one immutable object, so that readers see all of it or
 * nothing. It is read before the ticker: a reading is never older than the epoch that it is
 * measured by, however long its thread was held up in between.
 *
 * <p>Lock-free. A reading costs one of the ticker and one of the epoch; an object is made once in a
 * step.
 */
final class TableClock {

  private static final long MOST_BACK = 1_000_000_000;

  private static final VarHandle EPOCH;

  static {
    try {
      EPOCH = MethodHandles.lookup().findVarHandle(TableClock.class, "epoch", Epoch.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Ticker ticker;
  private final long step;
  private final long longestGap;
  private final long back;
  private final LongConsumer onEpoch;
  private volatile Epoch epoch;

  /**
   * By how much readings are shifted, and from when on.
   *
   * @param least the least time that was given out
   * @param floor what no time is below, however often the ticker falls back
   */
  private record Epoch(long shift, long start, long least, long floor) {}

  /**
   * Makes a clock that begins at 1.
   *
   * @param step for how long an epoch lasts, in nanoseconds
   * @param longestDebt after which everything is paid off, in nanoseconds
   * @param onEpoch what to do, once, when an epoch begins; takes its start
   */
  TableClock(Ticker ticker, long step, long longestDebt, LongConsumer onEpoch) {
    this.ticker = ticker;
    this.step = step;

    this.back = Math.min(longestDebt, MOST_BACK);
    this.longestGap = longestDebt + back + 2 * step;
    this.onEpoch = onEpoch;
    this.epoch = new Epoch(1 - ticker.read(), 1, 1, 1 - back);
  }

  /** The time, in nanoseconds. */
  long read() {
    Epoch current = epoch;
    long time = ticker.read() + current.shift;
    return isWithin(time - current.start) ? time : readAtTheEdge();
  }

  /** Whether a time so long after the start of an epoch belongs to it. */
  private boolean isWithin(long sinceStart) {
    return sinceStart >= 0 && sinceStart < step;
  }

  private long readAtTheEdge() {
    while (true) {
      Epoch current = epoch;
      long time = ticker.read() + current.shift;
      Epoch next = epochOf(time, current);
      if (next.equals(current)) {
        return time;
      }
      if (EPOCH.compareAndSet(this, current, next)) {
        if (next.start != current.start) {
          onEpoch.accept(next.start);
        }
        return time - current.shift + next.shift;
      }
    }
  }

  private Epoch epochOf(long time, Epoch current) {
    long sinceStart = time - current.start;
    if (sinceStart >= step) {
      long start = current.start + Math.min(sinceStart, longestGap);
      return new Epoch(current.shift - (time - start), start, start, start - back);
    }
    long least = current.least;
    if (time < current.floor) {
      return new Epoch(current.shift + (least - time), least, least, current.floor);
    }
    return time >= least ? current : new Epoch(current.shift, current.start, time, current.floor);
  }
}

package io.tidegate.limit;

/**
 * The sliding window as a function over one word, with two counters.
 *
 * <p><b>The idea.</b> Time is cut into windows of length {@code w}. The word keeps the index of a
 * window, what was admitted in the one before, and what was admitted in it so far. With {@code e}
 * the time that has passed of the current one, the estimate for the sliding window is
 *
 * <pre>  estimate = previous * (w - e) / w + current,</pre>
 *
 * as if the previous window's calls had come evenly. A call for {@code n} is admitted if {@code
 * estimate + n <= permits}; the division is done exactly, by multiplying it out.
 *
 * <p><b>What it promises.</b> The estimate grows by {@code n} with each admission, falls at {@code
 * previous / w}, which is at most {@code permits / w}, and does not jump where windows meet. So in
 * any time {@code t} at most {@code permits + permits * t / w} are admitted: the same bound as a
 * token bucket's. It is not "at most {@code permits} in every {@code w}", since calls need not have
 * come evenly; {@link WindowLog} promises that.
 *
 * <p>What comes back lowers the count of the window that it was taken in, so no count is ever less
 * than what was used in its window, and the bound holds whatever is held and cancelled.
 *
 * <p><b>Layout.</b> 24 bits of index, 20 of the previous count, 20 of the current one. Indices are
 * compared by subtraction; a state that seems to lie up to one window ahead is read as that
 * window's start, one further ahead is impossible and is cut to a full current window. So readings
 * are told apart within 2^23 windows (97 days for windows of a second): a counter untouched for
 * longer may be full once, for two windows at most.
 *
 * <p><b>Units.</b> Nanoseconds, or the least power of two of them in which a window is shorter than
 * 2^42 units: 1 ns up to 73 minutes, 8 microseconds at a year. A window is rounded up to that unit.
 *
 * <p>Source: the two-counter window as published by Cloudflare, "How we built rate limiting capable
 * of scaling to millions of domains" (2017).
 */
final class WindowCounter extends WordLimit {

  static final int MOST_PERMITS = (1 << 20) - 1;

  private static final int COUNT_BITS = 20;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
  private static final int INDEX_SHIFT = 2 * COUNT_BITS;
  private static final int LENGTH_BITS = 42;

  /** Where index 0 begins, in the ticker's nanoseconds. */
  private final long origin;

  /** A unit is {@code 1 << unitBits} nanoseconds. */
  private final int unitBits;

  /** The window, in units. */
  private final long length;

  WindowCounter(Quota quota, long origin) {
    super(quota, quota.permits());
    long nanos = quota.window().toNanos();
    this.origin = origin;
    this.unitBits = Math.max(0, 64 - Long.numberOfLeadingZeros(nanos) - LENGTH_BITS);
    this.length = (nanos >> unitBits) + ((nanos & ((1L << unitBits) - 1)) == 0 ? 0 : 1);
  }

  private static long word(long index, long previous, long current) {
    return index << INDEX_SHIFT | previous << COUNT_BITS | current;
  }

  private static long previous(long word) {
    return word >>> COUNT_BITS & COUNT_MASK;
  }

  private static long current(long word) {
    return word & COUNT_MASK;
  }

  /** How many windows the word's lies ahead of the given one; negative if behind. */
  private static long ahead(long word, long index) {
    return ((word >>> INDEX_SHIFT) - index) << INDEX_SHIFT >> INDEX_SHIFT;
  }

  private long units(long now) {
    return (now - origin) >> unitBits;
  }

  private long index(long now) {
    return Math.floorDiv(units(now), length);
  }

  /** The same state written for the window of {@code now}, or for its own if that lies ahead. */
  private static long rolled(long word, long index) {
    long ahead = ahead(word, index);
    if (ahead >= 0) {
      return word;
    }
    return word(index, ahead == -1 ? current(word) : 0, 0);
  }

  /** What has passed of a rolled word's window, in units: 0 if the window lies ahead. */
  private long elapsed(long rolled, long index, long now) {
    return ahead(rolled, index) > 0 ? 0 : units(now) - index * length;
  }

  @Override
  long initial(long now) {
    return word(index(now), 0, 0);
  }

  @Override
  long charge(long state, long now, long permits) {
    long index = index(now);
    long rolled = rolled(state, index);
    long left = capacity - permits - current(rolled);
    long weighed = previous(rolled) * (length - elapsed(rolled, index, now));
    return left < 0 || weighed > left * length || ahead(rolled, index) > 1
        ? state
        : rolled + permits;
  }

  @Override
  long refund(long state, long now, long permits) {
    long rolled = rolled(state, index(now));
    long fromCurrent = Math.min(permits, current(rolled));
    long fromPrevious = Math.min(permits - fromCurrent, previous(rolled));
    return fromCurrent + fromPrevious == 0
        ? state
        : rolled - fromCurrent - (fromPrevious << COUNT_BITS);
  }

  @Override
  long refundTaken(long state, long taken, long paidOff, long now, long permits) {
    if (now - paidOff >= 0) {
      return state;
    }
    // A charge is forgotten two windows after the one that it is counted in has begun.
    long counted = index(paidOff) - 2;
    long rolled = rolled(state, index(now));
    long since = ahead(rolled, counted);
    if (since == 0) {
      return rolled - Math.min(permits, current(rolled));
    }
    return since == 1 ? rolled - (Math.min(permits, previous(rolled)) << COUNT_BITS) : state;
  }

  @Override
  long overdraw(long state, long now, long permits) {
    long rolled = rolled(state, index(now));
    long most = Math.min(MOST_DEBTS * capacity, COUNT_MASK);
    return rolled + Math.min(permits, Math.max(0, most - current(rolled)));
  }

  @Override
  boolean isImpossible(long state, long now) {
    return ahead(state, index(now)) > 1;
  }

  @Override
  long fullDebt(long now) {
    return word(index(now), 0, capacity);
  }

  @Override
  long waitNanos(long state, long now, long permits) {
    long index = index(now);
    long rolled = rolled(state, index);
    long left = capacity - permits - current(rolled);
    long start = (index + ahead(rolled, index)) * length;
    long target =
        left >= 0
            ? start + elapsedUntil(previous(rolled), left)
            : start + length + elapsedUntil(current(rolled), capacity - permits);
    return (target << unitBits) - (now - origin);
  }

  /** When, in units from its window's start, a previous count has faded to what is left. */
  private long elapsedUntil(long previous, long left) {
    // An overdrawn window may need a second one to fade: what it leaves then is 0.
    return previous <= left ? 0 : length - left * length / previous;
  }

  @Override
  long remaining(long state, long now) {
    long index = index(now);
    long rolled = rolled(state, index);
    long weighed = previous(rolled) * (length - elapsed(rolled, index, now));
    long faded = weighed / length + (weighed % length == 0 ? 0 : 1);
    return Math.max(0, capacity - current(rolled) - faded);
  }

  @Override
  long untilFresh(long state, long now) {
    long index = index(now);
    long rolled = rolled(state, index);
    long start = (index + ahead(rolled, index)) * length;
    if (current(rolled) > 0) {
      return ((start + 2 * length) << unitBits) - (now - origin);
    }
    return previous(rolled) > 0 ? ((start + length) << unitBits) - (now - origin) : 0;
  }

  @Override
  long longestDebtNanos() {
    return (3 * length) << unitBits;
  }

  @Override
  WindowCounter withQuota(Quota quota) {
    SlidingWindow.checkSameWindow(this.quota, quota);
    return new WindowCounter(SlidingWindow.checkCounter(quota), origin);
  }
}

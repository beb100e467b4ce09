package io.tidegate.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Arrival times of any number of keys in a fixed number of words.
 *
 * <p><b>The layout.</b> Words stand in sets of {@value #WAYS}, one cache line each. A key's hash
 * names its set and its tag. A word is a time (the upper 40 bits) and the tag of the key that it
 * belongs to (the lower 24). The time is the key's theoretical arrival time, as in {@link Gcra}, in
 * units, and it wraps; so words are compared by the sign of their difference.
 *
 * <p><b>The one rule.</b> A key without a word takes the least word of its set, whether or not that
 * is paid off, and <em>inherits its time</em>. The word then becomes {@code max(time, now) + cost},
 * which is more than it was. There is no other way to a word, and no word ever decreases.
 *
 * <p><b>No key is admitted more than its quota.</b> Let a key's claim be what its word says. While
 * it has its word, GCRA bounds it. When it is displaced, its word was the least of the set, so
 * every word of the set was at least its claim; words only grow, so when the key returns, the time
 * that it inherits is at least its claim. It may owe more than it used, never less. This is the
 * argument of Space-Saving, with arrival times for counts. Two keys of one set with one tag share a
 * word, and so get less.
 *
 * <p><b>A key has one word at most.</b> Suppose that two threads both put a key into a set, one in
 * word i and, later, the other in word j. The second did not see the key in i, so it read i before
 * the first one's write; let that reading be y, and let it have read u in j, least of all it read:
 * u &lt;= y. The first read x in j before it wrote, and v in i, least of all it read: v &lt;= x.
 * Both writes succeeded, so i held v until the first one's write and j held u until the second
 * one's. A word only grows, so y &lt;= v and x &lt;= u; hence u = y = v = x, and the rule for ties,
 * the lowest index, sends both to the same word. The second compare-and-set then fails. The
 * argument needs no order among the reads, only that they come before their own thread's write and
 * that a word never returns to an earlier value. It does not hold if a newcomer takes the first
 * word that is paid off: threads have different views of now, and would choose different words.
 *
 * <p><b>Why no word may decrease.</b> Were permits given back by lowering a word, another key could
 * have been displaced from the set in between, and would return to inherit less than it owed; and a
 * word could come to hold a value again that another thread still means to replace. So a table
 * takes nothing back.
 *
 * <p><b>Wrap-around.</b> Signs of differences are right as long as any two words of a set are less
 * than half the range apart. No word is further ahead of now than the longest debt, an eighth of
 * the range; none is to be further behind than that, too. A sweep, a slice at a time, lifts words
 * that are older than a sixteenth to just before now (they are paid off, and stay so), and comes
 * round within another sixteenth of the range; and {@link TableClock} never leaps by more than an
 * eighth and two slices. Together that is less than half, and leaves room for a sweeper that is
 * held up for a whole round. A thread that is held up within a decision for half the range, which
 * is at least nine minutes, while others go on, may read a word wrongly.
 *
 * <p>Sources: Metwally, Agrawal and El Abbadi, "Efficient computation of frequent and top-k
 * elements in data streams" (2005), for Space-Saving; ITU-T I.371 for GCRA.
 */
final class TableWords {

  static final int WAYS = 8;

  /** In how many parts a sweep looks at the words. */
  static final int SLICES = 256;

  private static final int TAG_BITS = 64 - TableScale.TIME_BITS;
  private static final long TAG_MASK = (1L << TAG_BITS) - 1;

  /** An array's elements begin 16 bytes after the object; 48 bytes on, a line begins. */
  private static final int FIRST = 6;

  private static final long SWEEP_AGE = TableScale.RANGE / 16;
  private static final long SLICE_UNITS = SWEEP_AGE / SLICES;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  final TableScale scale;
  final Counters counters;

  /** Read and written elsewhere only by tests, whose twins break the rule. */
  final long[] words;

  private final TableClock clock;
  private final int sets;
  private final AtomicLong swept = new AtomicLong();

  /** What replaces these words; asked as well, from before it is filled. */
  private volatile @Nullable TableWords successor;

  /** What a limiter counts, whatever words it has. */
  static final class Counters {
    final LongAdder displaced = new LongAdder();
    final LongAdder crowdedOut = new LongAdder();
  }

  TableWords(TableScale scale, int sets, Ticker ticker, Counters counters) {
    this.scale = scale;
    this.sets = sets;
    this.counters = counters;
    this.words = new long[FIRST + sets * WAYS];
    long slice = SLICE_UNITS << scale.unitBits;
    this.clock = new TableClock(ticker, slice, scale.longestDebtNanos(), this::sweep);
  }

  int sets() {
    return sets;
  }

  /** The time, in nanoseconds. Sweeps a slice now and then. */
  long time() {
    return clock.read();
  }

  static long tag(long hash) {
    long tag = hash & TAG_MASK;
    return tag == 0 ? 1 : tag; // 0 is nobody's
  }

  private static int setOf(long upperHash, int sets) {
    return (int) ((upperHash * sets) >>> 32);
  }

  int firstOf(long hash) {
    return FIRST + setOf(hash >>> 32, sets) * WAYS;
  }

  static long word(long time, long tag) {
    return time << TAG_BITS | tag;
  }

  static long ahead(long word, long units) {
    return Math.max((word - (units << TAG_BITS)) >> TAG_BITS, 0);
  }

  // Answers: the debt after an admission, which is above 0; or -1 - the debt that refuses.

  static boolean isAdmitted(long answer) {
    return answer > 0;
  }

  static long debtOf(long answer) {
    return answer > 0 ? answer : -1 - answer;
  }

  /** Takes permits, at most a burst of them, or none. Writes no word if refused. */
  long charge(long hash, long permits, long now) {
    long cost = permits * scale.interval;
    long answer = charge(firstOf(hash), tag(hash), cost, scale.toUnits(now), scale.tolerance);
    TableWords next = successor;
    return next == null || !isAdmitted(answer) || next.admitsToo(hash, permits)
        ? answer
        : -1 - scale.tolerance;
  }

  /** Charges a call that the words before these have admitted. */
  private boolean admitsToo(long hash, long permits) {
    return isAdmitted(charge(hash, Math.min(permits, scale.quota.burst()), time()));
  }

  private long charge(int first, long tag, long cost, long units, long tolerance) {
    while (true) {
      int at = first;
      long word = (long) WORD.getOpaque(words, first);
      for (int i = first + 1; i < first + WAYS && (word & TAG_MASK) != tag; i++) {
        long other = (long) WORD.getOpaque(words, i);
        if ((other & TAG_MASK) == tag || other - word < 0) {
          at = i;
          word = other;
        }
      }
      long debt = ahead(word, units);
      boolean crowded = debt > 0 && (word & TAG_MASK) != tag;
      if (debt > tolerance - cost) {
        if (crowded) {
          counters.crowdedOut.increment();
        }
        return -1 - debt;
      }
      if (WORD.compareAndSet(words, at, word, word(units + debt + cost, tag))) {
        if (crowded) {
          counters.crowdedOut.increment();
          counters.displaced.increment();
        }
        return debt + cost;
      }
    }
  }

  /** What a key owes, in units: by its word, or by the one that it would take. */
  long debt(long hash, long now) {
    return ahead(wordOf(firstOf(hash), tag(hash)), scale.toUnits(now));
  }

  /** A key's own word, or the least of its set, as {@link #charge} looks for it. */
  private long wordOf(int first, long tag) {
    long word = (long) WORD.getOpaque(words, first);
    for (int i = first + 1; i < first + WAYS && (word & TAG_MASK) != tag; i++) {
      long other = (long) WORD.getOpaque(words, i);
      if ((other & TAG_MASK) == tag || other - word < 0) {
        word = other;
      }
    }
    return word;
  }

  /** Sees to it that a key is told of no earlier time than this, whatever word it has. */
  private void raise(int first, long tag, long time) {
    long raised = word(time, tag);
    long word = wordOf(first, tag);
    while ((word - raised) >> TAG_BITS < 0 && !replace(first, word, raised)) {
      word = wordOf(first, tag);
    }
  }

  /** Replaces the first word of a set that is this one; false if none is any more. */
  private boolean replace(int first, long word, long next) {
    for (int i = first; i < first + WAYS; i++) {
      if ((long) WORD.getOpaque(words, i) == word) {
        return WORD.compareAndSet(words, i, word, next);
      }
    }
    return false;
  }

  /** Lifts old words, so that all lie within half the range. */
  private void sweep(long now) {
    long target = scale.toUnits(now) / SLICE_UNITS;
    long slice = swept.get();
    while (slice < target) {
      long next = Math.max(slice, target - SLICES) + 1;
      if (swept.compareAndSet(slice, next)) {
        sweepSlice((int) (next % SLICES), scale.toUnits(now));
      }
      slice = swept.get();
    }
  }

  private void sweepSlice(int slice, long units) {
    int from = FIRST + (int) ((long) sets * slice / SLICES) * WAYS;
    int to = FIRST + (int) ((long) sets * (slice + 1) / SLICES) * WAYS;
    for (int i = from; i < to; i++) {
      long word = (long) WORD.getOpaque(words, i);
      if (((units << TAG_BITS) - word) >> TAG_BITS > SWEEP_AGE) {
        WORD.compareAndSet(words, i, word, word(units - 1, word & TAG_MASK));
      }
    }
  }

  /**
   * Puts other words in the place of these. What anybody owes goes over, cut to the longest debt
   * there; from before it does until the last user of these words is gone, a call is admitted only
   * if both admit it. Nobody may use the others by themselves before this returns.
   *
   * <p>Of a set's keys only the tags are known. If the sets are cut differently, a word goes to
   * each set that its key may belong to; where there are more than a set has room for, the largest
   * stay, and the others inherit no less than they owed. A key that is displaced while its set is
   * copied may not be seen; what it owed is at most the set's least after that, below which no word
   * stays in the sets that its key may belong to.
   */
  void replaceBy(TableWords next) {
    next.successor = successor;
    successor = next;
    long now = time();
    long nextUnits = next.scale.toUnits(next.time());
    for (int set = 0; set < sets; set++) {
      int from = setOf(leastUpperHash(set), next.sets);
      int to = setOf(leastUpperHash(set + 1) - 1, next.sets);
      for (int way = 0; way < WAYS; way++) {
        long word = volatileWord(set, way);
        long time = nextUnits + debtThere(next, word, now);
        for (int target = from; time > nextUnits && target <= to; target++) {
          next.raise(FIRST + target * WAYS, word & TAG_MASK, time);
        }
      }
      long least = Long.MAX_VALUE;
      for (int way = 0; way < WAYS; way++) {
        least = Math.min(least, debtThere(next, volatileWord(set, way), now));
      }
      for (int target = from; least > 0 && target <= to; target++) {
        next.lift(FIRST + target * WAYS, nextUnits + least);
      }
    }
  }

  private long volatileWord(int set, int way) {
    return (long) WORD.getVolatile(words, FIRST + set * WAYS + way);
  }

  /** What a word owes, in the units of other words. */
  private long debtThere(TableWords next, long word, long now) {
    return next.scale.debtOf(scale.nanosUntil(ahead(word, scale.toUnits(now)), now));
  }

  /** Sees to it that no word of a set is of an earlier time than this. */
  private void lift(int first, long time) {
    for (int i = first; i < first + WAYS; i++) {
      long word = (long) WORD.getOpaque(words, i);
      while ((word - word(time, 0)) >> TAG_BITS < 0
          && !WORD.compareAndSet(words, i, word, word(time, word & TAG_MASK))) {
        word = (long) WORD.getOpaque(words, i);
      }
    }
  }

  /** The least upper half of a hash that names a set. */
  private long leastUpperHash(long set) {
    return ((set << 32) + sets - 1) / sets;
  }

  /** Gives what each word owes, in units, to a reader; words that owe nothing left out. */
  void forEachDebt(LongConsumer reader) {
    long units = scale.toUnits(time());
    for (int i = FIRST; i < words.length; i++) {
      long debt = ahead((long) WORD.getOpaque(words, i), units);
      if (debt > 0) {
        reader.accept(debt);
      }
    }
  }
}

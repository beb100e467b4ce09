package io.tidegate.limit;

/**
 * A quota in the unit of a {@link KeyedTable}: a power of two of nanoseconds.
 *
 * <p>The time field of a word has {@value #TIME_BITS} bits, so the unit decides how far a table can
 * look, and how finely. The unit is the smallest whose range holds {@value #DEBTS_IN_RANGE} longest
 * debts, since a finer one errs less; if not even {@value #LEAST_INTERVAL} such units fit into the
 * time that one permit costs, the quota does not fit a table. The interval is rounded up to the
 * unit once, so the rate errs low, by less than one part in {@value #LEAST_INTERVAL}.
 */
final class TableScale {

  static final int TIME_BITS = 40;

  /** In units. */
  static final long RANGE = 1L << TIME_BITS;

  private static final int DEBTS_IN_RANGE = 8;
  private static final long LONGEST_DEBT = RANGE / DEBTS_IN_RANGE;
  private static final int LEAST_INTERVAL = 64;

  final Quota quota;

  /** The unit is 2 to the power of this, in nanoseconds. */
  final int unitBits;

  /** Units per permit. */
  final long interval;

  /** Units that a whole burst costs, which is the longest debt. */
  final long tolerance;

  private TableScale(Quota quota, int unitBits, long interval) {
    this.quota = quota;
    this.unitBits = unitBits;
    this.interval = interval;
    this.tolerance = interval * quota.burst();
  }

  /**
   * Finds the unit for a quota.
   *
   * @throws IllegalArgumentException if there is none
   */
  static TableScale of(Quota quota) {
    int unitBits = 0;
    while (interval(quota, unitBits) > LONGEST_DEBT / quota.burst()) {
      unitBits++;
      if (interval(quota, unitBits) < LEAST_INTERVAL) {
        break;
      }
    }
    long interval = interval(quota, unitBits);
    if (interval < LEAST_INTERVAL) {
      throw new IllegalArgumentException(
          "quota: "
              + quota
              + " (expected: for a table, at least "
              + (LEAST_INTERVAL << unitBits)
              + " ns per permit, in units of "
              + (1L << unitBits)
              + " ns, of which a whole burst takes at most "
              + LONGEST_DEBT
              + "; a bounded store holds every quota)");
    }
    return new TableScale(quota, unitBits, interval);
  }

  private static long interval(Quota quota, int unitBits) {
    long nanos = quota.window().toNanos();
    long window = (nanos >> unitBits) + ((nanos & (1L << unitBits) - 1) == 0 ? 0 : 1);
    return window / quota.permits() + (window % quota.permits() == 0 ? 0 : 1);
  }

  static boolean fits(Quota quota) {
    try {
      of(quota);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A time in nanoseconds as whole units, rounded down. */
  long toUnits(long nanos) {
    return nanos >> unitBits;
  }

  /** How long from a time until so many units after the unit that it lies in. */
  long nanosUntil(long units, long now) {
    return units <= 0 ? 0 : ((toUnits(now) + units) << unitBits) - now;
  }

  /** A debt in nanoseconds as units, rounded up, and cut to the longest. */
  long debtOf(long nanos) {
    return Math.min(toUnits(nanos + ((1L << unitBits) - 1)), tolerance);
  }

  long longestDebtNanos() {
    return tolerance << unitBits;
  }

  /** By how much the rate errs low, as a share of it. */
  double rateError() {
    double exact = (double) quota.window().toNanos() / quota.permits();
    return Math.max(0, 1 - exact / ((double) interval * (1L << unitBits)));
  }

  boolean admits(long debt, long permits) {
    return debt <= tolerance - permits * interval;
  }

  /** What a key is told that owes so much after it was admitted. */
  Decision admitted(long debt, long now) {
    return new Decision(Decision.Outcome.ADMITTED, remaining(debt), 0, nanosUntil(debt, now));
  }

  /** What a key is told that owes too much. */
  Decision refused(long debt, long permits, long now) {
    return new Decision(
        Decision.Outcome.REFUSED,
        remaining(debt),
        nanosUntil(debt + permits * interval - tolerance, now),
        nanosUntil(debt, now));
  }

  /** What a key is told that asks for more than a burst. */
  Decision never(long debt, long now) {
    return Decision.never(remaining(debt), nanosUntil(debt, now));
  }

  private long remaining(long debt) {
    return Math.max(tolerance - debt, 0) / interval;
  }
}

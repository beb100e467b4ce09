package io.tidegate.limit;

import java.math.BigInteger;

/**
 * The token bucket as a function over one word, by the generic cell rate algorithm.
 *
 * <p><b>The idea.</b> A bucket of {@code burst} tokens that refills at one token per interval
 * {@code T} needs two numbers: a level and the time of the last update. GCRA keeps one: the
 * <em>theoretical arrival time</em> (TAT), the moment at which the bucket will be full again. What
 * the caller owes is {@code debt = max(TAT - now, 0)}; the level is {@code burst - debt / T}. A
 * call for {@code n} permits is admitted if
 *
 * <pre>  debt + n * T &lt;= burst * T,   and then   TAT = now + debt + n * T.</pre>
 *
 * Time passes without anyone writing: the debt shrinks because {@code now} grows. So a refusal
 * writes nothing, an idle bucket needs no timer, and "when may I come back" is a subtraction.
 *
 * <p><b>Why it never admits too much.</b> Every admission of {@code n} adds {@code n * T} to the
 * debt, the debt shrinks only with the clock, nanosecond for nanosecond, and it never exceeds
 * {@code burst * T} after an admission. Over any run of calls: admitted x T &lt;= burst x T + time
 * passed, where time passed is the sum of the clock's forward steps. A clock that goes back only
 * makes the debt larger. Note what is <em>not</em> done: {@code now} is never raised to TAT for the
 * test, which would admit everything.
 *
 * <p><b>Units and wrap-around.</b> The word counts 1/64 ns and wraps after 9.1 years; differences
 * are taken by subtraction, so a TAT is read rightly up to 4.5 years on either side of now, and a
 * debt is at most {@link #MOST_DEBTS} times 366 days. A bucket untouched for longer than 4.5 years
 * may read as far in the future; it is then in full debt once.
 *
 * <p><b>Impossible states.</b> After a clock leapt ahead, was used and came back, TAT lies in the
 * future by the whole leap, and everything would be refused for that long. A debt beyond {@link
 * #MOST_DEBTS} bursts cannot arise under one steady clock (an admission leaves one at most, a
 * settlement two), so it is cut to one full debt. The cut hands out no permit: after it, too, only
 * forward steps of the clock admit anything.
 *
 * <p><b>What comes back late.</b> Time pays off alike all that is owed: of a charge that left a
 * debt of D, a reservation held for h gives back the share (D - h) / D. Let S be all that could
 * still come back. A charge raises S and the debt by as much, and what comes back lowers both by as
 * much. While time passes the debt falls by one for one, and S by S / (burst * T) at least, since
 * no D is longer than that. So S - debt can grow only while S is below one burst, and S &lt;= burst
 * * T + debt always. What is used in a time t is at most burst * T - debt + t + what comes back of
 * earlier charges: at most two bursts and t. Since the start nothing comes back but what was
 * charged: at most one burst and t.
 *
 * <p>It would not do to give back what a charge that lay last in a queue had left to pay. When
 * earlier charges come back it lies further ahead, and whoever holds, cancels and holds again in
 * turn would pile up any number of permits that all seem to be last.
 *
 * <p>Sources: ITU-T I.371 (virtual scheduling form of GCRA); Turner, "New directions in
 * communications" (1986), for the leaky bucket that it equals.
 */
final class Gcra extends WordLimit {

  private static final int UNIT_BITS = 6;
  private static final long UNIT_MASK = (1L << UNIT_BITS) - 1;

  /** Units per permit. */
  private final long interval;

  /** Units that a whole burst costs. */
  private final long tolerance;

  Gcra(Quota quota) {
    super(quota, quota.burst());
    this.interval = interval(quota.permits(), quota.window().toNanos());
    this.tolerance = interval * quota.burst();
  }

  /** Units per permit, rounded up: the one place where a rate is rounded. */
  static long interval(long permits, long windowNanos) {
    long units = toUnits(windowNanos);
    return units / permits + (units % permits == 0 ? 0 : 1);
  }

  static long toUnits(long nanos) {
    return nanos << UNIT_BITS;
  }

  private static long toNanosUp(long units) {
    return (units >> UNIT_BITS) + ((units & UNIT_MASK) == 0 ? 0 : 1);
  }

  private static long debt(long tat, long now) {
    long debt = tat - toUnits(now);
    return Math.max(debt, 0);
  }

  @Override
  long initial(long now) {
    return toUnits(now);
  }

  @Override
  long charge(long tat, long now, long permits) {
    long cost = permits * interval;
    long debt = debt(tat, now);
    return debt > tolerance - cost ? tat : toUnits(now) + debt + cost;
  }

  @Override
  long refund(long tat, long now, long permits) {
    return paidBack(tat, now, costUpTo(permits));
  }

  @Override
  long refundTaken(long tat, long taken, long paidOff, long now, long permits) {
    // What was said to be owed is rounded up, so it may be beyond a whole burst by less than 1 ns.
    long debt = Math.min(paidOff - taken, tolerance >> UNIT_BITS);
    long held = Math.max(now - taken, 0);
    return held >= debt ? tat : paidBack(tat, now, share(costUpTo(permits), debt - held, debt));
  }

  private static long paidBack(long tat, long now, long units) {
    long debt = debt(tat, now);
    return debt == 0 ? tat : toUnits(now) + Math.max(debt - units, 0);
  }

  /** Of a cost, so many parts, rounded down. The product may need 128 bits. */
  private static long share(long cost, long parts, long whole) {
    if (parts == whole) {
      return cost;
    }
    return BigInteger.valueOf(cost)
        .multiply(BigInteger.valueOf(parts))
        .divide(BigInteger.valueOf(whole))
        .longValue();
  }

  @Override
  long overdraw(long tat, long now, long permits) {
    long most = MOST_DEBTS * tolerance;
    return toUnits(now) + Math.min(debt(tat, now) + costUpTo(permits), most);
  }

  /** The cost of any number of permits, cut to the most that can count. */
  private long costUpTo(long permits) {
    return Math.min(permits, MOST_DEBTS * capacity) * interval;
  }

  @Override
  boolean isImpossible(long tat, long now) {
    return tat - toUnits(now) > MOST_DEBTS * tolerance;
  }

  @Override
  long fullDebt(long now) {
    return toUnits(now) + tolerance;
  }

  @Override
  long waitNanos(long tat, long now, long permits) {
    return toNanosUp(debt(tat, now) + permits * interval - tolerance);
  }

  @Override
  long remaining(long tat, long now) {
    return Math.max(tolerance - debt(tat, now), 0) / interval;
  }

  @Override
  long untilFresh(long tat, long now) {
    return toNanosUp(debt(tat, now));
  }

  @Override
  long longestDebtNanos() {
    return toNanosUp(tolerance);
  }

  @Override
  Gcra withQuota(Quota quota) {
    return new Gcra(quota);
  }
}

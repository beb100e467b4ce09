package io.tidegate.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Permits taken for a cost that is not known yet. {@link #settle} replaces the estimate by the
 * actual cost, {@link #cancel} by nothing; whichever comes first counts, and what comes later does
 * nothing. A reservation that is never settled stays charged in full, so a crash gives nothing
 * away.
 *
 * <p><b>What comes back</b> is what still counts of what was taken, and nothing that others owe.
 *
 * <ul>
 *   <li>Of a token bucket, time pays off alike all that is owed. If everything owed right after the
 *       estimate was taken takes a time {@code d} to be paid off ({@link
 *       Decision#resetAfterNanos()}), then after {@code h} the share {@code (d - h) / d} comes
 *       back.
 *   <li>A counting window lowers the count of the window in which the estimate was taken, as long
 *       as that counts.
 *   <li>A log forgets what it wrote, exactly.
 * </ul>
 *
 * <p><b>What can be had by it</b>, as long as nothing is settled beyond its estimate. All that was
 * used and all that is still open is together at most {@code burst + permits x t / window} in the
 * time {@code t} since the start. In any time {@code t} later on, if the clock does not go back, a
 * sliding window keeps the bound that it has without reservations. A token bucket gives at most
 * {@code 2 x burst + permits x t / window}: what could still come back at a time is never more than
 * one burst and what is owed. To get at the second burst takes a contrived order, in which
 * reservations are held for others to be cancelled.
 *
 * <p>What was used beyond the estimate is charged into debt, by at most one more burst, so later
 * callers wait for it.
 *
 * <p>Safe for use by many threads; settling is lock-free where the limiter is.
 */
public abstract class Reservation {

  private static final VarHandle SETTLED;

  static {
    try {
      SETTLED = MethodHandles.lookup().findVarHandle(Reservation.class, "settled", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Decision decision;
  private final long estimate;

  @SuppressWarnings("unused") // through SETTLED
  private volatile boolean settled;

  /**
   * For limiters outside this package.
   *
   * @param decision the answer
   * @param estimate what was taken, if admitted
   */
  protected Reservation(Decision decision, long estimate) {
    this.decision = decision;
    this.estimate = estimate;
    this.settled = !decision.admitted();
  }

  /**
   * How the limiter answered.
   *
   * @return the decision on the estimate
   */
  public final Decision decision() {
    return decision;
  }

  /**
   * Whether the estimate was taken.
   *
   * @return true if admitted
   */
  public final boolean admitted() {
    return decision.admitted();
  }

  /**
   * Replaces the estimate by the actual cost, once. Does nothing if refused, settled or cancelled.
   *
   * @param actual what was used, at least 0
   * @throws IllegalArgumentException if actual is negative
   */
  public final void settle(long actual) {
    if (actual < 0) {
      throw new IllegalArgumentException("actual: " + actual + " (expected: at least 0)");
    }
    if (!SETTLED.compareAndSet(this, false, true)) {
      return;
    }
    if (actual < estimate) {
      giveBack(estimate - actual);
    } else if (actual > estimate) {
      debit(actual - estimate);
    }
  }

  /** Returns the whole estimate, once. Does nothing if refused, settled or cancelled. */
  public final void cancel() {
    settle(0);
  }

  /**
   * Returns what of the estimate was not used. Called at most once, if admitted.
   *
   * @param permits how many, at least 1
   */
  protected abstract void giveBack(long permits);

  /**
   * Takes what was used beyond the estimate, into debt if need be. Called at most once, if
   * admitted.
   *
   * @param permits how many, at least 1
   */
  protected abstract void debit(long permits);
}

package io.tidegate.redis;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Quota;

/**
 * A quota in whole microseconds, which the server's script counts in: all its numbers are below
 * 2<sup>53</sup> until the year 2255.
 *
 * @param interval microseconds per permit, rounded up: the one place where the rate is rounded
 * @param tolerance microseconds that a whole burst costs
 * @param burst how many permits can be had at once
 */
record Micros(long interval, long tolerance, long burst) {

  private static final double MOST_ERROR = 0.01;
  private static final long NANOS = 1_000;

  static Micros of(Quota quota) {
    double exact = quota.window().toNanos() / (double) NANOS / quota.permits();
    double rounded = Math.ceil(exact);
    if (1 - exact / rounded > MOST_ERROR) {
      throw new IllegalArgumentException(
          "quota: "
              + quota
              + " (expected: an interval per permit that whole microseconds tell to 1%; "
              + exact
              + " us is too short, so count in larger permits, such as kilobytes)");
    }
    // No overflow: there is at most little more than one permit a microsecond.
    long parts = quota.permits() * NANOS;
    long window = quota.window().toNanos();
    long interval = window / parts + (window % parts == 0 ? 0 : 1);
    return new Micros(interval, interval * quota.burst(), quota.burst());
  }

  /** What permits cost; only for permits up to the burst. */
  long cost(long permits) {
    return permits * interval;
  }

  /** The answer to a call that was admitted, and left this debt. */
  Decision admitted(long debtNanos) {
    return new Decision(Decision.Outcome.ADMITTED, remaining(debtNanos), 0, debtNanos);
  }

  /** The answer to a call that was not admitted at this debt, or would not be. */
  Decision notAdmitted(long permits, long debtNanos) {
    if (permits > burst) {
      return new Decision(Decision.Outcome.NEVER, remaining(debtNanos), Long.MAX_VALUE, debtNanos);
    }
    long wait = waitNanos(permits, debtNanos);
    return new Decision(Decision.Outcome.REFUSED, remaining(debtNanos), wait, debtNanos);
  }

  /** How long until permits can be had; not positive if they can. */
  long waitNanos(long permits, long debtNanos) {
    return debtNanos + (cost(permits) - tolerance) * NANOS;
  }

  private long remaining(long debtNanos) {
    return Math.max(tolerance * NANOS - debtNanos, 0) / (interval * NANOS);
  }
}

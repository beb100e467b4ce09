package io.tidegate.limit;

import java.math.BigInteger;

/**
 * Checks by exact arithmetic that in every stretch of a run, from any call to any later one, no
 * more was admitted than {@code burst + permits x t / window}, or than so many bursts.
 */
final class Tally {

  private final BigInteger permits;
  private final BigInteger window;
  private final BigInteger most;

  /** Admitted x window - permits x time: what a stretch may raise by burst x window at most. */
  private BigInteger level = BigInteger.ZERO;

  private BigInteger lowest = BigInteger.ZERO;
  private BigInteger seen = BigInteger.ZERO;

  Tally(Quota quota) {
    this(quota, 1);
  }

  Tally(Quota quota, int bursts) {
    this(quota, bursts, 0);
  }

  /** A bound in which {@code t} may be so many nanoseconds longer than it was. */
  Tally(Quota quota, int bursts, long blurNanos) {
    this.permits = BigInteger.valueOf(quota.permits());
    this.window = BigInteger.valueOf(Quotas.windowNanos(quota));
    this.most =
        BigInteger.valueOf(quota.burst())
            .multiply(BigInteger.valueOf(bursts))
            .multiply(window)
            .add(permits.multiply(BigInteger.valueOf(blurNanos)));
  }

  /** Takes note of an admission, or of permits that came back (negative). */
  void admit(long count, BigInteger forward) {
    level = level.subtract(permits.multiply(forward.subtract(seen)));
    seen = forward;
    lowest = lowest.min(level);
    level = level.add(window.multiply(BigInteger.valueOf(count)));
  }

  /** By how many permits the worst stretch that ends now is beyond its bound; 0 if it is not. */
  double excess() {
    return level.subtract(lowest).subtract(most).max(BigInteger.ZERO).doubleValue()
        / window.doubleValue();
  }

  boolean isBroken() {
    return level.subtract(lowest).compareTo(most) > 0;
  }
}

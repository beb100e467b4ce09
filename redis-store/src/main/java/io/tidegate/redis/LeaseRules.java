package io.tidegate.redis;

import io.tidegate.limit.Quota;

/**
 * How many permits of one quota a node may have in hand, and how many it may let pass ahead.
 *
 * @param micros the quota as the server counts it
 * @param windowNanos how long permits in hand last
 * @param inHand how many permits may be in hand at most
 * @param ahead how many may be let pass before the server knows of them, unless one call alone
 *     costs more
 * @param fallback what answers without the server
 */
record LeaseRules(Micros micros, long windowNanos, long inHand, long ahead, Fallback fallback) {

  private static final long NANOS = 1_000;

  /**
   * Splits a lease in halves.
   *
   * @param lease how many permits a node can be away from the server's count, at least 1
   */
  static LeaseRules of(Quota quota, long lease, Fallback fallback) {
    long most = Math.min(lease, quota.burst());
    long ahead = most - most / 2;
    return new LeaseRules(
        Micros.of(quota), quota.window().toNanos(), most - ahead, ahead, fallback);
  }

  long burst() {
    return micros.burst();
  }

  /** What permits cost, in nanoseconds. */
  long cost(long permits) {
    return permits * micros.interval() * NANOS;
  }

  /** What a whole burst costs, in nanoseconds. */
  long tolerance() {
    return micros.tolerance() * NANOS;
  }

  /** How many permits there still are at a debt; negative if they are overdrawn. */
  long room(long debtNanos) {
    return Math.floorDiv(tolerance() - debtNanos, cost(1));
  }
}

package io.tidegate.redis;

/**
 * So many permits of one client on one limit, to be charged with others: see {@link
 * RedisStore#decideAll}. Immutable.
 */
public final class RedisCharge {

  final SharedLimit limit;
  final String serverKey;
  final long permits;

  RedisCharge(SharedLimit limit, String serverKey, long permits) {
    if (permits < 1) {
      throw new IllegalArgumentException("permits: " + permits + " (expected: at least 1)");
    }
    this.limit = limit;
    this.serverKey = serverKey;
    this.permits = permits;
  }

  /** Whether it is more than can ever be had at once. */
  boolean isNever() {
    return permits > limit.micros.burst();
  }

  @Override
  public String toString() {
    return permits + " of " + limit.name;
  }
}

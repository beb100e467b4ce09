package io.tidegate.redis;

/** What to answer when the server does not, or not in time. */
public enum WhenDown {
  /** Everybody is admitted. There is no bound on how much. */
  OPEN,
  /** Everybody is refused, and told to come back in a second. */
  CLOSED,
  /**
   * This node decides alone, for its share: 1/N of the rate and of the burst, where N is {@link
   * RedisStore.Builder#nodes}. What it admitted while the server answered counts, so an outage adds
   * at most one burst and what the rate brings meanwhile, over all nodes together; where the burst
   * is smaller than N, one permit for each node.
   */
  LOCAL
}

package io.tidegate.limit;

/**
 * A place outside this process where several nodes keep one limit together, such as a server that
 * all of them reach. A gate's rules ask it for their limiters.
 *
 * <p>Implementations are safe for use by many threads.
 */
@FunctionalInterface
public interface SharedLimits {

  /**
   * The limiter of one quota. All nodes that ask for the same name share what everybody owes under
   * it; a new quota under an old name goes on from that.
   *
   * <p>The limiter keeps the promises of {@link KeyedRateLimiter}, with the bound that its maker
   * states in place of the exact one. Above all it never blocks: what it must ask of others it asks
   * ahead of need, and where it does not know it decides by a stated policy.
   *
   * @param name letters, digits, dots, slashes, underscores and hyphens, 80 at most
   * @param quota what each subject is allowed, by all nodes together
   * @return the limiter, whose keys are hashes under a secret that all nodes share
   * @throws IllegalArgumentException if the quota cannot be kept there
   */
  KeyedRateLimiter<Long> limiter(String name, Quota quota);
}

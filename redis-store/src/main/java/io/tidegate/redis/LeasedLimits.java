package io.tidegate.redis;

import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.SharedLimits;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Limits that many nodes share and each node decides for itself, from permits that it leases from
 * the server: for rules of a gate, and for clients who call often. Made by {@link
 * RedisStore#leased}.
 *
 * <pre>{@code
 * Gate gate = Gate.builder()
 *     .keySecret(keySecret) // the same on all nodes
 *     .rule(Rule.named("api").per(KeyBy.address()).quota(Quota.perMinute(60))
 *         .sharedBy(store.leased()).build())
 *     .build();
 * }</pre>
 *
 * <p><b>How.</b> A call takes permits that this node has in hand. A client who calls less than ten
 * times a second has none there: the call is let pass if the server would admit it, as far as this
 * node knows from its last answer, and the server is told at once. For others the node asks for
 * more before it runs out. What the server would refuse is refused here, until the time that it
 * said. Nothing ever waits: the server is asked on the side.
 *
 * <p><b>The bound.</b> A {@link #lease(long) lease} is what a node can be away from the server's
 * count of one client. In any time {@code t} all nodes together admit at most
 *
 * <pre>  burst + permits x t / window + nodes x lease</pre>
 *
 * <ul>
 *   <li>and one burst more for each time that the server lost its memory,
 *   <li>and for an outage under {@link WhenDown#LOCAL} one burst and what the rate brings meanwhile
 *       (one permit for each node, where the burst is smaller than their number); for each further
 *       one what the rate has brought since, one burst at most. Under {@link WhenDown#OPEN} there
 *       is no bound.
 *   <li>and what the server's clock was set forward, or a replica lacked that took over.
 *   <li>A node that crashed and the one that took its place count as two. Its permits in hand are
 *       lost; what it let pass in the last round trip may never have been told.
 *   <li>A call that alone costs more than half a lease is let pass all the same, so with such calls
 *       a lease is half a lease and the largest cost.
 *   <li>What comes back of reservations is not used, and not counted.
 * </ul>
 *
 * <p>A lease ends one window after it was granted, and what is left of it is lost. While the server
 * does not answer, what is in hand is used up first; then {@link WhenDown} decides.
 *
 * <p><b>What is refused without need.</b> Calls of one client that come at once on one node, before
 * the first answer of the server, beyond half a lease. They are told to come back after the store's
 * deadline. A larger lease lets more of them pass, and the bound grow.
 *
 * <p>What is said to remain is what is known here: what is in hand and what the server had left at
 * its last answer. What is given back is in hand again while that lasts, or goes to the server,
 * which never owes anybody more than a full bucket. {@link KeyedRateLimiter#reset} forgets here at
 * once and on the server soon, if that can be reached; other nodes go on refusing until the time
 * that they were told.
 *
 * <p>Immutable. Limiters are safe for use by many threads, and limiters of one name share their
 * leases. Decisions are lock-free, but for the first of a client. One from what is in hand is a
 * look-up and one compare-and-set, and allocates nothing; one that the server must be told of sends
 * a script call besides, and does not wait for it.
 */
public final class LeasedLimits implements SharedLimits {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._/-]{1,80}");

  private final RedisStore store;
  private final WhenDown whenDown;
  private final long lease;
  private final int maxKeys;

  LeasedLimits(RedisStore store) {
    this(store, store.whenDown(), 0, 100_000);
  }

  private LeasedLimits(RedisStore store, WhenDown whenDown, long lease, int maxKeys) {
    this.store = store;
    this.whenDown = whenDown;
    this.lease = lease;
    this.maxKeys = maxKeys;
  }

  /**
   * The same with another answer for when the server gives none.
   *
   * @param whenDown the policy; what the store's builder says if not said
   * @return the new limits
   */
  public LeasedLimits whenDown(WhenDown whenDown) {
    return new LeasedLimits(store, Objects.requireNonNull(whenDown, "whenDown"), lease, maxKeys);
  }

  /**
   * The same with another lease. One half of it can be in hand, the other, rounded up, be let pass
   * before the server knows. All nodes should say the same.
   *
   * @param permits how many, at least 1; cut to the burst; if not said, half the burst divided by
   *     the number of nodes, but at least 16
   * @return the new limits
   * @throws IllegalArgumentException if permits is below 1
   */
  public LeasedLimits lease(long permits) {
    if (permits < 1) {
      throw new IllegalArgumentException("lease: " + permits + " (expected: at least 1)");
    }
    return new LeasedLimits(store, whenDown, permits, maxKeys);
  }

  /**
   * The same with room for another number of clients who owe something, on this node. Those beyond
   * share 256 buckets.
   *
   * @param maxKeys how many, from 1 to 268,435,456; 100,000 if not said
   * @return the new limits
   * @throws IllegalArgumentException if out of range
   */
  public LeasedLimits maxKeys(int maxKeys) {
    return new LeasedLimits(store, whenDown, lease, LeasedLimiter.checkMaxKeys(maxKeys));
  }

  /**
   * The limiter of one quota. Keys must be hashes under a secret that all nodes share, such as a
   * gate's. On the server a key's state is that of {@link RedisStore#exact} under the same name and
   * the key in hexadecimal, {@link Long#toHexString}.
   *
   * @param name letters, digits, dots, slashes, underscores and hyphens, 80 at most
   * @param quota what each client is allowed, by all nodes together
   * @return the limiter, which ends with the store
   * @throws IllegalArgumentException if the name does not do, whole microseconds do not tell the
   *     quota's interval to 1%, or the store was not told how many nodes there are
   */
  @Override
  public KeyedRateLimiter<Long> limiter(String name, Quota quota) {
    Objects.requireNonNull(quota, "quota");
    if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
      throw new IllegalArgumentException(
          "name: " + name + " (expected: 1 to 80 of A-Z, a-z, 0-9, '.', '/', '_' and '-')");
    }
    return store
        .leases()
        .limiter(name, quota, whenDown, lease, maxKeys, next -> limiter(name, next));
  }
}

package io.tidegate.redis;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Quota;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket for each of many clients, on the server, so that all nodes count together. Made by
 * {@link RedisStore#exact}.
 *
 * <p>Calls that come while a script call is under way share the next one, whatever their keys. It
 * runs on the server's clock, in whole microseconds; the answers are those of {@link
 * io.tidegate.limit.TokenBucket} with that unit. In any time {@code t} of the server's clock at
 * most {@code burst + permits x t / window} are admitted, over all nodes. What the server refused
 * is refused here until the time that the client was told, without asking again.
 *
 * <p>Nothing here waits or throws for what a client sends. When the server does not answer in time,
 * the stage completes with what {@link WhenDown} says; it never fails. If the server charged a call
 * that was given up, the charge stands: that errs towards refusing.
 *
 * <p>Safe for use by many threads. A call costs a round trip, shared with others, and may wait for
 * the one before it; a refusal that is known here, a look-up.
 *
 * @param <K> what a client is known by
 */
public final class RedisLimiter<K> {

  private final Quota quota;
  private final SharedLimit limit;
  private final Desk desk;
  private final ServerKeys keys;
  private final Function<? super K, String> naming;
  private final @Nullable Function<? super K, String> slot;

  private RedisLimiter(Builder<K> builder, SharedLimit limit) {
    this.quota = builder.quota;
    this.limit = limit;
    this.desk = builder.store.desk();
    this.keys = builder.store.keys();
    this.naming = builder.naming;
    this.slot = builder.slot;
  }

  /**
   * What each client is allowed, by all nodes together.
   *
   * @return the quota
   */
  public Quota quota() {
    return quota;
  }

  /**
   * Takes one permit for a key.
   *
   * @param key whom to charge
   * @return completes with the decision, within the deadline, on a thread that must not be held up
   */
  public CompletionStage<Decision> decide(K key) {
    return decide(key, 1);
  }

  /**
   * Takes permits for a key, all or none.
   *
   * @param key whom to charge
   * @param permits how many, at least 1
   * @return completes with the decision, within the deadline, on a thread that must not be held up:
   *     what takes long there belongs into an {@code ...Async} stage
   * @throws IllegalArgumentException if permits is below 1
   */
  public CompletionStage<Decision> decide(K key, long permits) {
    return desk.decide(charge(key, permits));
  }

  /**
   * Permits for a key as a part of a larger call, {@link RedisStore#decideAll}.
   *
   * @param key whom to charge
   * @param permits how many, at least 1
   * @return the charge; nothing is taken yet
   * @throws IllegalArgumentException if permits is below 1
   */
  public RedisCharge charge(K key, long permits) {
    String name = naming.apply(Objects.requireNonNull(key, "key"));
    String serverKey =
        slot == null ? keys.of(limit.name, name) : keys.of(limit.name, name, slot.apply(key));
    return new RedisCharge(limit, serverKey, permits);
  }

  @Override
  public String toString() {
    return "RedisLimiter[" + limit.name + ": " + quota + "]";
  }

  /**
   * Builds a limiter. Not safe for use by many threads.
   *
   * @param <K> what a client is known by
   */
  public static final class Builder<K> {

    private final RedisStore store;
    private final String name;
    private final Quota quota;
    private final Function<? super K, String> naming;
    private @Nullable Function<? super K, String> slot;
    private WhenDown whenDown;
    private int maxLocalKeys = 100_000;

    Builder(RedisStore store, String name, Quota quota, Function<? super K, String> naming) {
      this.store = store;
      this.name = Names.check("name", name);
      this.quota = Objects.requireNonNull(quota, "quota");
      this.naming = Objects.requireNonNull(naming, "naming");
      this.whenDown = store.whenDown();
    }

    /**
     * What to answer when the server does not; what the store's builder says if not said.
     *
     * @param whenDown the policy
     * @return this builder
     */
    public Builder<K> whenDown(WhenDown whenDown) {
      this.whenDown = Objects.requireNonNull(whenDown, "whenDown");
      return this;
    }

    /**
     * Which keys are kept together on a cluster, so that {@link RedisStore#decideAll} can charge
     * them at once: those for which this gives the same name, in whatever limiter. If not said, a
     * key is kept with the same key of other limiters. Example: users with their tenant, {@code
     * user -> user.tenant()}. A limiter for which this changes starts anew.
     *
     * @param slot gives the name
     * @return this builder
     */
    public Builder<K> together(Function<? super K, String> slot) {
      this.slot = Objects.requireNonNull(slot, "slot");
      return this;
    }

    /**
     * For how many keys this node keeps its own share up to date under {@link WhenDown#LOCAL};
     * 100,000 if not said. With more, some may be refused early in an outage.
     *
     * @param maxLocalKeys how many, from 1 to 268,435,456
     * @return this builder
     */
    public Builder<K> maxLocalKeys(int maxLocalKeys) {
      this.maxLocalKeys = maxLocalKeys;
      return this;
    }

    /**
     * Builds the limiter. Limiters of one name count in the same state, here and on other nodes; so
     * a quota is changed by building another of the same name.
     *
     * @return the limiter
     * @throws IllegalArgumentException if whole microseconds do not tell the quota's interval to
     *     1%, or the nodes are not known that share it
     */
    public RedisLimiter<K> build() {
      return new RedisLimiter<>(
          this,
          new SharedLimit(name, Micros.of(quota), store.fallback(whenDown, quota, maxLocalKeys)));
    }
  }
}

package io.tidegate.examples;

import io.lettuce.core.RedisURI;
import io.tidegate.Challenges;
import io.tidegate.Gate;
import io.tidegate.Rule;
import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.ReplayGuard;
import io.tidegate.redis.RedisStore;
import io.tidegate.redis.WhenDown;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a node has in common with the others: the quotas of its rules and what was redeemed, on a
 * Redis, and the keys that passes are signed with. A node that is alone counts in its own memory.
 * Safe for use by many threads.
 */
final class Fleet implements AutoCloseable {

  private final KeyRing keys;
  private final byte[] keySecret;
  private final @Nullable RedisStore store;
  private final ReplayGuard guard;

  private Fleet(KeyRing keys, byte[] keySecret, @Nullable RedisStore store, ReplayGuard guard) {
    this.keys = keys;
    this.keySecret = keySecret;
    this.store = store;
    this.guard = guard;
  }

  /** One node, and no Redis. */
  static Fleet alone(KeyRing keys) {
    return new Fleet(keys, new byte[0], null, ReplayGuard.inMemory(500_000));
  }

  /**
   * A node among others.
   *
   * @param keys the same on all nodes
   * @param secret the same on all nodes
   * @param nodes how many there are, for what each lets pass while the Redis is away
   */
  static Fleet on(RedisURI redis, KeyRing keys, byte[] secret, int nodes) {
    String node = "Process " + ProcessHandle.current().pid() + " and the Redis: ";
    RedisStore store =
        RedisStore.builder(redis)
            .secret(derived(secret, "store"))
            .prefix("demo")
            .nodes(nodes)
            .whenDown(WhenDown.LOCAL)
            .connectWait(Duration.ofSeconds(10))
            // No request waits that long: rules ask on the side. A laptop pauses now and then.
            .deadline(Duration.ofMillis(250))
            .listener(event -> System.err.println(node + event.kind()))
            .build();
    return new Fleet(keys, derived(secret, "subjects"), store, store.replayGuard());
  }

  /** A secret for each purpose, so that none says anything about another. */
  private static byte[] derived(byte[] secret, String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal(("demo/" + purpose).getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** Starts a gate under which all nodes know a client by the same hash. */
  Gate.Builder gate() {
    return store == null ? Gate.builder() : Gate.builder().keySecret(keySecret);
  }

  /** Starts a rule whose quotas are for all nodes together. */
  Rule.Builder rule(String name) {
    Rule.Builder rule = Rule.named(name);
    return store == null ? rule : rule.sharedBy(store.leased());
  }

  /**
   * The same, with a say in how exact that is.
   *
   * @param lease how many more than the quota each node may let pass; with few, calls of one client
   *     that come at the same moment are refused without need
   */
  Rule.Builder rule(String name, long lease) {
    Rule.Builder rule = Rule.named(name);
    return store == null ? rule : rule.sharedBy(store.leased().lease(lease));
  }

  /** Starts the challenges, whose passes and proofs all nodes believe. */
  Challenges.Builder challenges() {
    Challenges.Builder challenges = Challenges.builder(keys).replayGuard(guard);
    return store == null ? challenges : challenges.sharedBy(store.leased());
  }

  KeyRing keys() {
    return keys;
  }

  /** Who remembers what was redeemed. */
  ReplayGuard guard() {
    return guard;
  }

  /** Ends the connection; what comes later is counted here. */
  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
  }
}

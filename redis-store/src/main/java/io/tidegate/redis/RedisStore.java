package io.tidegate.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.resource.ClientResources;
import io.tidegate.limit.Quota;
import io.tidegate.limit.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Quotas that many nodes share, on a Redis or Valkey server (6.2 or newer) or cluster.
 *
 * <pre>{@code
 * RedisStore store = RedisStore.builder(RedisURI.create("redis://counter.internal"))
 *     .secret(sharedSecret).prefix("chat").nodes(3).build();
 * RedisLimiter<String> perUser = store.exact("per-user", Quota.perMinute(60)).build();
 * CompletionStage<Decision> decision = perUser.decide("alice");
 * }</pre>
 *
 * <p>One store holds one connection, shared by all its limiters, and a thread for deadlines. A
 * server that is slow or gone holds nobody up: calls end within the deadline, by {@link WhenDown},
 * and after a few such calls at once, until the server answers a probe. Calls that wait for an
 * answer, and memory, are bounded.
 *
 * <p>Safe for use by many threads.
 */
public final class RedisStore implements AutoCloseable {

  private final Link link;
  private final ServerKeys keys;
  private final Desk desk;
  private final Leases leases;
  private final Counts counts = new Counts();
  private final WhenDown whenDown;
  private final int nodes;
  private final Ticker ticker = Ticker.system();
  private final RedisReplayGuard guard;

  private RedisStore(Builder builder, byte[] secret) {
    this.whenDown = builder.whenDown;
    this.nodes = builder.nodes;
    this.keys = new ServerKeys(builder.prefix, secret);
    this.link =
        new Link(
            builder.uris,
            builder.cluster,
            builder.resources,
            builder.deadline,
            counts,
            builder.listener);
    this.guard = new RedisReplayGuard(link, keys);
    this.desk = new Desk(link, new Refusals(builder.maxRefusals, ticker), counts);
    this.leases = new Leases(new LeaseDesk(link, counts, ticker), keys, nodes, counts, ticker);
  }

  /**
   * A store on one server, or on what a URI names as one, such as a Sentinel's master.
   *
   * @param uri where it is; its timeout, 2 seconds at most, is for connecting
   * @return a builder
   */
  public static Builder builder(RedisURI uri) {
    return new Builder(List.of(uri), false);
  }

  /**
   * A store on a cluster.
   *
   * @param seeds some of its nodes, at least one; the others are found by them
   * @return a builder
   * @throws IllegalArgumentException if there is none
   */
  public static Builder cluster(Collection<RedisURI> seeds) {
    if (seeds.isEmpty()) {
      throw new IllegalArgumentException("seeds: none (expected: at least one node)");
    }
    return new Builder(List.copyOf(seeds), true);
  }

  /**
   * A limit that is exact over all nodes, for clients known by a string.
   *
   * @param name its name, a part of its keys: limiters of one name share their state
   * @param quota what each client is allowed, by all nodes together
   * @return a builder of the limiter
   * @throws IllegalArgumentException if the name does not do
   */
  public RedisLimiter.Builder<String> exact(String name, Quota quota) {
    return exact(name, quota, Function.identity());
  }

  /**
   * A limit that is exact over all nodes.
   *
   * @param name its name, a part of its keys: limiters of one name share their state
   * @param quota what each client is allowed, by all nodes together
   * @param naming gives a client's name, different for different clients and the same on all nodes;
   *     it reaches the server as a keyed hash only
   * @param <K> what a client is known by
   * @return a builder of the limiter
   * @throws IllegalArgumentException if the name does not do
   */
  public <K> RedisLimiter.Builder<K> exact(
      String name, Quota quota, Function<? super K, String> naming) {
    return new RedisLimiter.Builder<>(this, name, quota, naming);
  }

  /**
   * Charges several limits, all or none, in one script call.
   *
   * <p>On a cluster their keys must be in one slot: the same key on several limits is, and {@link
   * RedisLimiter.Builder#together} brings others there.
   *
   * @param charges what to charge, from limiters of this store; each limit and key once
   * @return completes with the answer, within the deadline, on a thread that must not be held up
   * @throws IllegalArgumentException if there are none or more than 128, one stands twice, or their
   *     keys are in several slots of a cluster
   */
  public CompletionStage<JointDecision> decideAll(RedisCharge... charges) {
    List<RedisCharge> all = List.of(charges);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("charges: none (expected: at least one)");
    }
    if (all.size() > Lanes.MOST_TOGETHER) {
      throw new IllegalArgumentException(
          "charges: " + all.size() + " (expected: at most " + Lanes.MOST_TOGETHER + ")");
    }
    Set<String> different = new HashSet<>();
    for (RedisCharge charge : all) {
      if (!different.add(charge.serverKey)) {
        throw new IllegalArgumentException(
            "charges: " + all + " (expected: each limit and key once)");
      }
      if (link.isCluster()
          && SlotHash.getSlot(charge.serverKey) != SlotHash.getSlot(all.get(0).serverKey)) {
        throw new IllegalArgumentException(
            "charges: " + all + " (expected: keys in one slot of the cluster; see together)");
      }
    }
    return desk.decideAll(all);
  }

  /**
   * Limits that each node decides for itself from permits that it leases, for the rules of a gate
   * and for clients who call often. {@link Builder#nodes} must be said.
   *
   * @return the limits, for {@link io.tidegate.Rule.Builder#sharedBy}
   */
  public LeasedLimits leased() {
    return new LeasedLimits(this);
  }

  /**
   * A guard that lets each proof be redeemed once, on whichever node.
   *
   * @return the guard, which ends with this store
   */
  public RedisReplayGuard replayGuard() {
    return guard;
  }

  /**
   * What the store has done, and how it stands.
   *
   * @return a snapshot
   */
  public StoreStatus status() {
    return new StoreStatus(
        link.isConnected(),
        link.isSuspended(),
        counts.decided.sum(),
        counts.trips.sum(),
        counts.refusedHere.sum(),
        counts.answeredByPolicy.sum(),
        counts.late.sum(),
        counts.failed.sum());
  }

  Link link() {
    return link;
  }

  ServerKeys keys() {
    return keys;
  }

  Desk desk() {
    return desk;
  }

  Leases leases() {
    return leases;
  }

  WhenDown whenDown() {
    return whenDown;
  }

  Fallback fallback(WhenDown policy, Quota quota, int maxKeys) {
    if (policy == WhenDown.LOCAL && nodes == 0) {
      throw new IllegalArgumentException(
          "nodes: not said (expected: how many nodes share a quota, for WhenDown.LOCAL)");
    }
    return Fallback.inTable(policy, quota, nodes, maxKeys, ticker);
  }

  /**
   * Ends what is under way, by policy, and closes the connection; later calls are answered by
   * policy. May take a few seconds.
   */
  @Override
  public void close() {
    link.close();
  }

  /** Builds a store. Not safe for use by many threads. */
  public static final class Builder {

    private static final int SHORTEST_SECRET = 16;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final List<RedisURI> uris;
    private final boolean cluster;
    private byte @Nullable [] secret;
    private String prefix = "tidegate";
    private int nodes;
    private WhenDown whenDown = WhenDown.LOCAL;
    private Duration deadline = Duration.ofMillis(5);
    private Duration connectWait = LONGEST;
    private int maxRefusals = 100_000;
    private StoreListener listener = event -> {};
    private @Nullable ClientResources resources;

    Builder(List<RedisURI> uris, boolean cluster) {
      this.uris = uris;
      this.cluster = cluster;
    }

    /**
     * The secret under which clients are known to the server. All nodes need the same; with another
     * one all start anew.
     *
     * @param secret at least 16 bytes, better 32, from a random source
     * @return this builder
     * @throws IllegalArgumentException if too short
     */
    public Builder secret(byte[] secret) {
      if (secret.length < SHORTEST_SECRET) {
        throw new IllegalArgumentException(
            "secret: " + secret.length + " bytes (expected: at least " + SHORTEST_SECRET + ")");
      }
      this.secret = secret.clone();
      return this;
    }

    /**
     * What all keys of this application begin with; {@code tidegate} if not said. Applications with
     * different prefixes share nothing.
     *
     * @param prefix the prefix
     * @return this builder
     * @throws IllegalArgumentException if it does not do
     */
    public Builder prefix(String prefix) {
      this.prefix = Names.check("prefix", prefix);
      return this;
    }

    /**
     * How many nodes share the quotas, for {@link WhenDown#LOCAL} and {@link RedisStore#leased
     * leases}. Rather too many than too few.
     *
     * @param nodes how many, from 1 to 100,000
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder nodes(int nodes) {
      if (nodes < 1 || nodes > 100_000) {
        throw new IllegalArgumentException("nodes: " + nodes + " (expected: 1 to 100000)");
      }
      this.nodes = nodes;
      return this;
    }

    /**
     * What limiters answer when the server does not, unless they say otherwise; {@link
     * WhenDown#LOCAL} if not said.
     *
     * @param whenDown the policy
     * @return this builder
     */
    public Builder whenDown(WhenDown whenDown) {
      this.whenDown = Objects.requireNonNull(whenDown, "whenDown");
      return this;
    }

    /**
     * How long a call may take; 5 ms if not said.
     *
     * @param deadline from 1 ms to 1 s
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder deadline(Duration deadline) {
      if (deadline.compareTo(SHORTEST) < 0 || deadline.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("deadline: " + deadline + " (expected: 1 ms to 1 s)");
      }
      this.deadline = deadline;
      return this;
    }

    /**
     * How long {@link #build} waits for the first connection; 1 s if not said. A store that has
     * none by then is built all the same, and goes on trying.
     *
     * @param connectWait from 0 to 60 s
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder connectWait(Duration connectWait) {
      if (connectWait.isNegative() || connectWait.toSeconds() > 60) {
        throw new IllegalArgumentException(
            "connectWait: " + connectWait + " (expected: 0 to 60 s)");
      }
      this.connectWait = connectWait;
      return this;
    }

    /**
     * How many refused clients are remembered, to refuse them here; 100,000 if not said, about 200
     * bytes each.
     *
     * @param maxRefusals how many, at least 0
     * @return this builder
     * @throws IllegalArgumentException if negative
     */
    public Builder maxRefusals(int maxRefusals) {
      if (maxRefusals < 0) {
        throw new IllegalArgumentException(
            "maxRefusals: " + maxRefusals + " (expected: at least 0)");
      }
      this.maxRefusals = maxRefusals;
      return this;
    }

    /**
     * Who is told when connections come and go, and the server is asked or not.
     *
     * @param listener the listener
     * @return this builder
     */
    public Builder listener(StoreListener listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Threads of the application's own Lettuce clients, to share; the store's own if not said. They
     * are not ended with the store.
     *
     * @param resources the threads; their delay between tries to reconnect counts
     * @return this builder
     */
    public Builder resources(ClientResources resources) {
      this.resources = Objects.requireNonNull(resources, "resources");
      return this;
    }

    /**
     * Builds the store and connects it.
     *
     * @return the store, to be closed
     * @throws IllegalArgumentException if there is no secret
     */
    public RedisStore build() {
      if (secret == null) {
        throw new IllegalArgumentException("secret: none (expected: the same on all nodes)");
      }
      RedisStore store = new RedisStore(this, secret);
      store.link.open(connectWait);
      return store;
    }
  }
}

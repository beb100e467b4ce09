package io.tidegate.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.resource.ClientResources;
import io.tidegate.redis.Endpoint.Connected;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the server: the connection, its circuits, deadlines and scripts. Runs scripts for all
 * others. Never waits; each call ends exactly once, at its deadline at the latest.
 */
final class Link implements AutoCloseable {

  /** Gets what a script returned, on a thread that reads from the server or keeps deadlines. */
  interface Reply {
    void answered(List<Object> values);

    /** No answer; if {@link Unavailable#SUSPENDED}, from within the call itself. */
    void failed(Throwable why);
  }

  private static final Logger log = LoggerFactory.getLogger(Link.class);
  private static final int MOST_NODES = 1_024;

  private final Endpoint endpoint;
  private final boolean cluster;
  private final long deadlineNanos;
  private final Counts counts;
  private final StoreListener listener;
  private final Circuit single;
  private final Map<String, Circuit> circuits = new ConcurrentHashMap<>();
  private final AtomicBoolean connecting = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
  final Deadlines deadlines = new Deadlines();
  private volatile @Nullable Connected connected;
  private volatile boolean closed;

  Link(
      List<RedisURI> uris,
      boolean cluster,
      @Nullable ClientResources resources,
      Duration deadline,
      Counts counts,
      StoreListener listener) {
    this.cluster = cluster;
    this.deadlineNanos = deadline.toNanos();
    this.counts = counts;
    this.listener = listener;
    this.single = new Circuit("", this::changed);
    this.endpoint = new Endpoint(uris, cluster, resources, new Watcher());
  }

  /** Connects, and waits a while for it; goes on trying if it takes longer. */
  void open(Duration wait) {
    connect();
    try {
      first.get(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      log.warn("No connection to the server yet; calls are answered by policy until there is one");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("never completed so", e);
    }
  }

  /** Connects anew, and replaces the connection that there may be. One try at a time. */
  private void connect() {
    if (closed || !connecting.compareAndSet(false, true)) {
      return;
    }
    try {
      var unused = endpoint.connect().whenComplete(this::tried);
    } catch (RuntimeException e) {
      tried(null, e);
    }
  }

  private void tried(@Nullable Connected made, @Nullable Throwable error) {
    connecting.set(false);
    if (made != null) {
      install(made);
    } else if (connected == null && !closed) {
      log.debug("No connection", error);
      CompletableFuture.delayedExecutor(jitterMillis(), TimeUnit.MILLISECONDS)
          .execute(this::connect);
    }
  }

  private static long jitterMillis() {
    return ThreadLocalRandom.current().nextLong(200, 1_000);
  }

  private void install(Connected made) {
    Connected old = connected;
    connected = made;
    first.complete(null);
    if (old != null) {
      var unused = old.connection().closeAsync();
    }
    if (closed) {
      var unused = made.connection().closeAsync();
    }
  }

  /** Sends a script. All keys must be in one slot. */
  void run(Script script, String[] keys, String[] args, Reply reply) {
    Circuit circuit = circuit(keys[0]);
    if (!circuit.mayAsk()) {
      reply.failed(Unavailable.SUSPENDED);
      return;
    }
    counts.trips.increment();
    Flight flight = new Flight(this, circuit, script, keys, args, reply);
    Connected now = connected;
    if (now == null || closed || !mayCarry(now)) {
      flight.refuse(closed ? Unavailable.CLOSED : Unavailable.DISCONNECTED);
    } else {
      deadlines.add(flight);
      flight.start(now.commands());
    }
  }

  /**
   * Whether a call may go out. Lettuce refuses it otherwise, but does not say so in a way that can
   * be told from a call that went out and was cut. On a cluster only the node's connection matters.
   */
  private static boolean mayCarry(Connected now) {
    return now.partitions() != null || now.connection().isOpen();
  }

  private Circuit circuit(String key) {
    Connected now = connected;
    Partitions partitions = now == null ? null : now.partitions();
    if (partitions == null) {
      return single;
    }
    RedisClusterNode owner = partitions.getPartitionBySlot(SlotHash.getSlot(key));
    if (owner == null) {
      return single;
    }
    if (circuits.size() > MOST_NODES) {
      circuits.clear();
    }
    return circuits.computeIfAbsent(owner.getNodeId(), id -> new Circuit(id, this::changed));
  }

  boolean isCluster() {
    return cluster;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  boolean isConnected() {
    Connected now = connected;
    return now != null && now.connection().isOpen();
  }

  /** Whether whoever has a key is not asked now. */
  boolean isSuspended(String key) {
    return circuit(key).isSuspended();
  }

  boolean isSuspended() {
    return single.isSuspended() || circuits.values().stream().anyMatch(Circuit::isSuspended);
  }

  void count(Throwable why) {
    if (why == Unavailable.LATE) {
      counts.late.increment();
    } else {
      counts.failed.increment();
      log.debug("A script call failed", why);
    }
  }

  void forgot(Circuit circuit, Script script) {
    if (circuit.forgot(script)) {
      log.warn("The server has forgotten a script, and probably what clients owe as well");
      tell(StoreEvent.Kind.RESTARTED, circuit.node);
    }
  }

  private void changed(Circuit circuit, StateTransition transition) {
    switch (transition.getToState()) {
      case OPEN -> {
        log.warn("The server does not answer in time; calls are answered by policy");
        tell(StoreEvent.Kind.SUSPENDED, circuit.node);
      }
      case HALF_OPEN -> tell(StoreEvent.Kind.PROBING, circuit.node);
      case CLOSED -> {
        log.info("The server answers again");
        tell(StoreEvent.Kind.RESUMED, circuit.node);
      }
      default -> {}
    }
    if (transition == StateTransition.HALF_OPEN_TO_OPEN) {
      // A connection whose other end has vanished looks open for a quarter of an hour.
      connect();
    }
  }

  private void tell(StoreEvent.Kind kind, String node) {
    try {
      listener.on(new StoreEvent(kind, node));
    } catch (RuntimeException e) {
      log.warn("A listener failed", e);
    }
  }

  /** Ends what is under way; later calls fail at once. May take a few seconds. */
  @Override
  public void close() {
    closed = true;
    deadlines.close();
    endpoint.close();
  }

  private final class Watcher implements RedisConnectionStateListener {
    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
      tell(StoreEvent.Kind.CONNECTED, "");
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
      tell(StoreEvent.Kind.DISCONNECTED, "");
    }
  }
}

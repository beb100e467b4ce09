package io.tidegate.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A server or a cluster, and the client that connects to it. */
final class Endpoint implements AutoCloseable {

  /**
   * A connection.
   *
   * @param partitions who owns which slots, kept up to date; null if there is one server
   */
  record Connected(
      StatefulConnection<String, String> connection,
      RedisScriptingAsyncCommands<String, String> commands,
      @Nullable Partitions partitions) {}

  /** What waits for a server that reads slowly; beyond it calls fail at once. */
  private static final int MOST_QUEUED = 10_000;

  /** Enough keys to find one in nearly any slot. */
  private static final int MOST_GUESSES = 200_000;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration REFRESH = Duration.ofSeconds(10);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);

  private final @Nullable ClientResources owned;
  private final Supplier<CompletionStage<Connected>> connector;
  private final Runnable shutdown;

  /** Fails if there is no URI, or one is not usable; connects nothing yet. */
  Endpoint(
      List<RedisURI> uris,
      boolean cluster,
      @Nullable ClientResources borrowed,
      RedisConnectionStateListener listener) {
    owned = borrowed == null ? ownResources() : null;
    ClientResources resources = borrowed == null ? owned : borrowed;
    List<RedisURI> own = uris.stream().map(Endpoint::withTimeout).toList();
    if (cluster) {
      RedisClusterClient client = RedisClusterClient.create(resources, own);
      client.setOptions(clusterOptions());
      client.addListener(listener);
      connector = () -> connect(client);
      shutdown = () -> client.shutdown(0, 2, TimeUnit.SECONDS);
    } else {
      RedisClient client = RedisClient.create(resources, own.get(0));
      client.setOptions(common(ClientOptions.builder()).build());
      client.addListener(listener);
      connector = () -> connect(client, own.get(0));
      shutdown = () -> client.shutdown(0, 2, TimeUnit.SECONDS);
    }
  }

  private static CompletionStage<Connected> connect(RedisClient client, RedisURI uri) {
    return client
        .connectAsync(StringCodec.ASCII, uri)
        .thenApply(connection -> new Connected(connection, connection.async(), null));
  }

  private static CompletionStage<Connected> connect(RedisClusterClient client) {
    return client
        .refreshPartitionsAsync()
        .thenCompose(done -> client.connectAsync(StringCodec.ASCII))
        .thenCompose(Endpoint::warmed);
  }

  /**
   * Lettuce connects to a node when it is first asked, and meanwhile refuses, or takes longer than
   * a deadline allows. So each node is asked before anybody is in a hurry; one that is away is not
   * waited for longer than a connection may take.
   */
  private static CompletionStage<Connected> warmed(
      StatefulRedisClusterConnection<String, String> connection) {
    CompletableFuture<?>[] asked =
        connection.getPartitions().stream()
            .filter(node -> !node.hasNoSlots())
            .map(node -> ask(connection, keyOf(node), System.nanoTime()))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(asked)
        .handle(
            (done, nodeIsAway) ->
                new Connected(connection, connection.async(), connection.getPartitions()));
  }

  private static String keyOf(RedisClusterNode node) {
    String key = "0";
    for (int i = 1; !node.hasSlot(SlotHash.getSlot(key)) && i < MOST_GUESSES; i++) {
      key = Integer.toString(i);
    }
    return key;
  }

  private static CompletableFuture<Boolean> ask(
      StatefulRedisClusterConnection<String, String> connection, String key, long began) {
    return connection
        .async()
        .get(key)
        .handle((value, error) -> error == null)
        .thenCompose(
            answered ->
                answered || System.nanoTime() - began > CONNECT_TIMEOUT.toNanos()
                    ? CompletableFuture.completedFuture(true)
                    : CompletableFuture.completedFuture(false)
                        .thenComposeAsync(
                            no -> ask(connection, key, began),
                            CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)))
        .toCompletableFuture();
  }

  /** After an outage all nodes come back, so each at its own time, and none much later. */
  private static ClientResources ownResources() {
    return ClientResources.builder()
        .reconnectDelay(
            Delay.fullJitter(Duration.ofMillis(20), LONGEST_DELAY, 100, TimeUnit.MILLISECONDS))
        .build();
  }

  /** Lettuce waits a minute for a greeting otherwise. */
  private static RedisURI withTimeout(RedisURI uri) {
    RedisURI own = RedisURI.builder(uri).build();
    if (own.getTimeout().compareTo(CONNECT_TIMEOUT) > 0) {
      own.setTimeout(CONNECT_TIMEOUT);
    }
    return own;
  }

  /**
   * Nothing waits for a connection, and nothing that was sent is sent again by itself: whoever
   * asked has long been answered. Deadlines are the store's own.
   */
  private static <B extends ClientOptions.Builder> B common(B options) {
    options
        .autoReconnect(true)
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(MOST_QUEUED)
        .replayFilter(command -> true)
        .timeoutOptions(TimeoutOptions.create())
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(CONNECT_TIMEOUT)
                .keepAlive(true)
                .tcpNoDelay(true)
                .build());
    return options;
  }

  private static ClusterClientOptions clusterOptions() {
    ClusterTopologyRefreshOptions refresh =
        ClusterTopologyRefreshOptions.builder()
            .enablePeriodicRefresh(REFRESH)
            .enableAllAdaptiveRefreshTriggers()
            .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
            .build();
    return common(ClusterClientOptions.builder()).topologyRefreshOptions(refresh).build();
  }

  /** Makes a new connection. */
  CompletionStage<Connected> connect() {
    return connector.get();
  }

  /** Ends all connections and threads; may take a few seconds. */
  @Override
  public void close() {
    shutdown.run();
    if (owned != null) {
      owned.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
  }
}

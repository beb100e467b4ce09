package io.tidegate.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A cluster of three nodes without replicas. */
final class ThreeNodes implements AutoCloseable {

  private static final int SLOTS = 16_384;
  private static final int COUNT = 3;

  private final List<RedisProcess> nodes = new ArrayList<>();
  private final RedisClient client = RedisClient.create();

  ThreeNodes() {
    for (int i = 0; i < COUNT; i++) {
      nodes.add(RedisProcess.startForCluster());
    }
    for (int i = 0; i < COUNT; i++) {
      int from = SLOTS * i / COUNT;
      int[] slots = new int[SLOTS * (i + 1) / COUNT - from];
      for (int slot = 0; slot < slots.length; slot++) {
        slots[slot] = from + slot;
      }
      int epoch = i + 1;
      on(i, redis -> redis.sync().clusterSetConfigEpoch(epoch));
      on(i, redis -> redis.sync().clusterAddSlots(slots));
    }
    for (int i = 1; i < COUNT; i++) {
      RedisProcess other = nodes.get(i);
      on(0, redis -> meet(redis, other));
    }
    for (int i = 0; i < COUNT; i++) {
      int node = i;
      Until.isTrue(
          "the cluster stands", Duration.ofSeconds(20), () -> on(node, ThreeNodes::knowsAll));
    }
  }

  private static String meet(StatefulRedisConnection<String, String> redis, RedisProcess other) {
    return redis
        .sync()
        .dispatch(
            io.lettuce.core.protocol.CommandType.CLUSTER,
            new io.lettuce.core.output.StatusOutput<>(io.lettuce.core.codec.StringCodec.UTF8),
            new io.lettuce.core.protocol.CommandArgs<>(io.lettuce.core.codec.StringCodec.UTF8)
                .add("MEET")
                .add("127.0.0.1")
                .add(other.port)
                .add(other.busPort));
  }

  private static boolean knowsAll(StatefulRedisConnection<String, String> redis) {
    String info = redis.sync().clusterInfo();
    return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:" + SLOTS);
  }

  private <T> T on(int node, Function<StatefulRedisConnection<String, String>, T> work) {
    try (StatefulRedisConnection<String, String> connection =
        client.connect(nodes.get(node).uri())) {
      return work.apply(connection);
    }
  }

  List<RedisURI> uris() {
    return nodes.stream().map(RedisProcess::uri).toList();
  }

  /** How many keys a node has. */
  long keys(int node) {
    return on(node, redis -> redis.sync().dbsize());
  }

  /** Which node had a slot at the start. */
  int ownerOf(int slot) {
    int node = 0;
    while (slot >= SLOTS * (node + 1) / COUNT) {
      node++;
    }
    return node;
  }

  /** Moves a slot that holds one key to another node; clients are not told. */
  void move(int slot, String key, int from, int to) {
    String source = on(from, redis -> redis.sync().clusterMyId());
    String target = on(to, redis -> redis.sync().clusterMyId());
    RedisURI there = nodes.get(to).uri();
    on(to, redis -> redis.sync().clusterSetSlotImporting(slot, source));
    on(from, redis -> redis.sync().clusterSetSlotMigrating(slot, target));
    on(from, redis -> redis.sync().migrate(there.getHost(), there.getPort(), key, 0, 5_000));
    on(to, redis -> redis.sync().clusterSetSlotNode(slot, target));
    on(from, redis -> redis.sync().clusterSetSlotNode(slot, target));
  }

  /** How many calls a node has answered with the name of another. */
  long redirects(int node) {
    return on(node, redis -> redis.sync().info("errorstats"))
        .lines()
        .filter(line -> line.startsWith("errorstat_MOVED"))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*count=(\\d+).*", "$1")))
        .sum();
  }

  void kill(int node) {
    nodes.get(node).kill();
  }

  void restart(int node) {
    nodes.get(node).again();
  }

  void pause(int node) {
    nodes.get(node).pause();
  }

  void resume(int node) {
    nodes.get(node).resume();
  }

  @Override
  public void close() {
    nodes.forEach(RedisProcess::close);
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
  }
}

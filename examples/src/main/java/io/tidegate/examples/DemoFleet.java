package io.tidegate.examples;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Several nodes of the demo on one Redis, each in a process of its own. They share their quotas,
 * what was redeemed, and whom they believe; {@link Fleet} says how. Their users each has for
 * itself, where a real service has a database.
 *
 * <p>System properties: {@code demo.nodes} (3), {@code demo.port} (8080; of the first node, the
 * others have the next ones; 0 takes any free ports), and those of {@link DemoServer}.
 */
public final class DemoFleet {

  private static final int MOST_NODES = 9;

  /** Ctrl-C ends our processes as it ends this: what ends just before us needs no word. */
  private static final int GRACE_MILLIS = 500;

  private final List<NodeProcess> nodes = new CopyOnWriteArrayList<>();
  private volatile @Nullable RedisProcess redis;
  private volatile boolean ending;

  private DemoFleet() {}

  /**
   * Runs the fleet until the process is asked to end, or all its nodes have ended.
   *
   * @param arguments none
   * @throws IllegalArgumentException if a property has a bad value
   * @throws Exception if a node does not start
   */
  public static void main(String[] arguments) throws Exception {
    int nodes = DemoServer.number("demo.nodes", 3, 1, MOST_NODES);
    int port = DemoServer.number("demo.port", 8080, 0, 65_536 - nodes);
    DemoFleet fleet = new DemoFleet();
    Runtime.getRuntime().addShutdownHook(new Thread(fleet::stop, "demo-stop"));
    try {
      fleet.start(nodes, port);
      fleet.join();
    } finally {
      fleet.stop();
    }
  }

  private void start(int count, int port) throws IOException {
    RedisProcess counter = new RedisProcess();
    redis = counter;
    String secret = secret();
    for (int i = 0; i < count; i++) {
      List<String> settings = settings();
      settings.add("demo.port=" + (port == 0 ? 0 : port + i));
      settings.add("demo.redis=" + counter.uri());
      settings.add("demo.nodes=" + count);
      nodes.add(new NodeProcess(settings, secret));
    }
    List<Integer> ports = new ArrayList<>();
    for (NodeProcess node : nodes) {
      ports.add(node.port());
    }
    greet(ports, counter.process().pid());
    tellEnd(counter.process(), "The Redis has ended. Each node goes on with its share.");
    for (int i = 0; i < count; i++) {
      tellEnd(nodes.get(i).process(), "The node at port " + ports.get(i) + " has ended.");
    }
  }

  /** What all nodes share: given, or random. */
  private static String secret() {
    String given = DemoServer.secret();
    if (!given.isEmpty()) {
      return given;
    }
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** What was said to us and is for the nodes. */
  private static List<String> settings() {
    return Stream.of("demo.server", "demo.slots", "demo.newcomers", "demo.proxies")
        .filter(name -> System.getProperty(name) != null)
        .map(name -> name + "=" + System.getProperty(name))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private void tellEnd(Process process, String text) {
    Executor later = CompletableFuture.delayedExecutor(GRACE_MILLIS, TimeUnit.MILLISECONDS);
    var unused =
        process
            .onExit()
            .thenRunAsync(
                () -> {
                  if (!ending) {
                    System.out.println(text);
                  }
                },
                later);
  }

  private void join() {
    CompletableFuture.allOf(
            nodes.stream()
                .map(node -> node.process().onExit())
                .toArray(CompletableFuture<?>[]::new))
        .join();
  }

  private synchronized void stop() {
    if (ending) {
      return;
    }
    ending = true;
    nodes.forEach(NodeProcess::end);
    nodes.forEach(NodeProcess::close);
    RedisProcess last = redis;
    if (last != null) {
      last.close();
    }
    System.out.println("Stopped.");
  }

  private void greet(List<Integer> ports, long redis) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < ports.size(); i++) {
      list.append(
          "  http://localhost:%d/ process %d%n"
              .formatted(ports.get(i), nodes.get(i).process().pid()));
    }
    String all = ports.stream().map(port -> "" + port).collect(Collectors.joining(" "));
    int first = ports.get(0);
    int last = ports.get(ports.size() - 1);
    System.out.print(
        """
        These nodes share the Redis of process %2$d, and Ctrl-C stops all:
        %1$s
        # Five registrations are let pass, whichever nodes they come to, and at most one more a node:
        for i in 1 2 3 4 5; do for port in %3$s; do
          curl -s -o /dev/null -w "$port: %%{http_code}\\n" localhost:$port/register \\
            -d '{"user":"visitor'$i'","password":"high-tide"}'; done; done
        # The form of http://localhost:%4$d/register.html now asks for work; the pass that it buys is
        # good at http://localhost:%5$d/register.html, too.
        # Without the Redis each node goes on with its share of the quotas. It comes back with -CONT:
        kill -STOP %2$d
        # Without a node the others go on, and what it had counted stays counted:
        kill -9 %6$d
        """
            .formatted(list, redis, all, first, last, nodes.get(nodes.size() - 1).process().pid()));
  }
}

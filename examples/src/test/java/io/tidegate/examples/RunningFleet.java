package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A fleet, as it says itself that it is. */
final class RunningFleet implements AutoCloseable {
  private static final Pattern REDIS = Pattern.compile(".* the Redis of process (\\d+), .*");
  private static final Pattern NODE = Pattern.compile("  http://localhost:(\\d+)/ process (\\d+)");
  private static final Pattern LAST_LINE = Pattern.compile("kill -9 \\d+");

  private final DemoProcess demo;
  private final List<ProcessHandle> all = new ArrayList<>();
  private final List<ProcessHandle> nodes = new ArrayList<>();
  private ProcessHandle redis;
  final List<Integer> ports = new ArrayList<>();

  RunningFleet(String... properties) throws IOException {
    demo = DemoProcess.startFleet(properties);
    for (String line : demo.linesTo(LAST_LINE)) {
      Matcher node = NODE.matcher(line);
      if (node.matches()) {
        ports.add(Integer.parseInt(node.group(1)));
        nodes.add(process(node.group(2)));
      }
      Matcher server = REDIS.matcher(line);
      if (server.matches()) {
        redis = process(server.group(1));
      }
    }
    all.add(demo.handle());
    demo.handle().descendants().forEach(all::add);
    assertThat(all).contains(redis).containsAll(nodes);
  }

  private static ProcessHandle process(String pid) {
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  /** Somebody who asks one of the nodes. */
  Visitor at(int node, String address) {
    return new Visitor(ports.get(node), address);
  }

  void killRedis() throws IOException {
    redis.destroyForcibly();
    demo.linesTo(Pattern.compile("The Redis has ended\\..*"));
  }

  void kill(int node) throws IOException {
    nodes.get(node).destroyForcibly();
    demo.linesTo(Pattern.compile("The node at port " + ports.get(node) + " has ended\\."));
  }

  /** As Ctrl-C or a service manager does. */
  void terminate() {
    demo.terminate();
  }

  /** As nothing can be prepared for. */
  void kill() {
    demo.handle().destroyForcibly();
  }

  /** Waits until none of its processes is left. */
  void awaitEnd() {
    CompletableFuture<Void> end =
        CompletableFuture.allOf(
            all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new));
    assertThat(end).as(this::left).succeedsWithin(20, TimeUnit.SECONDS);
  }

  private String left() {
    List<String> left =
        all.stream()
            .filter(ProcessHandle::isAlive)
            .map(process -> process.pid() + " " + process.info().command().orElse("?"))
            .toList();
    return "processes: " + left;
  }

  /** What it has said since, when it has ended. */
  String rest() {
    return demo.rest();
  }

  int exitCode() throws InterruptedException {
    return demo.exitCode();
  }

  /** The first of some free ports in a row. */
  static int freePorts(int count) throws IOException {
    for (int tries = 0; tries < 100; tries++) {
      try (ServerSocket first = new ServerSocket(0)) {
        if (Stream.iterate(first.getLocalPort() + 1, port -> port + 1)
            .limit(count - 1)
            .allMatch(RunningFleet::isFree)) {
          return first.getLocalPort();
        }
      }
    }
    throw new AssertionError("no " + count + " free ports in a row");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Kills what works; what only watches then tidies up. */
  @Override
  public void close() {
    demo.close();
    nodes.forEach(ProcessHandle::destroyForcibly);
    redis.destroyForcibly();
  }
}

package io.tidegate.examples;

import io.lettuce.core.RedisURI;
import io.tidegate.Gate;
import io.tidegate.challenge.KeyRing;
import io.tidegate.overload.Slots;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * A small AI chat service with a gate before it, on embedded Jetty or on Netty. {@link DemoGate} is
 * the part to copy.
 *
 * <p>System properties: {@code demo.server} (jetty, or netty), {@code demo.port} (8080; 0 takes any
 * free port), {@code demo.slots} (16, how many answers are generated at once), {@code demo.proxies}
 * (none; networks of proxies whose {@code X-Forwarded-For} is believed), {@code demo.newcomers}
 * (1200, how many may register in a minute before newcomers are asked for work), {@code
 * demo.secret} (random; what challenges and passes are signed with, at least 16 bytes; several
 * nodes share one; the environment variable {@code DEMO_SECRET} does as well, and does not show in
 * a list of processes), {@code demo.redis} (none; the URI of a Redis where nodes of one secret
 * count together, with {@code demo.nodes}, how many they are).
 */
public final class DemoServer {

  private final WebServer server;
  private final Gate gate;
  private final Altcha altcha;
  private final Slots slots;
  private final Fleet fleet;
  private int port;

  private DemoServer(int slots, long newcomers, String... proxies) {
    Users users = new Users(10_000);
    Generator generator = new Generator();
    this.fleet = fleet();
    this.slots = Slots.builder(slots).build();
    this.gate = DemoGate.create(users, DemoGate.clients(proxies), fleet, newcomers, this.slots);
    this.altcha = new Altcha(fleet.keys(), fleet.guard());
    Status status = new Status(gate);
    Function<Executor, Demo> demo = hard -> new Demo(users, generator, altcha, status, hard);
    String kind = System.getProperty("demo.server", "jetty");
    this.server =
        switch (kind) {
          case "jetty" -> new JettyServer(gate, demo);
          case "netty" -> new NettyServer(gate, DemoGate.connections(proxies), demo);
          default ->
              throw new IllegalArgumentException(
                  "demo.server: " + kind + " (expected: jetty or netty)");
        };
  }

  /**
   * Runs the demo until the process is asked to end.
   *
   * @param arguments none
   * @throws IllegalArgumentException if a property has a bad value
   * @throws Exception if the port is taken
   */
  public static void main(String[] arguments) throws Exception {
    DemoServer demo = start();
    greet(demo.port);
    demo.server.join();
  }

  /**
   * Starts the demo, which stops when the process is asked to end.
   *
   * @throws IllegalArgumentException if a property has a bad value
   * @throws Exception if the port is taken
   */
  static DemoServer start() throws Exception {
    int port = number("demo.port", 8080, 0, 65_535);
    int slots = number("demo.slots", 16, 1, 10_000);
    int newcomers = number("demo.newcomers", 1_200, 1, 60_000);
    DemoServer demo = new DemoServer(slots, newcomers, list("demo.proxies"));
    demo.port = demo.server.start(port);
    Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "demo-stop"));
    return demo;
  }

  /** Where it listens. */
  int port() {
    return port;
  }

  private void stop() {
    try (fleet;
        slots;
        gate;
        altcha) {
      server.stop();
      System.out.println("Stopped.");
    } catch (Exception e) {
      System.err.println("Stopped badly: " + e);
    }
  }

  private static Fleet fleet() {
    String secret = secret();
    String redis = System.getProperty("demo.redis", "");
    if (redis.isEmpty()) {
      return Fleet.alone(secret.isEmpty() ? KeyRing.random() : keys(secret));
    }
    int nodes = number("demo.nodes", 1, 1, 1_000);
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    return Fleet.on(RedisURI.create(redis), keys(secret), bytes, nodes);
  }

  /** What was given, or nothing. */
  static String secret() {
    return System.getProperty("demo.secret", System.getenv().getOrDefault("DEMO_SECRET", ""));
  }

  /** One key, under one name on all nodes that are given the same secret. */
  private static KeyRing keys(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < KeyRing.LEAST_BYTES) { // it is not shown: a log is no place for it
      throw new IllegalArgumentException(
          "demo.secret: "
              + bytes.length
              + " bytes (expected: at least "
              + KeyRing.LEAST_BYTES
              + ", random)");
    }
    return KeyRing.of("demo", bytes);
  }

  private static String[] list(String name) {
    String value = System.getProperty(name, "").strip();
    return value.isEmpty() ? new String[0] : value.split("\\s*,\\s*");
  }

  /**
   * A property.
   *
   * @throws IllegalArgumentException if it is no number, or out of range
   */
  static int number(String name, int otherwise, int least, int most) {
    String value = System.getProperty(name, Integer.toString(otherwise));
    if (value.matches("[0-9]{1,5}")) {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        name + ": " + value + " (expected: " + least + " to " + most + ")");
  }

  private static void greet(int port) {
    System.out.println(
        """
        The demo is at http://localhost:%1$d/ and Ctrl-C stops it. From a shell:

        # A customer is served:
        curl -i localhost:%1$d/v1/chat/completions -H 'Authorization: Bearer demo-key' \\
          -d '{"model":"demo","messages":[{"role":"user","content":"Hello"}]}'
        # Too many registrations from one address meet 429, and the customer is still served:
        for i in 1 2 3 4 5 6; do curl -i localhost:%1$d/register \\
          -d '{"user":"visitor'$i'","password":"high-tide"}'; done
        # They may go on for work: for programs the 429 has a challenge in it, for people it is a page:
        curl -i localhost:%1$d/register -H 'Accept: text/html' -d 'user=visitor7&password=high-tide'
        # In a browser: http://localhost:%1$d/#pressure and, for a form without scripts, /register.html
        """
            .formatted(port));
  }
}

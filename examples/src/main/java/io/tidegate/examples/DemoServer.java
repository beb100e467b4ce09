package io.tidegate.examples;

import io.tidegate.Gate;

/**
 * A small AI chat service with a gate before it, on embedded Jetty or on Netty. {@link DemoGate} is
 * the part to copy.
 *
 * <p>System properties: {@code demo.server} (jetty, or netty), {@code demo.port} (8080; 0 takes any
 * free port), {@code demo.slots} (16, how many answers are generated at once), {@code demo.proxies}
 * (none; networks of proxies whose {@code X-Forwarded-For} is believed).
 */
public final class DemoServer {

  private final WebServer server;
  private final Gate gate;

  private DemoServer(WebServer server, Gate gate) {
    this.server = server;
    this.gate = gate;
  }

  private static DemoServer create(int slots, String... proxies) {
    Users users = new Users(10_000);
    Generator generator = new Generator(slots);
    Gate gate = DemoGate.create(users, DemoGate.clients(proxies));
    String kind = System.getProperty("demo.server", "jetty");
    WebServer server =
        switch (kind) {
          case "jetty" -> new JettyServer(gate, users, generator);
          case "netty" -> new NettyServer(gate, DemoGate.connections(proxies), users, generator);
          default ->
              throw new IllegalArgumentException(
                  "demo.server: " + kind + " (expected: jetty or netty)");
        };
    return new DemoServer(server, gate);
  }

  /**
   * Runs the demo until the process is asked to end.
   *
   * @param arguments none
   * @throws IllegalArgumentException if a property has a bad value
   * @throws Exception if the port is taken
   */
  public static void main(String[] arguments) throws Exception {
    int port = number("demo.port", 8080, 0, 65_535);
    int slots = number("demo.slots", 16, 1, 10_000);
    DemoServer demo = create(slots, list("demo.proxies"));
    int bound = demo.server.start(port);
    Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "demo-stop"));
    greet(bound);
    demo.server.join();
  }

  private void stop() {
    try (gate) {
      server.stop();
      System.out.println("Stopped.");
    } catch (Exception e) {
      System.err.println("Stopped badly: " + e);
    }
  }

  private static String[] list(String name) {
    String value = System.getProperty(name, "").strip();
    return value.isEmpty() ? new String[0] : value.split("\\s*,\\s*");
  }

  private static int number(String name, int otherwise, int least, int most) {
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
        """
            .formatted(port));
  }
}

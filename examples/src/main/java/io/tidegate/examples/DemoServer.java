package io.tidegate.examples;

import io.tidegate.Gate;
import io.tidegate.client.ClientResolver;
import io.tidegate.servlet.TidegateFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A small AI chat service on embedded Jetty, with a gate before it. {@link DemoGate} is the part to
 * copy.
 *
 * <p>System properties: {@code demo.port} (8080; 0 takes any free port), {@code demo.slots} (16,
 * how many answers are generated at once), {@code demo.proxies} (none; networks of proxies whose
 * {@code X-Forwarded-For} is believed).
 */
public final class DemoServer {

  private final Gate gate;
  private final Generator generator;
  private final Server server = new Server();
  private final ServerConnector connector;

  private DemoServer(int port, int slots, ClientResolver clients) {
    Users users = new Users(10_000);
    gate = DemoGate.create(users, clients);
    generator = new Generator(slots);
    connector = connector(port);
    server.addConnector(connector);
    server.setHandler(new Handler.Sequence(new HealthHandler(), application(users)));
  }

  private ServerConnector connector(int port) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector all = new ServerConnector(server, new HttpConnectionFactory(http));
    all.setPort(port); // and no host: all interfaces, IPv4 and IPv6
    return all;
  }

  private ServletContextHandler application(Users users) {
    ServletContextHandler app = new ServletContextHandler();
    FilterHolder filter = new FilterHolder(new TidegateFilter(gate));
    filter.setAsyncSupported(true);
    app.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));

    Slots hashing = new Slots(4); // stretching passwords must not starve those who chat
    add(app, "/register", new RegisterServlet(users, hashing));
    add(app, "/login", new LoginServlet(users, hashing));
    add(app, "/v1/chat/completions", new ChatServlet(users, generator));
    add(app, "/v1/models", new ModelsServlet());
    add(app, "", new PageServlet("index.html", "text/html;charset=utf-8"));
    add(app, "/app.js", new PageServlet("app.js", "text/javascript;charset=utf-8"));
    add(app, "/app.css", new PageServlet("app.css", "text/css;charset=utf-8"));
    return app;
  }

  private static void add(ServletContextHandler app, String path, Servlet servlet) {
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    app.addServlet(holder, path);
  }

  private int start() throws Exception {
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw e;
    }
    return connector.getLocalPort();
  }

  private void close() throws Exception {
    try (gate;
        generator) {
      server.stop();
    }
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
    ClientResolver clients = DemoGate.clients(System.getProperty("demo.proxies", ""));
    DemoServer demo = new DemoServer(port, slots, clients);
    int bound = demo.start();
    Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "demo-stop"));
    greet(bound);
    demo.server.join();
  }

  private void stop() {
    try {
      close();
      System.out.println("Stopped.");
    } catch (Exception e) {
      System.err.println("Stopped badly: " + e);
    }
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

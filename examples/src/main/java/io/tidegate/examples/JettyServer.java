package io.tidegate.examples;

import io.tidegate.Gate;
import io.tidegate.servlet.TidegateFilter;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The demo on embedded Jetty: the gate is a servlet filter. */
final class JettyServer implements WebServer {

  private final Server server = new Server();
  private final ServerConnector connector;

  /**
   * A server.
   *
   * @param demo makes the demo, given where hard work is done
   */
  JettyServer(Gate gate, Function<Executor, Demo> demo) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, new HttpConnectionFactory(http));
    server.addConnector(connector);
    // Its threads may wait: passwords are stretched where the request is served.
    server.setHandler(application(gate, demo.apply(Runnable::run)));
  }

  private static ServletContextHandler application(Gate gate, Demo demo) {
    ServletContextHandler app = new ServletContextHandler();
    FilterHolder filter = new FilterHolder(new TidegateFilter(gate));
    filter.setAsyncSupported(true);
    app.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    ServletHolder servlet = new ServletHolder(new DemoServlet(demo));
    servlet.setAsyncSupported(true);
    app.addServlet(servlet, "/");
    return app;
  }

  @Override
  public int start(int port) throws Exception {
    connector.setPort(port);
    try {
      server.start();
    } catch (Exception e) {
      stop();
      throw e;
    }
    return connector.getLocalPort();
  }

  @Override
  public void join() throws InterruptedException {
    server.join();
  }

  @Override
  public void stop() throws Exception {
    server.stop();
  }
}

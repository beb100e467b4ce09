package io.tidegate.examples.drill;

import io.tidegate.Gate;
import io.tidegate.GateStatus;
import io.tidegate.overload.Slots;
import io.tidegate.servlet.TidegateFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The service on Jetty, with one defence before it. */
final class Site {

  /** Enough where nothing blocks; more would take the two cores from each other. */
  private static final int THREADS = 32;

  final WorkMeter meter = new WorkMeter();
  final Service service = new Service(Settings.SLOTS, meter);
  final @Nullable Gate gate;
  private final @Nullable Slots slots;
  private final Server server = new Server(new QueuedThreadPool(THREADS));
  private final ServerConnector connector;

  Site(Column column) throws Exception {
    this.slots = column.hasGate() ? Slots.builder(Settings.SLOTS).build() : null;
    this.gate = slots == null ? null : DrillGate.create(slots);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // It remembers fields for each connection, in 80 KB: too much for 20,000 of them.
    http.setHeaderCacheSize(0);
    http.addCustomizer((request, fields) -> new BehindTls(request));
    connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(4_096);
    connector.setIdleTimeout(180_000);
    server.addConnector(connector);
    server.setHandler(application(filter(column, gate)));
    server.start();
  }

  /**
   * As if something that ends TLS and keeps addresses stood before the service. Members' passes
   * exist over https only, and TLS itself is left out since all clients share the two cores.
   */
  private static final class BehindTls extends Request.Wrapper {
    private final HttpURI uri;

    BehindTls(Request request) {
      super(request);
      this.uri = HttpURI.build(request.getHttpURI()).scheme("https").asImmutable();
    }

    @Override
    public boolean isSecure() {
      return true;
    }

    @Override
    public HttpURI getHttpURI() {
      return uri;
    }
  }

  private static @Nullable Filter filter(Column column, @Nullable Gate gate) {
    if (gate != null) {
      return new TidegateFilter(gate);
    }
    return switch (column) {
      case CLOSED -> new ClosedDoorFilter();
      case PER_ADDRESS -> new PerAddressFilter();
      default -> null;
    };
  }

  private ServletContextHandler application(@Nullable Filter filter) {
    ServletContextHandler app = new ServletContextHandler();
    if (filter != null) {
      FilterHolder holder = new FilterHolder(filter);
      holder.setAsyncSupported(true);
      app.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    }
    ServletHolder servlet = new ServletHolder(new DrillServlet(service));
    servlet.setAsyncSupported(true);
    app.addServlet(servlet, "/");
    return app;
  }

  int port() {
    return connector.getLocalPort();
  }

  @Nullable GateStatus status() {
    return gate == null ? null : gate.status();
  }

  /** Slots of the gate that are out though nothing runs in the service, and the service's own. */
  int leaked() {
    int ofGate = slots == null ? 0 : slots.report().inUse() - service.inUse();
    return ofGate + service.leaked();
  }

  void close() throws Exception {
    server.stop();
    service.close();
    if (gate != null) {
      gate.close();
    }
    if (slots != null) {
      slots.close();
    }
  }
}

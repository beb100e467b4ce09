package io.tidegate.jmh;

import io.tidegate.Gate;
import io.tidegate.limit.Quota;
import io.tidegate.servlet.TidegateFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A Jetty with one trivial endpoint, bare or behind {@link FiveRules}; prints its port. */
final class TrivialServer {

  private static final Quota AMPLE = Quota.perSecond(1_000_000);

  private TrivialServer() {}

  @SuppressWarnings("SystemOut") // the port, for the process that started this one
  public static void main(String[] args) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(new Trivial(), FiveRules.PATH);
    if (args[0].equals("gated")) {
      FilterHolder filter = new FilterHolder(new TidegateFilter(gate()));
      filter.setAsyncSupported(true);
      context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    }
    server.setHandler(context);
    server.start();
    System.out.println(connector.getLocalPort());
    server.join();
  }

  private static Gate gate() {
    return FiveRules.gate(AMPLE, AMPLE);
  }

  /** Answers with two bytes. */
  private static final class Trivial extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final byte[] OK = {'o', 'k'};

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentType("text/plain");
      response.setContentLength(OK.length);
      response.getOutputStream().write(OK);
    }
  }
}

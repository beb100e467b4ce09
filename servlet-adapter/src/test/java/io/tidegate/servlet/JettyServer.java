package io.tidegate.servlet;

import io.tidegate.scenarios.TestServer;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** What Jetty's environments have in common. */
record JettyServer(Server server, int port) implements TestServer {

  static JettyServer start(String host, Handler handler) throws Exception {
    Server server = new Server(new QueuedThreadPool(40, 4));
    HttpConfiguration configuration = new HttpConfiguration();
    ServerConnector connector =
        new ServerConnector(
            server,
            1,
            1,
            new HttpConnectionFactory(configuration),
            new HTTP2CServerConnectionFactory(configuration));
    connector.setHost(host);
    server.addConnector(connector);
    server.setHandler(handler);
    server.start();
    return new JettyServer(server, connector.getLocalPort());
  }

  @Override
  public void stop() throws Exception {
    server.stop();
  }
}

package io.tidegate.servlet;

import io.tidegate.scenarios.Starter;
import io.tidegate.scenarios.TestServer;
import jakarta.servlet.DispatcherType;

/** A kind of servlet container. */
@FunctionalInterface
interface Container {

  /** Starts a server on a free port, with one application. It speaks HTTP/1.1 and h2c. */
  TestServer start(App app) throws Exception;

  /** Starts such servers with a filter before endpoints. */
  default Starter starter() {
    return (gate, endpoints) -> {
      App app =
          new App().filter(new TidegateFilter(gate), DispatcherType.REQUEST, DispatcherType.ASYNC);
      endpoints.forEach((path, endpoint) -> app.servlet(path, HandlerServlet.of(endpoint)));
      app.servlet("/", (request, response) -> response.sendError(404));
      return start(app);
    };
  }
}

package io.tidegate.scenarios;

import io.tidegate.Gate;
import java.net.http.HttpClient;
import java.util.Map;

/** Starts servers of one kind. */
@FunctionalInterface
public interface Starter {

  /**
   * Starts a server on a free port of 127.0.0.1, for HTTP/1.1 and {@link #version}.
   *
   * @param gate what stands before all paths; the scenario closes it
   * @param endpoints by path, for all methods; other paths are answered with 404, behind the gate
   */
  TestServer start(Gate gate, Map<String, Endpoint> endpoints) throws Exception;

  /**
   * What clients speak that can speak both; raw connections speak HTTP/1.1 in any case. Over
   * HTTP/2, the first request of a connection asks for it by an upgrade.
   */
  default HttpClient.Version version() {
    return HttpClient.Version.HTTP_1_1;
  }
}

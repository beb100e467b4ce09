package io.tidegate.scenarios;

/** An endpoint behind a gate. May block: a server calls it on a thread that may wait. */
@FunctionalInterface
public interface Endpoint {

  /** Serves one request; what it throws is the server's to answer with 500. */
  void serve(Exchange exchange) throws Exception;
}

package io.tidegate.scenarios;

/** A server that runs. */
public interface TestServer {

  /** The port at which it listens, on the loopback address. */
  int port();

  /** Ends it. */
  void stop() throws Exception;
}

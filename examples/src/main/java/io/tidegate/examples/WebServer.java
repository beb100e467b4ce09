package io.tidegate.examples;

/** What carries the demo. */
interface WebServer {

  /**
   * Listens on all interfaces, IPv4 and IPv6.
   *
   * @param port 0 takes any free port
   * @return the port
   * @throws Exception if the port is taken; then nothing is left running
   */
  int start(int port) throws Exception;

  /** Waits until the server is stopped. */
  void join() throws InterruptedException;

  /** Closes all connections, and ends all threads. */
  void stop() throws Exception;
}

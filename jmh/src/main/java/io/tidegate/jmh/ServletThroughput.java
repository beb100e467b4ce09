package io.tidegate.jmh;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Throughput of a trivial endpoint behind Jetty, with the filter and without, under {@code wrk}.
 * The two servers are processes of their own and are loaded in turn, so that a slow spell of the
 * machine meets both.
 *
 * <pre>{@code java -cp jmh/target/benchmarks.jar io.tidegate.jmh.ServletThroughput}</pre>
 */
public final class ServletThroughput {

  private ServletThroughput() {}

  /**
   * Measures and prints a table.
   *
   * @param args how many runs, 5 if not said, and of how many seconds, 10 if not said
   * @throws Exception if a server or wrk does not run
   */
  public static void main(String[] args) throws Exception {
    LoadedServer.Plan plan = LoadedServer.Plan.of(args);
    Path script = LoadedServer.addresses();
    try (LoadedServer bare = new LoadedServer("bare", TrivialServer.class, "bare");
        LoadedServer gated = new LoadedServer("with the filter", TrivialServer.class, "gated")) {
      LoadedServer.compare(
          plan,
          server -> LoadedServer.admitted(LoadedServer.run(server.wrk(plan, script))),
          bare,
          gated);
    } finally {
      Files.deleteIfExists(script);
    }
  }
}

package io.tidegate.jmh;

import io.tidegate.jmh.LoadedServer.Answers;
import io.tidegate.jmh.LoadedServer.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Throughput of a trivial Netty server with one event loop, with the handlers and without, as
 * {@link ServletThroughput} measures it: over HTTP/1.1 under {@code wrk}, over HTTP/2 under {@code
 * h2load}, and of some clients beside a flood that is refused.
 *
 * <p>{@code h2load} sends the same fields with each request, so over HTTP/2 all is counted against
 * one address.
 *
 * <pre>{@code java -cp jmh/target/benchmarks.jar io.tidegate.jmh.NettyThroughput}</pre>
 */
public final class NettyThroughput {

  private static final Pattern RATE = Pattern.compile("finished in [^,]+, ([0-9.]+) req/s");
  private static final Pattern COUNT = Pattern.compile("(\\d+) succeeded");
  private static final Pattern ERRORS = Pattern.compile("[1-9]\\d* (failed|errored|timeout)");
  private static final Pattern OTHERS = Pattern.compile("[1-9]\\d* [345]xx");

  private NettyThroughput() {}

  /**
   * Measures and prints tables.
   *
   * @param args how many runs, 5 if not said, and of how many seconds, 10 if not said
   * @throws Exception if a server, wrk or h2load does not run
   */
  public static void main(String[] args) throws Exception {
    Plan plan = Plan.of(args);
    Path script = LoadedServer.addresses();
    try {
      LoadedServer.print("%nHTTP/1.1%n");
      compare(
          plan,
          "http1",
          server -> LoadedServer.admitted(LoadedServer.run(server.wrk(plan, script))));
      LoadedServer.print("%nHTTP/2%n");
      compare(plan, "http2", server -> h2load(plan, server));
      LoadedServer.print("%nHTTP/1.1, four connections beside a flood on 32%n");
      flood(plan, script);
    } finally {
      Files.deleteIfExists(script);
    }
  }

  private static void compare(Plan plan, String protocol, LoadedServer.Load load)
      throws IOException, InterruptedException {
    try (LoadedServer bare = start("bare", protocol, "bare");
        LoadedServer gated = start("with the handlers", protocol, "gated")) {
      LoadedServer.compare(plan, load, bare, gated);
    }
  }

  private static LoadedServer start(String name, String protocol, String kind) throws IOException {
    return new LoadedServer(name, TrivialNettyServer.class, protocol, kind);
  }

  private static Answers h2load(Plan plan, LoadedServer server)
      throws IOException, InterruptedException {
    String output =
        LoadedServer.run(
            List.of(
                "h2load",
                "-t1",
                "-c8",
                "-m16",
                "-D" + plan.seconds(),
                "-Hx-forwarded-for: 198.18.0.1",
                server.url(FiveRules.PATH)));
    if (ERRORS.matcher(output).find() || OTHERS.matcher(output).find()) {
      throw new IOException("h2load: " + output + " (expected: nothing refused, and no errors)");
    }
    return new Answers(
        LoadedServer.number(RATE, output), (long) LoadedServer.number(COUNT, output));
  }

  /** What clients are served, a second, and what the flood is answered meanwhile. */
  private record Flood(double served, double flood, double refusedShare) {}

  private static void flood(Plan plan, Path script) throws IOException, InterruptedException {
    try (LoadedServer bare = start("bare", "http1", "bare");
        LoadedServer gated = start("with the handlers", "http1", "flooded")) {
      flood(plan, script, bare); // warm
      flood(plan, script, gated);
      List<Flood> served = new ArrayList<>();
      List<Flood> refused = new ArrayList<>();
      for (int run = 0; run < plan.runs(); run++) {
        served.add(flood(plan, script, bare));
        refused.add(flood(plan, script, gated));
      }
      print("bare, flood served", served);
      print("flood refused", refused);
    }
  }

  private static Flood flood(Plan plan, Path script, LoadedServer server)
      throws IOException, InterruptedException {
    Process flooding = LoadedServer.start(server.wrk(plan, script));
    try {
      List<String> others =
          List.of(
              "wrk",
              "-t1",
              "-c4",
              "-d" + plan.seconds() + "s",
              "-HX-Forwarded-For: 203.0.113.7",
              server.url("/ok"));
      Answers served = LoadedServer.admitted(LoadedServer.run(others));
      String output = LoadedServer.output(flooding);
      Answers flood = LoadedServer.all(output);
      double refused = LoadedServer.refused(output);
      return new Flood(served.rate(), flood.rate(), refused / flood.count());
    } finally {
      flooding.destroy();
    }
  }

  private static void print(String name, List<Flood> runs) {
    List<Double> served = LoadedServer.sorted(runs, Flood::served);
    List<Double> floods = LoadedServer.sorted(runs, Flood::flood);
    LoadedServer.print(
        "%-20s median %,8.0f served a second (%,.0f to %,.0f), flood %,.0f (%,.0f to %,.0f), of it"
            + " refused %.1f%%%n",
        name,
        LoadedServer.median(served),
        served.get(0),
        served.get(served.size() - 1),
        LoadedServer.median(floods),
        floods.get(0),
        floods.get(floods.size() - 1),
        100 * LoadedServer.median(LoadedServer.sorted(runs, Flood::refusedShare)));
  }
}

package io.tidegate.jmh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Throughput of a trivial endpoint behind Jetty, with the filter and without, under {@code wrk}.
 * The two servers are processes of their own and are loaded in turn, so that a slow spell of the
 * machine meets both.
 *
 * <pre>{@code java -cp jmh/target/benchmarks.jar io.tidegate.jmh.ServletThroughput}</pre>
 */
public final class ServletThroughput {

  private static final int RUNS = 5;
  private static final int SECONDS = 10;
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern ERRORS = Pattern.compile("(Non-2xx|Socket errors).*");

  private ServletThroughput() {}

  /**
   * Measures and prints a table.
   *
   * @param args none
   * @throws Exception if a server or wrk does not run
   */
  @SuppressWarnings("SystemOut") // the table
  public static void main(String[] args) throws Exception {
    Path script = Files.createTempFile("addresses", ".lua");
    try (InputStream lua = ServletThroughput.class.getResourceAsStream("addresses.lua")) {
      Files.write(script, lua.readAllBytes());
    }
    Process bareServer = start("bare");
    Process gatedServer = start("gated");
    try {
      int barePort = port(bareServer);
      int gatedPort = port(gatedServer);
      wrk(barePort, script); // warm
      wrk(gatedPort, script);
      List<Double> bare = new ArrayList<>();
      List<Double> gated = new ArrayList<>();
      for (int run = 0; run < RUNS; run++) {
        bare.add(wrk(barePort, script));
        gated.add(wrk(gatedPort, script));
      }
      print("bare", bare);
      print("with the filter", gated);
      System.out.printf(
          Locale.ROOT, "ratio of the medians: %.1f%%%n", 100 * median(gated) / median(bare));
    } finally {
      bareServer.destroy();
      gatedServer.destroy();
      Files.deleteIfExists(script);
    }
  }

  private static Process start(String kind) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms512m",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            TrivialServer.class.getName(),
            kind)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static int port(Process server) throws IOException {
    BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null) {
      throw new IOException("server: no port printed (expected: one line)");
    }
    return Integer.parseInt(line);
  }

  private static double wrk(int port, Path script) throws IOException, InterruptedException {
    Process wrk =
        new ProcessBuilder(
                "wrk",
                "-t1",
                "-c32",
                "-d" + SECONDS + "s",
                "-s" + script,
                "http://127.0.0.1:" + port + FiveRules.PATH)
            .redirectErrorStream(true)
            .start();
    String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    wrk.waitFor();
    Matcher rate = RATE.matcher(output);
    if (!rate.find() || ERRORS.matcher(output).find()) {
      throw new IOException("wrk: " + output + " (expected: a rate and no errors)");
    }
    return Double.parseDouble(rate.group(1));
  }

  private static double median(List<Double> rates) {
    return rates.stream().sorted().toList().get(rates.size() / 2);
  }

  @SuppressWarnings("SystemOut") // the table
  private static void print(String name, List<Double> rates) {
    List<Double> sorted = rates.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%-16s median %,8.0f requests a second (%,.0f to %,.0f)%n",
        name,
        median(rates),
        sorted.get(0),
        sorted.get(sorted.size() - 1));
  }
}

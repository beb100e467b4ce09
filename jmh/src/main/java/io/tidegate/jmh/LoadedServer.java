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
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a process of its own, and what was measured of it. Servers that are to be compared
 * are loaded in turn, so that a slow spell of the machine meets all.
 */
final class LoadedServer implements AutoCloseable {

  /** How often each server is loaded, and for how long. */
  record Plan(int runs, int seconds) {
    static Plan of(String... args) {
      return new Plan(
          args.length > 0 ? Integer.parseInt(args[0]) : 5,
          args.length > 1 ? Integer.parseInt(args[1]) : 10);
    }
  }

  /** What one run brought. */
  record Run(double rate, double cpuMicros) {}

  /** Loads a server once; returns its answers. */
  interface Load {
    Answers apply(LoadedServer server) throws IOException, InterruptedException;
  }

  /** How many answers a second, and in all. */
  record Answers(double rate, long count) {}

  private static final Pattern WRK_RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern WRK_COUNT = Pattern.compile("(\\d+) requests in ");
  private static final Pattern WRK_REFUSED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
  private static final Pattern WRK_ERRORS = Pattern.compile("Socket errors.*");

  private final String name;
  private final Process process;
  private final int port;
  private final List<Run> runs = new ArrayList<>();

  /**
   * Starts a server.
   *
   * @param name what to call it
   * @param program prints its port when it listens
   * @param args the program's
   */
  LoadedServer(String name, Class<?> program, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms512m", "-Xmx512m", "-Dslf4j.internal.verbosity=ERROR"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(args));
    this.name = name;
    this.process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.port = readPort();
  }

  private int readPort() throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null) {
      throw new IOException("server: no port printed (expected: one line)");
    }
    return Integer.parseInt(line);
  }

  @Override
  public void close() {
    process.destroy();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  /** Loads all in turn, after a round that warms them, and prints a table. */
  static void compare(Plan plan, Load load, LoadedServer bare, LoadedServer gated)
      throws IOException, InterruptedException {
    load.apply(bare);
    load.apply(gated);
    for (int run = 0; run < plan.runs; run++) {
      bare.runs.add(bare.measure(load));
      gated.runs.add(gated.measure(load));
    }
    bare.print();
    gated.print();
    print("ratio of the medians: %.1f%%%n", 100 * gated.rate() / bare.rate());
  }

  private Run measure(Load load) throws IOException, InterruptedException {
    long before = cpuNanos();
    Answers answers = load.apply(this);
    return new Run(answers.rate, (cpuNanos() - before) / 1e3 / answers.count);
  }

  /** All threads' time, in the kernel and outside, in steps of 10 ms. */
  private long cpuNanos() {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }

  private double rate() {
    return median(sorted(runs, Run::rate));
  }

  private void print() {
    List<Double> rates = sorted(runs, Run::rate);
    List<Double> times = sorted(runs, Run::cpuMicros);
    print(
        "%-20s median %,8.0f requests a second (%,.0f to %,.0f), CPU %.2f us each (%.2f to %.2f)%n",
        name,
        median(rates),
        rates.get(0),
        rates.get(rates.size() - 1),
        median(times),
        times.get(0),
        times.get(times.size() - 1));
  }

  static <T> List<Double> sorted(List<T> runs, ToDoubleFunction<T> value) {
    return runs.stream().map(value::applyAsDouble).sorted().toList();
  }

  static double median(List<Double> sorted) {
    return sorted.get(sorted.size() / 2);
  }

  @SuppressWarnings("SystemOut") // the table
  static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }

  /** The script with which {@code wrk} asks as 10,000 clients; to be deleted. */
  static Path addresses() throws IOException {
    Path script = Files.createTempFile("addresses", ".lua");
    try (InputStream lua = LoadedServer.class.getResourceAsStream("addresses.lua")) {
      Files.write(script, lua.readAllBytes());
    }
    return script;
  }

  /** The command that asks a server as 10,000 clients on 32 connections. */
  List<String> wrk(Plan plan, Path script) {
    return List.of(
        "wrk", "-t1", "-c32", "-d" + plan.seconds + "s", "-s" + script, url(FiveRules.PATH));
  }

  /** What {@code wrk} says; all must be admitted. */
  static Answers admitted(String output) throws IOException {
    if (WRK_REFUSED.matcher(output).find()) {
      throw new IOException("wrk: " + output + " (expected: nothing refused)");
    }
    return all(output);
  }

  /** What {@code wrk} says, whatever was answered. */
  static Answers all(String output) throws IOException {
    if (WRK_ERRORS.matcher(output).find()) {
      throw new IOException("wrk: " + output + " (expected: no errors)");
    }
    return new Answers(number(WRK_RATE, output), (long) number(WRK_COUNT, output));
  }

  /** How many of its requests {@code wrk} says were not answered with success. */
  static long refused(String output) throws IOException {
    return WRK_REFUSED.matcher(output).find() ? (long) number(WRK_REFUSED, output) : 0;
  }

  static double number(Pattern pattern, String output) throws IOException {
    Matcher found = pattern.matcher(output);
    if (!found.find()) {
      throw new IOException("load: " + output + " (expected: " + pattern + ")");
    }
    return Double.parseDouble(found.group(1));
  }

  static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** What a program printed, when it has ended. */
  static String output(Process program) throws IOException, InterruptedException {
    String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    program.waitFor();
    return output;
  }

  static String run(List<String> command) throws IOException, InterruptedException {
    return output(start(command));
  }
}

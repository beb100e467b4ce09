package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The demo in a JVM of its own, started as a user starts it; for at most 150 seconds. */
final class DemoProcess implements AutoCloseable {
  private static final int MOST_SECONDS = 150;
  private static final Pattern GREETING = Pattern.compile(".* http://localhost:(\\d+)/ .*");

  private final Process process;
  private final BufferedReader output;
  private int port;

  private DemoProcess(Class<?> main, List<String> properties, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx128m");
    command.add("-XX:TieredStopAtLevel=1"); // it lives for seconds: compiling well takes longer
    properties.forEach(property -> command.add("-D" + property));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = builder.start();
    output = process.inputReader();
    // Ends every read from it, too, which no interrupt does.
    CompletableFuture.delayedExecutor(MOST_SECONDS, TimeUnit.SECONDS)
        .execute(process.toHandle()::destroyForcibly);
  }

  static DemoProcess start(String... properties) throws IOException {
    return new DemoProcess(DemoServer.class, List.of(properties), Map.of());
  }

  static DemoProcess startFleet(String... properties) throws IOException {
    Map<String, String> quick = Map.of("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1"); // its nodes
    return new DemoProcess(DemoFleet.class, List.of(properties), quick);
  }

  /** Waits until the demo has greeted, and gives the port that it names. */
  int port() throws IOException {
    if (port > 0) {
      return port;
    }
    Matcher greeting = GREETING.matcher(String.join("\n", linesTo(GREETING)));
    assertThat(greeting.find()).isTrue();
    port = Integer.parseInt(greeting.group(1));
    return port;
  }

  /** Waits until the demo has said a line, and gives all lines up to it. */
  List<String> linesTo(Pattern pattern) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
      if (pattern.matcher(line).matches()) {
        return lines;
      }
    }
    throw new AssertionError("The demo did not say " + pattern + ", but: " + lines);
  }

  /** What the system knows of it. */
  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.toHandle().destroy(); // process.destroy() would close its output, too
  }

  /** Waits until the demo has ended, and gives what it has said since. */
  String rest() {
    return output.lines().collect(Collectors.joining("\n"));
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("The demo goes on");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

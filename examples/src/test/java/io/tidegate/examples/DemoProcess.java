package io.tidegate.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The demo in a JVM of its own, started as a user starts it; for at most 90 seconds. */
final class DemoProcess implements AutoCloseable {
  private static final Pattern GREETING = Pattern.compile(".* http://localhost:(\\d+)/ .*");

  private final Process process;
  private final BufferedReader output;
  private int port;

  private DemoProcess(List<String> properties) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx128m");
    properties.forEach(property -> command.add("-D" + property));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(DemoServer.class.getName());
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    output = process.inputReader();
    // Ends every read from it, too, which no interrupt does.
    CompletableFuture.delayedExecutor(90, TimeUnit.SECONDS)
        .execute(process.toHandle()::destroyForcibly);
  }

  static DemoProcess start(String... properties) throws IOException {
    return new DemoProcess(List.of(properties));
  }

  /** Waits until the demo has greeted, and gives the port that it names. */
  int port() throws IOException {
    if (port > 0) {
      return port;
    }
    List<String> lines = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
      Matcher greeting = GREETING.matcher(line);
      if (greeting.matches()) {
        port = Integer.parseInt(greeting.group(1));
        return port;
      }
    }
    throw new AssertionError("The demo did not greet, but said: " + lines);
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

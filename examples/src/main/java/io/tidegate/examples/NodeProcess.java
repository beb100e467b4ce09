package io.tidegate.examples;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A node in a JVM of its own. It ends with this, or with its input. */
final class NodeProcess implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 10;

  private final Process process;

  /**
   * Starts a node.
   *
   * @param settings properties and their values, {@code name=value}
   * @param secret what all nodes share; not among the settings, which a list of processes shows
   */
  NodeProcess(List<String> settings, String secret) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    settings.forEach(setting -> command.add("-D" + setting));
    command.add(DemoNode.class.getName());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("CLASSPATH", classPath());
    builder.environment().put("DEMO_SECRET", secret);
    process = builder.start();
  }

  /** That of this process: Maven has given it to a loader, and Java knows only Maven's own. */
  private static String classPath() {
    return NodeProcess.class.getClassLoader() instanceof URLClassLoader loader
        ? Stream.of(loader.getURLs())
            .map(URL::toString)
            .map(url -> Path.of(URI.create(url)).toString())
            .collect(Collectors.joining(File.pathSeparator))
        : System.getProperty("java.class.path", "");
  }

  /**
   * Waits until the node serves, and gives its port.
   *
   * @throws IOException if it has ended instead; why, it has said itself
   */
  int port() throws IOException {
    String line = process.inputReader().readLine();
    if (line == null) {
      throw new IOException("A node has not started");
    }
    return Integer.parseInt(line);
  }

  Process process() {
    return process;
  }

  /** Asks the node to end, and does not wait. */
  void end() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroyForcibly();
    }
  }

  /** Waits until the node has ended, and kills it if that takes too long. */
  @Override
  public void close() {
    end();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

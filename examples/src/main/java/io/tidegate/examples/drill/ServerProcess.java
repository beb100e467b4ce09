package io.tidegate.examples.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The service in a JVM of its own, and what is said to it. It ends with this, or with its input.
 */
final class ServerProcess implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int MOST_MINUTES = 5;

  private final Process process;
  private final Writer to;
  private final BufferedReader from;

  ServerProcess(Column column, String classPath) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms1g",
                "-Xmx1g",
                "-XX:+ExitOnOutOfMemoryError",
                "-Ddrill.perAddress.perMinute=" + PerAddressFilter.PER_MINUTE,
                "-Ddrill.perAddress.burst=" + PerAddressFilter.BURST,
                "-Ddrill.priceMs=" + DrillGate.PRICE_MILLIS,
                "-cp",
                classPath,
                DrillServer.class.getName(),
                column.label)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // Ends every read from it, too, which no interrupt does.
    CompletableFuture.delayedExecutor(MOST_MINUTES, TimeUnit.MINUTES)
        .execute(process::destroyForcibly);
    to = process.outputWriter(StandardCharsets.UTF_8);
    from =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Says a line, and reads the answer. */
  JsonNode ask(String command) {
    try {
      to.write(command + "\n");
      to.flush();
      String answer = from.readLine();
      if (answer == null) {
        throw new IOException("the server ended (expected: an answer to " + command + ")");
      }
      return JSON.readTree(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

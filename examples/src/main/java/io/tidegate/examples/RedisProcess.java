package io.tidegate.examples;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * A Redis for the demo, which keeps nothing on disk and listens to this machine only. A library
 * brings its program along. It ends with this, or with its input.
 */
final class RedisProcess implements AutoCloseable {

  /** A Redis does not look at its input, so a shell does, and tidies up. */
  private static final String SCRIPT =
      """
      exec 3<&0
      (cat <&3; kill -9 $$; rm -f "$0") >/dev/null 2>&1 &
      exec "$0" "$@" </dev/null 3<&-
      """;

  private final int port;
  private final Process process;

  RedisProcess() throws IOException {
    port = freePort();
    process =
        new ProcessBuilder(
                "sh",
                "-c",
                SCRIPT,
                program().toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--loglevel",
                "warning")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Path program() throws IOException {
    String system =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
    String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    try (InputStream in =
        RedisProcess.class.getResourceAsStream("/redis-server-7.0.15-" + system + "-" + arch)) {
      if (in == null) {
        throw new IOException("embedded-redis has no program for " + system + " on " + arch);
      }
      Path program = Files.createTempFile("demo-redis", "");
      Files.copy(in, program, StandardCopyOption.REPLACE_EXISTING);
      if (!program.toFile().setExecutable(true)) {
        throw new IOException(program + " cannot be made executable");
      }
      return program;
    }
  }

  String uri() {
    return "redis://127.0.0.1:" + port;
  }

  Process process() {
    return process;
  }

  /** The Redis ends, and its program is deleted, soon after. */
  @Override
  public void close() {
    process.destroyForcibly(); // which ends its input, too
  }
}

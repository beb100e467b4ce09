package io.tidegate.redis;

import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A real server, which can be stopped, paused and started again on its port. */
final class RedisProcess implements AutoCloseable {

  private static final Path PROGRAM = unpack();

  final int port;
  final int busPort = freePort();
  private final List<String> command = new ArrayList<>();
  private final Path folder;
  private Process process;

  private RedisProcess(int port, String... more) {
    this.port = port;
    try {
      folder = Files.createTempDirectory("tidegate-redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    command.addAll(
        List.of(
            PROGRAM.toString(),
            "--port",
            Integer.toString(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--loglevel",
            "warning",
            "--dir",
            folder.toString()));
    command.addAll(List.of(more));
  }

  static RedisProcess start() {
    return new RedisProcess(freePort()).again();
  }

  static RedisProcess startAt(int port) {
    return new RedisProcess(port).again();
  }

  static RedisProcess startForCluster() {
    RedisProcess node =
        new RedisProcess(
            freePort(),
            "--cluster-enabled",
            "yes",
            "--cluster-node-timeout",
            "1000",
            "--cluster-require-full-coverage",
            "no");
    node.command.addAll(List.of("--cluster-port", Integer.toString(node.busPort)));
    return node.again();
  }

  private static Path unpack() {
    String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    String os =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
    String name = "/redis-server-7.0.15-" + os + "-" + arch;
    try (InputStream in = RedisProcess.class.getResourceAsStream(name)) {
      Path program = Files.createTempFile("redis-server", "");
      Files.copy(in, program, StandardCopyOption.REPLACE_EXISTING);
      program.toFile().setExecutable(true);
      program.toFile().deleteOnExit();
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RedisURI uri() {
    return RedisURI.create("127.0.0.1", port);
  }

  /** Starts it, without what it knew, and waits until it listens. */
  RedisProcess again() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Until.isTrue("the server listens", Duration.ofSeconds(10), this::listens);
    return this;
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Holds it up: its connections stay, and nothing is answered. */
  void pause() {
    signal("STOP");
  }

  void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
    try (var files = Files.list(folder)) {
      files.forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    folder.toFile().delete();
  }
}

package io.tidegate.examples.readme;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A key for a server's TLS, of a test's own. */
final class Keys {
  static final String PASSWORD = "changeit";

  private Keys() {}

  /** Makes one in a folder, unless there is one. */
  static Path make(Path folder) throws IOException, InterruptedException {
    Path file = folder.resolve("keys.p12");
    if (!file.toFile().exists()) {
      String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
      String arguments = "-genkeypair -keyalg EC -alias test -dname CN=127.0.0.1";
      ProcessBuilder builder = new ProcessBuilder(keytool);
      builder.command().addAll(List.of(arguments.split(" ")));
      builder.command().addAll(List.of("-keystore", file.toString()));
      builder.command().addAll(List.of("-storepass", PASSWORD));
      if (builder.inheritIO().start().waitFor() != 0) {
        throw new AssertionError("keytool failed");
      }
    }
    return file;
  }
}

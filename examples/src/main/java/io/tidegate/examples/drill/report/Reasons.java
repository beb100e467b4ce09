package io.tidegate.examples.drill.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;

/** Why targets are missed, where they are; what is known of it is written by hand. */
final class Reasons {

  private final Properties reasons;

  private Reasons(Properties reasons) {
    this.reasons = reasons;
  }

  static Reasons read() throws IOException {
    Properties read = new Properties();
    try (Reader in =
        new InputStreamReader(resource("reasons.properties"), StandardCharsets.UTF_8)) {
      read.load(in);
    }
    return new Reasons(read);
  }

  /** A file beside this class. */
  static InputStream resource(String name) {
    return Objects.requireNonNull(Reasons.class.getResourceAsStream(name), name);
  }

  /** The sentence for a figure. */
  String of(String key) {
    return reasons.getProperty(key, "The reason has not been found yet.");
  }

  /** A cell that says whether a target was reached, and if not, why. */
  String verdict(boolean reached, String key) {
    return reached
        ? "<td><span class=\"yes\">reached</span></td>"
        : "<td><span class=\"no\">not reached.</span> " + Html.escaped(of(key)) + "</td>";
  }
}

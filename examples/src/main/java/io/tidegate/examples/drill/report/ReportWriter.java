package io.tidegate.examples.drill.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what the drill has shown: {@code report.json}, and {@code report.html} for people. */
public final class ReportWriter {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ReportWriter() {}

  /**
   * Writes the report.
   *
   * @param live the live part's {@code {"live": {...}, "settings": {...}}}; an empty object if it
   *     did not run
   * @param simulated the simulated part's {@code {"simulated": [...], "settings": {...}}}; an empty
   *     object if it did not run
   * @param directory where to; made if it is not there
   * @throws IOException if it cannot be written
   */
  public static void write(JsonNode live, JsonNode simulated, Path directory) throws IOException {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.set("live", object(live.path("live")));
    JsonNode rows = simulated.path("simulated");
    report.set("simulated", rows.isArray() ? rows : JsonNodeFactory.instance.arrayNode());
    ObjectNode settings = report.putObject("settings");
    settings.set("live", object(live.path("settings")));
    settings.set("simulated", object(simulated.path("settings")));
    Files.createDirectories(directory);
    String json = JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report);
    Files.writeString(directory.resolve("report.json"), json + "\n");
    Files.writeString(directory.resolve("report.html"), Page.of(live, simulated));
  }

  private static JsonNode object(JsonNode node) {
    return node.isObject() ? node : JsonNodeFactory.instance.objectNode();
  }

  /**
   * Writes the report of parts that were run before.
   *
   * @param args the directory with {@code live.json} and {@code simulated.json}, either of which
   *     may be missing; {@code target/drill} if not said
   * @throws IOException if it cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args.length == 0 ? "target/drill" : args[0]);
    write(read(directory, "live.json"), read(directory, "simulated.json"), directory);
  }

  private static JsonNode read(Path directory, String name) throws IOException {
    Path file = directory.resolve(name);
    return Files.exists(file)
        ? JSON.readTree(file.toFile())
        : JsonNodeFactory.instance.objectNode();
  }
}

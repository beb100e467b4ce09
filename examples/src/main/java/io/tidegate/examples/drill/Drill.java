package io.tidegate.examples.drill;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.examples.drill.report.ReportWriter;
import io.tidegate.examples.drill.sim.Simulation;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The load drill: the same attack on the same service behind several defences, and what becomes of
 * everybody. Writes {@code report.json} and {@code report.html}. Needs about 20,000 open files.
 */
public final class Drill {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Drill() {}

  /**
   * Runs it, in about six minutes. System properties, all with {@code drill.} before them: {@code
   * columns} (all; some of none, closed, perAddress, tidegate, tidegate20x), {@code calm}, {@code
   * attack} and {@code after} (seconds), {@code strategy} (PASS; PROOF or SHARED: what attackers do
   * with their work), {@code liveOnly} (false; true leaves the simulated part out), {@code dir}
   * (target/drill).
   *
   * @param arguments none
   * @throws Exception if something cannot be started or written
   */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.fromProperties();
    Files.createDirectories(settings.dir());
    ObjectNode live =
        new LiveDrill(
                settings,
                System.getProperty("drill.classpath", System.getProperty("java.class.path")),
                System.out::println)
            .run();
    write(live, settings.dir().resolve("live.json"));
    ObjectNode simulated = JsonNodeFactory.instance.objectNode();
    if (!Boolean.getBoolean("drill.liveOnly")) {
      simulated = Simulation.run(settings.seed(), System.out::println);
      write(simulated, settings.dir().resolve("simulated.json"));
    }
    ReportWriter.write(live, simulated, settings.dir());
    System.out.println("The report is in " + settings.dir().resolve("report.html"));
  }

  private static void write(ObjectNode node, Path file) throws Exception {
    Files.writeString(file, JSON.writeValueAsString(node) + "\n");
  }
}

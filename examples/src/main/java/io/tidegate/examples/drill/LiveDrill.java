package io.tidegate.examples.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The live part: one column after the other, each with a server process of its own. */
final class LiveDrill {

  /** For how long answers are waited for when all has been sent. */
  private static final long GRACE = TimeUnit.SECONDS.toNanos(2);

  private static final long LEAD = TimeUnit.MILLISECONDS.toNanos(500);

  private final Settings settings;
  private final String classPath;
  private final Consumer<String> progress;

  LiveDrill(Settings settings, String classPath, Consumer<String> progress) {
    this.settings = settings;
    this.classPath = classPath;
    this.progress = progress;
  }

  ObjectNode run() throws Exception {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    ObjectNode live = all.putObject("live");
    for (Column column : settings.columns()) {
      progress.accept("live: " + column.label);
      ObjectNode figures = run(column);
      live.set(column.label, figures);
      ObjectNode told = figures.deepCopy();
      told.remove("series");
      progress.accept("live: " + column.label + " " + told);
    }
    all.set("settings", settings.json());
    return all;
  }

  private ObjectNode run(Column column) throws Exception {
    try (ServerProcess server = new ServerProcess(column, classPath)) {
      if (settings.warmSeconds() > 0) {
        warm(column, server);
      }
      int port = server.ask("open").path("port").asInt();
      try (Load load = new Load(port, settings.seconds())) {
        Plays plays = new Plays(settings, load, column.compute);
        plays.logIn();
        if (column.hasGate() && !plays.users.stream().allMatch(Established::hasPass)) {
          throw new IOException("passes: missing (expected: one for each user who logged in)");
        }
        play(settings, load, plays, server);
        JsonNode report = server.ask("report " + settings.seconds());
        progress.accept("live: " + column.label + " " + report.path("status").asText());
        return new Figures(settings, plays, load, report).json();
      }
    }
  }

  private void warm(Column column, ServerProcess server) throws Exception {
    Settings warming = settings.toWarmUp();
    int port = server.ask("open").path("port").asInt();
    try (Load load = new Load(port, warming.seconds())) {
      Plays plays = new Plays(warming, load, column.compute);
      long begin = System.nanoTime() + LEAD;
      plays.attackers.stopAt(begin + TimeUnit.SECONDS.toNanos(warming.seconds()));
      load.run(begin, TimeUnit.SECONDS.toNanos(warming.seconds()));
    }
  }

  private static void play(Settings settings, Load load, Plays plays, ServerProcess server) {
    System.gc();
    long wall = System.currentTimeMillis() + TimeUnit.NANOSECONDS.toMillis(2 * LEAD);
    long begin = System.nanoTime() + 2 * LEAD;
    server.ask("begin " + wall);
    plays.attackers.stopAt(
        begin + TimeUnit.SECONDS.toNanos(settings.calmSeconds() + settings.attackSeconds()));
    load.run(begin, TimeUnit.SECONDS.toNanos(settings.seconds()) + GRACE);
  }
}

package io.tidegate.examples.drill.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One defence of the live part.
 *
 * @param key its name in the JSON
 * @param title its name on the page
 * @param line its name in charts
 * @param figures what was measured
 */
record Column(String key, String title, String line, JsonNode figures) {

  /** Those that were run, in the order of the page. */
  static List<Column> of(JsonNode live) {
    List<Column> all = new ArrayList<>();
    add(all, live, "none", "No protection", "none");
    add(all, live, "closed", "Registration closed", "closed");
    add(all, live, "perAddress", "A limit for each address", "per address");
    add(all, live, "tidegate", "Tidegate", "Tidegate");
    add(all, live, "tidegate20x", "Tidegate, attackers with 20 times the compute", "Tidegate, 20x");
    return all;
  }

  private static void add(List<Column> all, JsonNode live, String key, String title, String line) {
    JsonNode figures = live.path("live").path(key);
    if (figures.isObject()) {
      all.add(new Column(key, title, line, figures));
    }
  }

  JsonNode series(String... path) {
    JsonNode node = figures.path("series");
    for (String part : path) {
      node = node.path(part);
    }
    return node;
  }

  /** In plain words, what happened to everybody. */
  String sentence() {
    return "Established users: "
        + Numbers.of(figures.path("establishedOkPct"))
        + "% of their requests were answered, 99 of 100 within "
        + Numbers.of(figures.path("establishedP99AttackMs"), " ms")
        + ". Newcomers: "
        + Numbers.of(figures.path("newcomersRegisteredPct"))
        + "% were registered within 10 seconds. Attackers got "
        + Numbers.of(figures.path("attackerWorkPct"))
        + "% of the work.";
  }
}

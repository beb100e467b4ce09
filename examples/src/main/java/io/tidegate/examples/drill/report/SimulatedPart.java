package io.tidegate.examples.drill.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the page says of the simulated part. */
final class SimulatedPart {

  /** At which budget the target is set, and what it is. */
  private static final int AIMED_AT = 1_500;

  private static final double AIM_PCT = 80;

  private final List<JsonNode> rows = new ArrayList<>();
  private final int from;
  private final int to;
  private final Reasons reasons;

  SimulatedPart(JsonNode simulated, Reasons reasons) {
    simulated.path("simulated").forEach(rows::add);
    this.from = simulated.path("settings").path("attackFromSecond").asInt(15);
    this.to = simulated.path("settings").path("attackToSecond").asInt(45);
    this.reasons = reasons;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  private static boolean is(JsonNode row, String price, String strategy) {
    return is(row, price)
        && row.path("strategy").asText().equals(strategy)
        && !row.path("hoard").asBoolean()
        && row.path("floodPerSecond").asLong() > 0;
  }

  private static String budget(JsonNode row) {
    String times = row.path("computeTimes").asInt(1) == 1 ? "" : " *";
    return Numbers.of(row.path("solverBotsPerSecond")) + times;
  }

  /** What attackers do, in words. */
  private static String strategy(JsonNode row) {
    String word =
        switch (row.path("strategy").asText()) {
          case "pass" -> "a pass for each proof, which registers as often as it may";
          case "shared-pass" -> "a pass for each proof, which the whole flood shows";
          default -> "a registration for each proof";
        };
    String hoard = row.path("hoard").asBoolean() ? "; challenges gathered while cheap" : "";
    String quiet = row.path("floodPerSecond").asLong() == 0 ? "; no flood beside it" : "";
    return word + hoard + quiet;
  }

  /** In plain words, the best for humans and the worst. */
  String words() {
    StringBuilder html = new StringBuilder("<dl>\n<dt>Simulated: a million bots</dt>");
    html.append(
            "<dd>Newcomers who got in within 10 seconds, against attackers with 1,500 proofs a ")
        .append("second, by what these spend them on:<ul>\n");
    for (JsonNode row : rows) {
      if (row.path("solverBotsPerSecond").asInt() == AIMED_AT && is(row, "moving")) {
        html.append("<li>")
            .append(Html.escaped(strategy(row)))
            .append(": ")
            .append(Numbers.of(row.path("humansInPct"), "%"))
            .append("</li>\n");
      }
    }
    return html.append("</ul></dd>\n</dl>\n").toString();
  }

  private static boolean is(JsonNode row, String price) {
    return row.path("price").asText().equals(price);
  }

  /** The target, and whether it is reached. */
  String target() {
    StringBuilder html = new StringBuilder();
    for (JsonNode row : rows) {
      if (is(row, "moving", "proof") && row.path("solverBotsPerSecond").asInt() == AIMED_AT) {
        double in = row.path("humansInPct").asDouble();
        html.append("<tr>")
            .append(Html.rowHead("Humans registered within 10 s, against 1,500 proofs a second"))
            .append(Html.cell(Numbers.of(in) + "%"))
            .append(Html.cell("80% or more"))
            .append(reasons.verdict(in >= AIM_PCT, "simulated"))
            .append("</tr>\n");
      }
    }
    String head =
        Html.head("Figure") + Html.head("Simulated") + Html.head("Target") + Html.head("Result");
    return Html.table("The simulated target", head, html.toString());
  }

  String table() {
    StringBuilder html = new StringBuilder();
    for (JsonNode row : rows) {
      html.append("<tr>")
          .append(Html.rowHead(budget(row)))
          .append(Html.cell(row.path("price").asText()))
          .append(Html.cell(strategy(row)))
          .append(Html.cell(Numbers.of(row.path("humansInPct"), "%")))
          .append(Html.cell(Numbers.of(row.path("humanMedianSeconds"), " s")))
          .append(Html.cell(Numbers.of(row.path("establishedOkPct"), "%")))
          .append(Html.cell(Numbers.of(row.path("establishedP99AttackMs"), " ms")))
          .append(Html.cell(Numbers.of(row.path("attackerWorkPct"), "%")))
          .append(Html.cell(Numbers.of(row.path("attackersPaidMs"), " ms")))
          .append(Html.cell(Numbers.of(row.path("frontEndPct"), "%")))
          .append("</tr>\n");
    }
    String head =
        Html.head("Proofs a second at the floor price")
            + Html.head("Price")
            + Html.head("What attackers do with them")
            + Html.head("Humans in")
            + Html.head("Their median")
            + Html.head("Established in time")
            + Html.head("Their p99")
            + Html.head("Attackers' work")
            + Html.head("Paid for a proof")
            + Html.head("Front end busy");
    return Html.table("* with 20 times the compute of 1,500", head, html.toString());
  }

  List<Chart> charts() {
    Chart humans = new Chart("Humans in within 10 s, by the attackers' proofs a second", "%");
    for (JsonNode row : rows) {
      line(humans, row, "moving", "proof", "price moves");
      line(humans, row, "fixed", "proof", "price stays at the floor");
      line(humans, row, "moving", "pass", "price moves, attackers buy passes");
    }
    List<Chart> charts = new ArrayList<>(List.of(humans));
    Chart price = new Chart("The price over time", "ms on a slow phone").attack(from, to);
    Chart served =
        new Chart("Established users' calls in time, each second", "requests").attack(from, to);
    Chart came = new Chart("Humans who got in, by when they came", "people").attack(from, to);
    for (JsonNode row : rows) {
      if (is(row, "moving", "proof")) {
        price.add(budget(row), row.path("series").path("priceMs"));
        served.add(budget(row), row.path("series").path("establishedOk"));
        came.add(budget(row), row.path("series").path("humansIn"));
      }
    }
    charts.addAll(List.of(price, served, came));
    for (JsonNode row : rows) {
      if (is(row, "moving", "proof") && row.path("solverBotsPerSecond").asInt() >= AIMED_AT) {
        charts.add(slots(row));
        charts.add(refused(row));
      }
    }
    return charts;
  }

  private static void line(Chart chart, JsonNode row, String price, String strategy, String name) {
    if (is(row, price, strategy)) {
      chart.add(name, budget(row), row.path("humansInPct").asDouble());
    }
  }

  private Chart slots(JsonNode row) {
    Chart chart =
        new Chart(budget(row) + " proofs a second: who had the slots", "ms of work, each second")
            .layered()
            .attack(from, to);
    for (String role : List.of("established", "newcomers", "attackers")) {
      chart.add(role, row.path("series").path("slotMs").path(role));
    }
    return chart;
  }

  private Chart refused(JsonNode row) {
    Chart chart =
        new Chart(
                budget(row) + " proofs a second: what attackers were told", "requests, each second")
            .attack(from, to);
    JsonNode refused = row.path("series").path("refused").path("attackers");
    for (Map.Entry<String, JsonNode> kind : refused.properties()) {
      chart.add(meaning(kind.getKey()), kind.getValue());
    }
    return chart;
  }

  private static String meaning(String kind) {
    return switch (kind) {
      case "CHALLENGED" -> "a price (429)";
      case "THROTTLED" -> "too much (429)";
      case "OVERLOADED" -> "no slot (503)";
      case "BANNED" -> "banned (429)";
      case "SERVED" -> "a pass that was bought";
      default -> kind;
    };
  }
}

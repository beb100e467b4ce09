package io.tidegate.examples.drill.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the page says of the live part. */
final class LivePart {

  private static final List<String> ROLES = List.of("established", "newcomers", "attackers");

  private final List<Column> columns;
  private final int from;
  private final int to;
  private final Reasons reasons;

  LivePart(JsonNode live, Reasons reasons) {
    this.columns = Column.of(live);
    this.from = live.path("settings").path("calmSeconds").asInt(10);
    this.to = from + live.path("settings").path("attackSeconds").asInt(30);
    this.reasons = reasons;
  }

  /** A sentence for each column. */
  String words() {
    StringBuilder html = new StringBuilder("<dl>\n");
    for (Column column : columns) {
      html.append("<dt>").append(Html.escaped(column.title())).append("</dt><dd>");
      html.append(Html.escaped(column.sentence())).append("</dd>\n");
    }
    return html.append("</dl>\n").toString();
  }

  /** The figures that have a target, with those of all columns beside them. */
  String targets() {
    StringBuilder head = new StringBuilder(Html.head("Figure"));
    columns.forEach(column -> head.append(Html.head(column.title())));
    head.append(Html.head("Target")).append(Html.head("With Tidegate"));
    StringBuilder rows = new StringBuilder();
    for (Target target : Target.LIVE) {
      rows.append("<tr>").append(Html.rowHead(target.title()));
      columns.forEach(column -> rows.append(Html.cell(target.value(column.figures()))));
      rows.append(Html.cell(target.aim())).append(verdict(target)).append("</tr>\n");
    }
    return Html.table("During the attack, on this machine", head.toString(), rows.toString());
  }

  private String verdict(Target target) {
    return columns.stream()
        .filter(column -> column.key().equals("tidegate"))
        .findFirst()
        .map(column -> reasons.verdict(target.isReached().test(column.figures()), target.key()))
        .orElse(Html.cell("–"));
  }

  /** All other numbers. */
  String more() {
    Set<String> keys = new TreeSet<>();
    for (Column column : columns) {
      column
          .figures()
          .properties()
          .forEach(
              field -> {
                if (field.getValue().isNumber()) {
                  keys.add(field.getKey());
                }
              });
    }
    StringBuilder head = new StringBuilder(Html.head("Figure"));
    columns.forEach(column -> head.append(Html.head(column.title())));
    StringBuilder rows = new StringBuilder();
    for (String key : keys) {
      rows.append("<tr>").append(Html.rowHead(key));
      columns.forEach(column -> rows.append(Html.cell(Numbers.of(column.figures().path(key)))));
      rows.append("</tr>\n");
    }
    return Html.table(
        "All figures, by their names in report.json", head.toString(), rows.toString());
  }

  /** What is compared: one chart for each question, one line for each column. */
  List<Chart> compared() {
    return List.of(
        lines("Established users answered, each second", "requests", "established", "ok"),
        lines("Established users' p99", "ms (logarithmic)", "established", "p99Ms").logarithmic(),
        lines("Newcomers registered, each second", "people", "newcomers", "registered"),
        lines("Newcomers' requests answered, each second", "requests", "newcomers", "ok"),
        lines("What is asked of strangers: the price", "ms on a slow phone", "priceMs"),
        lines("The server's heap", "MB", "heapMb"));
  }

  private Chart lines(String caption, String unit, String... path) {
    Chart chart = new Chart(caption, unit).attack(from, to);
    boolean logarithmic = unit.contains("logarithmic");
    if (logarithmic) {
      chart.logarithmic();
    }
    columns.forEach(column -> chart.add(column.line(), column.series(path)));
    return chart;
  }

  /** Who had the slots, and what was refused, in each column. */
  List<Chart> byColumn() {
    List<Chart> charts = new ArrayList<>();
    for (Column column : columns) {
      Chart slots =
          new Chart(column.title() + ": who had the slots", "ms of work, each second")
              .layered()
              .attack(from, to);
      ROLES.forEach(role -> slots.add(role, column.series("slotMs", role)));
      charts.add(slots);
      Chart refused =
          new Chart(column.title() + ": what was refused or lost", "requests, each second")
              .attack(from, to);
      refusals(column).forEach(refused::add);
      charts.add(refused);
    }
    return charts;
  }

  /** All roles' refusals by what was answered, which the page calls by what it means. */
  private static Map<String, JsonNode> refusals(Column column) {
    Map<String, JsonNode> sums = new TreeMap<>();
    for (String role : ROLES) {
      for (Map.Entry<String, JsonNode> kind : column.series(role, "refused").properties()) {
        sums.merge(meaning(kind.getKey()), kind.getValue(), LivePart::sum);
      }
      sums.merge("no answer in time", column.series(role, "timedOut"), LivePart::sum);
    }
    sums.values().removeIf(JsonNode::isEmpty);
    return sums;
  }

  private static String meaning(String status) {
    return switch (status) {
      case "429" -> "429: too much, or a price";
      case "503" -> "503: no slot, or closed";
      case "403" -> "403: not let in";
      case "401" -> "401: wrong password";
      default -> status;
    };
  }

  private static JsonNode sum(JsonNode one, JsonNode other) {
    ArrayNode sum = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
      sum.add(one.path(i).asDouble() + other.path(i).asDouble());
    }
    return sum;
  }

  boolean isEmpty() {
    return columns.isEmpty();
  }
}

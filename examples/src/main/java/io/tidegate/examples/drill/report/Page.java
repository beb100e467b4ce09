package io.tidegate.examples.drill.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The whole page: plain words first, then figures, then charts, then how it was done. */
final class Page {

  private Page() {}

  static String of(JsonNode live, JsonNode simulated) throws IOException {
    Reasons reasons = Reasons.read();
    LivePart measured = new LivePart(live, reasons);
    SimulatedPart calculated = new SimulatedPart(simulated, reasons);
    Charts charts = new Charts();
    StringBuilder html = new StringBuilder();
    html.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Tidegate: the load drill</title>
        <style>
        """);
    html.append(css()).append("</style>\n</head>\n<body>\n<main>\n");
    html.append("<h1>The load drill: one attack, met in several ways</h1>\n");
    html.append(
        """
        <p>A service is attacked while people use it. Some have an account, some come to make one, and most requests
        are the attackers'. What becomes of each of them?</p>
        """);
    if (!measured.isEmpty()) {
      html.append(measured.words());
    }
    if (!calculated.isEmpty()) {
      html.append(calculated.words());
    }
    html.append("<h2>Figures and targets</h2>\n");
    if (!measured.isEmpty()) {
      html.append(measured.targets());
    }
    if (!calculated.isEmpty()) {
      html.append(calculated.target());
    }
    if (!measured.isEmpty()) {
      html.append("<h2>Over time, on this machine</h2>\n");
      html.append("<p class=\"dim\">The attack is shaded.</p>\n");
      html.append(charts.grid(measured.compared())).append(charts.grid(measured.byColumn()));
    }
    if (!calculated.isEmpty()) {
      html.append("<h2>At the internet's scale, simulated</h2>\n").append(Notes.SIMULATED);
      html.append(calculated.table()).append(charts.grid(calculated.charts()));
    }
    html.append("<h2>How it was done</h2>\n").append(Notes.DONE);
    html.append(settings("Settings of the live part", live));
    html.append(settings("Settings of the simulation", simulated));
    if (!measured.isEmpty()) {
      html.append(measured.more());
    }
    return html.append("</main>\n</body>\n</html>\n").toString();
  }

  private static String css() throws IOException {
    try (InputStream in = Reasons.resource("page.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String settings(String caption, JsonNode part) {
    StringBuilder rows = new StringBuilder();
    part.path("settings")
        .properties()
        .forEach(
            field ->
                rows.append("<tr>")
                    .append(Html.rowHead(field.getKey()))
                    .append(Html.cell(value(field.getValue())))
                    .append("</tr>\n"));
    return rows.isEmpty()
        ? ""
        : Html.table(caption, Html.head("Setting") + Html.head("Value"), rows.toString());
  }

  private static String value(JsonNode value) {
    return value.isNumber()
        ? Numbers.of(value)
        : value.isTextual() ? value.asText() : value.toString();
  }
}

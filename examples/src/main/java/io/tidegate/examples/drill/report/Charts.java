package io.tidegate.examples.drill.report;

import java.io.IOException;

/** The charts of a page, numbered. */
final class Charts {

  private int count;

  /** Some charts beside or below each other, as there is room. */
  String grid(Iterable<Chart> charts) throws IOException {
    StringBuilder html = new StringBuilder("<div class=\"charts\">\n");
    for (Chart chart : charts) {
      html.append(chart.html(++count));
    }
    return html.append("</div>\n").toString();
  }
}

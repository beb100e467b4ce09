package io.tidegate.examples.drill.report;

/** Text for a page. */
final class Html {

  private Html() {}

  /** A text with nothing in it that a browser would take for more, in elements and attributes. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  static String cell(String text) {
    return "<td>" + escaped(text) + "</td>";
  }

  static String head(String text) {
    return "<th scope=\"col\">" + escaped(text) + "</th>";
  }

  static String rowHead(String text) {
    return "<th scope=\"row\">" + escaped(text) + "</th>";
  }

  /** A table that can be moved sideways where it is too wide for a phone. */
  static String table(String caption, String head, String rows) {
    return "<div class=\"wide\" tabindex=\"0\"><table><caption>"
        + escaped(caption)
        + "</caption><thead><tr>"
        + head
        + "</tr></thead><tbody>"
        + rows
        + "</tbody></table></div>\n";
  }
}

package io.tidegate.examples.drill.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Figures as people read them. */
final class Numbers {

  private static final double MANY = 1_000;

  private Numbers() {}

  /** A figure with at most two places, or a dash if there is none. */
  static String of(JsonNode figure) {
    return figure.isNumber() ? of(figure.asDouble()) : "–";
  }

  static String of(double figure) {
    if (figure == Math.rint(figure) || Math.abs(figure) >= MANY) {
      return String.format(Locale.ROOT, "%,.0f", figure);
    }
    String text = String.format(Locale.ROOT, "%.2f", figure);
    return text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
  }

  /** The same with what it is of; a dash alone if there is none. */
  static String of(JsonNode figure, String unit) {
    return figure.isNumber() ? of(figure) + unit : "–";
  }
}

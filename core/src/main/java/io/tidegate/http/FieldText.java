package io.tidegate.http;

import java.util.Objects;

/**
 * Checks of text that ends up in a header field. Stateless.
 *
 * <p>Only printable ASCII passes. HTTP would allow a little more (RFC 9110, section 5.5), but a
 * line break lets whoever wrote the text add fields and bodies of their own, and some servers write
 * a character's low byte only, so that U+010A comes out as a line break too.
 */
public final class FieldText {

  private FieldText() {}

  /**
   * Checks a field value that comes from a configuration, such as a content type.
   *
   * @param name what the value is called in the error message
   * @param value the value: at least one character, all of them printable ASCII, and no space at
   *     either end
   * @return the value
   * @throws IllegalArgumentException if it is anything else
   */
  public static String requireFieldValue(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, name);
    if (value.isEmpty() || !isPrintable(value) || !value.equals(value.strip())) {
      throw new IllegalArgumentException(
          name
              + ": "
              + Json.quoted(value)
              + " (expected: printable ASCII with no space at either end)");
    }
    return value;
  }

  /** Whether all is printable ASCII: what a structured field's string can hold. */
  static boolean isPrintable(String text) {
    return text.chars().allMatch(c -> c >= 0x20 && c <= 0x7E);
  }

  /** Printable text as a structured field's string (RFC 9651, section 4.1.6). */
  static String quoted(String printable) {
    return '"' + printable.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}

package io.tidegate.client;

/** The few rules of RFC 9110, section 5.6, that this package needs. */
final class HttpText {

  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private HttpText() {}

  static boolean isTokenCharacter(char c) {
    return IpText.isAlphanumeric(c) || TOKEN_MARKS.indexOf(c) >= 0;
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** The first index in {@code [start, end)} that is not blank, or {@code end}. */
  static int skipBlanks(CharSequence text, int start, int end) {
    int i = start;
    while (i < end && isBlank(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** The index after the last character of {@code [start, end)} that is not blank. */
  static int trimBlanks(CharSequence text, int start, int end) {
    int i = end;
    while (i > start && isBlank(text.charAt(i - 1))) {
      i--;
    }
    return i;
  }

  /**
   * Checks the name of a header field for configuration.
   *
   * @throws IllegalArgumentException if it is not a token of 1 to {@code most} characters
   */
  static void checkFieldName(String name, int most) {
    boolean good = !name.isEmpty() && name.length() <= most;
    for (int i = 0; good && i < name.length(); i++) {
      good = isTokenCharacter(name.charAt(i));
    }
    if (!good) {
      throw new IllegalArgumentException(
          "header: " + name + " (expected: a field name of 1 to " + most + " token characters)");
    }
  }
}

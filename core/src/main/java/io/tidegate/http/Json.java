package io.tidegate.http;

/** JSON strings (RFC 8259, section 7), from any text, even such as is no valid UTF-16. */
final class Json {

  private static final char REPLACEMENT = '\uFFFD';

  private Json() {}

  static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2);
    quote(text, out);
    return out.toString();
  }

  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (isUnsafe(c)) {
        escape(c, out);
      } else {
        // Half a surrogate pair has no encoding in UTF-8.
        out.append(isLone(text, i) ? REPLACEMENT : c);
      }
    }
    out.append('"');
  }

  /**
   * Whether a character must be escaped, or does harm where JSON is pasted: other controls in a log
   * or a terminal, line separators in a script.
   */
  private static boolean isUnsafe(char c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
  }

  private static void escape(char c, StringBuilder out) {
    switch (c) {
      case '\b' -> out.append("\\b");
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case '\f' -> out.append("\\f");
      case '\r' -> out.append("\\r");
      default -> {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(Character.forDigit((c >> shift) & 0xF, 16));
        }
      }
    }
  }

  private static boolean isLone(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}

package io.tidegate.challenge;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON in the one form that ALTCHA's protocol 2 signs: what {@code JSON.stringify} makes of
 * an object whose keys are in the order of their characters.
 *
 * <p>Only what all languages write alike. No fractions, since they are spelled differently; no
 * integers that JavaScript rounds; no characters above ASCII, since {@code btoa} does not take
 * them; and no key that begins with a digit, since JavaScript puts whole numbers before all other
 * keys.
 */
final class CanonicalJson {

  private static final long MOST_INTEGER = (1L << 53) - 1;

  private final StringBuilder out = new StringBuilder(512);

  private CanonicalJson() {}

  /**
   * An object as text.
   *
   * @param object of {@link String}, {@link Long}, {@link Boolean}, null, and maps of these
   * @return the text; null if the object has no form that is the same everywhere
   */
  static @Nullable String of(Map<?, ? extends @Nullable Object> object) {
    CanonicalJson json = new CanonicalJson();
    return json.object(object) ? json.out.toString() : null;
  }

  private boolean object(Map<?, ?> object) {
    TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
    for (Map.Entry<?, ?> member : object.entrySet()) {
      if (!(member.getKey() instanceof String name) || beginsWithDigit(name)) {
        return false;
      }
      sorted.put(name, member.getValue());
    }
    String before = "";
    out.append('{');
    for (Map.Entry<String, @Nullable Object> member : sorted.entrySet()) {
      out.append(before);
      boolean isNamed = string(member.getKey());
      out.append(':');
      if (!isNamed || !value(member.getValue())) {
        return false;
      }
      before = ",";
    }
    out.append('}');
    return true;
  }

  private static boolean beginsWithDigit(String name) {
    return !name.isEmpty() && name.charAt(0) >= '0' && name.charAt(0) <= '9';
  }

  private boolean value(@Nullable Object value) {
    if (value instanceof String text) {
      return string(text);
    }
    if (value instanceof Map<?, ?> map) {
      return object(map);
    }
    if (value instanceof Long number) {
      out.append(number.longValue());
      return number >= -MOST_INTEGER && number <= MOST_INTEGER;
    }
    out.append(value);
    return value == null || value instanceof Boolean;
  }

  private boolean string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return false;
      }
      escape(c);
    }
    out.append('"');
    return true;
  }

  private void escape(char c) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append(c);
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c < ' ') {
          out.append("\\u00").append(Character.forDigit(c >> 4, 16));
          out.append(Character.forDigit(c & 0xF, 16));
        } else {
          out.append(c);
        }
      }
    }
  }
}

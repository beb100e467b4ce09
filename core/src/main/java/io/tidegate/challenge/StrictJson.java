package io.tidegate.challenge;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the little JSON that clients of ours send, and nothing else: objects in objects, each name
 * once, strings of printable ASCII without escapes, and integers without leading zeros. So one
 * value has one spelling, but for space and order. Other numbers are read over: they are nobody's
 * business. For one thread; never throws.
 */
final class StrictJson {

  /** A number that is no plain integer: signed, broken, or with an exponent. */
  static final Object OTHER_NUMBER = new Object();

  private static final int MOST_DEPTH = 4;
  private static final int MOST_DIGITS = 15;

  private final byte[] json;
  private int at;

  private StrictJson(byte[] json) {
    this.json = json;
  }

  /**
   * Reads one object.
   *
   * @return its members: a {@link String}, {@link Long}, {@link #OTHER_NUMBER}, or a map; null if
   *     the text is anything else
   */
  static @Nullable Map<String, Object> read(byte[] json) {
    StrictJson reader = new StrictJson(json);
    Map<String, Object> object = reader.object(1);
    return object != null && reader.isAtEnd() ? object : null;
  }

  /** Reads one object from base64, in the alphabet of browsers; null if it is none. */
  static @Nullable Map<String, Object> readBase64(String text, int mostChars) {
    if (text.length() > mostChars) {
      return null;
    }
    try {
      return read(Base64.getDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private @Nullable Map<String, Object> object(int depth) {
    if (!take('{') || depth > MOST_DEPTH) {
      return null;
    }
    Map<String, Object> members = new HashMap<>();
    do {
      String name = string();
      Object value = name == null || !take(':') ? null : value(depth);
      if (name == null || value == null || members.put(name, value) != null) {
        return null;
      }
    } while (take(','));
    return take('}') ? members : null;
  }

  private @Nullable Object value(int depth) {
    skipSpace();
    return switch (at < json.length ? json[at] : 0) {
      case '"' -> string();
      case '{' -> object(depth + 1);
      default -> number();
    };
  }

  private void skipSpace() {
    while (at < json.length && json[at] <= ' ' && " \n\r\t".indexOf(json[at]) >= 0) {
      at++;
    }
  }

  private boolean take(char c) {
    skipSpace();
    if (at < json.length && json[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  private boolean isAtEnd() {
    skipSpace();
    return at == json.length;
  }

  private @Nullable String string() {
    if (!take('"')) {
      return null;
    }
    int from = at;
    int to = from;
    while (to < json.length && isPlain(json[to])) {
      to++;
    }
    at = to + 1;
    return to < json.length && json[to] == '"'
        ? new String(json, from, to - from, StandardCharsets.ISO_8859_1)
        : null;
  }

  /** Printable ASCII but for quotes and backslashes; bytes above ASCII are negative. */
  private static boolean isPlain(byte c) {
    return c >= ' ' && c != '"' && c != '\\' && c != 0x7F;
  }

  private @Nullable Object number() {
    int from = at;
    long value = 0;
    boolean isInteger = true;
    while (at < json.length && "+-.eE0123456789".indexOf(json[at]) >= 0) {
      isInteger &= json[at] >= '0' && json[at] <= '9' && at - from < MOST_DIGITS;
      value = isInteger ? (10 * value) + (json[at] - '0') : value;
      at++;
    }
    if (at == from || (json[from] == '0' && at - from > 1 && isInteger)) {
      return null;
    }
    return isInteger ? (Object) value : OTHER_NUMBER;
  }
}

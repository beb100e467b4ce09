package io.tidegate.challenge;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What an ALTCHA widget of protocol 1 sends, read strictly: base64 of one flat JSON object. Each
 * name once, strings of printable ASCII without escapes, the number an integer without sign,
 * fraction, exponent or leading zeros, nothing behind. Libraries that take more have been talked
 * into taking a proof for another challenge's (CVE-2025-68113 and what followed).
 */
final class AltchaPayload {

  private static final int MOST_CHARS = 1_024;
  private static final int MOST_DIGITS = 15;

  /** A number that was not given. */
  private static final long NONE = -1;

  @Nullable String algorithm;
  @Nullable String challenge;
  @Nullable String salt;
  @Nullable String signature;
  long number = NONE;

  private final byte[] json;
  private int at;

  private AltchaPayload(byte[] json) {
    this.json = json;
  }

  /** Reads a payload; null if it is none. */
  static @Nullable AltchaPayload parse(String text) {
    if (text.length() > MOST_CHARS || text.isEmpty()) {
      return null;
    }
    byte[] json;
    try {
      json = Base64.getDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      return null;
    }
    AltchaPayload payload = new AltchaPayload(json);
    return payload.read() ? payload : null;
  }

  private boolean read() {
    if (!take('{')) {
      return false;
    }
    int seen = 0;
    do {
      String name = string();
      int bit = name == null || !take(':') ? 0 : bitOf(name);
      if (bit == 0 || (seen & bit) != 0 || !value(name)) {
        return false;
      }
      seen |= bit;
    } while (take(','));
    return take('}') && isAtEnd() && (seen & 0b11111) == 0b11111;
  }

  private static int bitOf(String name) {
    return switch (name) {
      case "algorithm" -> 1;
      case "challenge" -> 2;
      case "number" -> 4;
      case "salt" -> 8;
      case "signature" -> 16;
      case "took" -> 32;
      default -> 0;
    };
  }

  private boolean value(@Nullable String name) {
    if ("took".equals(name)) {
      return skipNumber(); // unsigned by anybody, so it means nothing
    }
    if ("number".equals(name)) {
      number = integer();
      return number != NONE;
    }
    String text = string();
    switch (String.valueOf(name)) {
      case "algorithm" -> algorithm = text;
      case "challenge" -> challenge = text;
      case "salt" -> salt = text;
      default -> signature = text;
    }
    return text != null;
  }

  private void skipSpace() {
    while (at < json.length
        && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
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
    while (at < json.length && json[at] != '"') {
      if (json[at] < ' ' || json[at] == '\\' || json[at] == 0x7F) {
        return null; // bytes above ASCII are negative
      }
      at++;
    }
    if (at == json.length) {
      return null;
    }
    return new String(json, from, at++ - from, StandardCharsets.ISO_8859_1);
  }

  private long integer() {
    skipSpace();
    int from = at;
    long value = 0;
    while (at < json.length && json[at] >= '0' && json[at] <= '9') {
      value = 10 * value + (json[at++] - '0');
      if (at - from > MOST_DIGITS) {
        return NONE;
      }
    }
    boolean hasLeadingZero = at - from > 1 && json[from] == '0';
    return at == from || hasLeadingZero ? NONE : value;
  }

  private boolean skipNumber() {
    skipSpace();
    int from = at;
    while (at < json.length && "+-.eE0123456789".indexOf(json[at]) >= 0) {
      at++;
    }
    return at > from;
  }
}

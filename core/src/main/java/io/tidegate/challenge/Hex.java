package io.tidegate.challenge;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes as lower-case hex, which is the only form that is taken. */
final class Hex {

  private static final HexFormat FORMAT = HexFormat.of();

  private Hex() {}

  /** Whether a text is of that form, with any number of digits. */
  static boolean is(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  static boolean is(String text, int digits) {
    return text.length() == digits && is(text);
  }

  static String of(byte[] bytes) {
    return FORMAT.formatHex(bytes);
  }

  /** The same in bytes of ASCII: the form in which ALTCHA's libraries have their keys. */
  static byte[] ascii(byte[] bytes) {
    return of(bytes).getBytes(StandardCharsets.US_ASCII);
  }

  /** The bytes of a text of an even number of digits. */
  static byte[] bytes(String text) {
    return FORMAT.parseHex(text);
  }
}

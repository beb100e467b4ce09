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

  /** Whether a text spells the first bytes; takes as long whether and wherever it does not. */
  static boolean spells(String text, byte[] bytes, int count) {
    if (text.length() != 2 * count) {
      return false;
    }
    int difference = 0;
    for (int i = 0; i < count; i++) {
      difference |= text.charAt(2 * i) ^ digit((bytes[i] >> 4) & 0xF);
      difference |= text.charAt((2 * i) + 1) ^ digit(bytes[i] & 0xF);
    }
    return difference == 0;
  }

  /** The character of a digit, without a branch: letters begin 39 places after what follows 9. */
  private static int digit(int value) {
    return '0' + value + (((9 - value) >>> 31) * 39);
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

package io.tidegate.jmh;

import java.nio.charset.StandardCharsets;

/**
 * Keys as a server makes them: the text of an address, decoded anew from the bytes of a request.
 */
final class Addresses {

  private static final int LONGEST = 15;

  /** The numbers from 0 to 255 as text. */
  private static final byte[][] OCTETS = new byte[256][];

  static {
    for (int i = 0; i < OCTETS.length; i++) {
      OCTETS[i] = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
    }
  }

  private Addresses() {}

  /**
   * Spreads numbers over all addresses, so that neighbours in a count are none as keys, whose hash
   * codes would otherwise be neighbours as well. No two numbers get the same address.
   */
  static int spread(int number) {
    return number * 0x9E3779B1;
  }

  /** An address as text, a new string. */
  static String text(int address) {
    byte[] bytes = new byte[LONGEST + 1];
    int length = 0;
    for (int shift = 24; shift >= 0; shift -= 8) {
      for (byte digit : OCTETS[address >>> shift & 255]) {
        bytes[length++] = digit;
      }
      bytes[length++] = '.';
    }
    return new String(bytes, 0, length - 1, StandardCharsets.ISO_8859_1);
  }
}

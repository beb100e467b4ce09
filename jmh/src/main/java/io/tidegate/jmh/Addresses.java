package io.tidegate.jmh;

/** Keys as a server makes them: the text of an address, new with each request. */
final class Addresses {

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
    return (address >>> 24)
        + "."
        + (address >>> 16 & 255)
        + "."
        + (address >>> 8 & 255)
        + "."
        + (address & 255);
  }
}

package io.tidegate.client;

/** Arithmetic on the 128 bits of an address. All numbers are unsigned. */
final class Bits {

  /** The lower half of {@code ::ffff:0.0.0.0}, where the IPv4 addresses begin. */
  static final long MAPPED = 0xffff_0000_0000L;

  /** How many of the 128 bits stand before the 32 bits of an IPv4 address. */
  static final int IPV4_OFFSET = 96;

  private Bits() {}

  static boolean isMapped(long high, long low) {
    return high == 0 && low >>> 32 == MAPPED >>> 32;
  }

  /** The upper half of a mask that keeps the first {@code bits} of 128 bits. */
  static long maskHigh(int bits) {
    return mask(bits);
  }

  /** The lower half of a mask that keeps the first {@code bits} of 128 bits. */
  static long maskLow(int bits) {
    return mask(bits - Long.SIZE);
  }

  private static long mask(int bits) {
    if (bits <= 0) {
      return 0;
    }
    return bits >= Long.SIZE ? -1L : -1L << (Long.SIZE - bits);
  }

  static int compare(long high, long low, long otherHigh, long otherLow) {
    int order = Long.compareUnsigned(high, otherHigh);
    return order != 0 ? order : Long.compareUnsigned(low, otherLow);
  }

  static void checkPrefix(int ipv4Bits, int ipv6Bits) {
    check("ipv4Bits", ipv4Bits, 32);
    check("ipv6Bits", ipv6Bits, 128);
  }

  private static void check(String name, int bits, int most) {
    if (bits < 0 || bits > most) {
      throw new IllegalArgumentException(name + ": " + bits + " (expected: 0 to " + most + ")");
    }
  }
}

package io.tidegate.client;

/** Writes addresses: dotted quads, and RFC 5952 for IPv6. */
final class IpFormat {

  private static final int GROUPS = 8;

  private IpFormat() {}

  static String format(long high, long low) {
    return Bits.isMapped(high, low) ? ipv4(low) : ipv6(high, low);
  }

  private static String ipv4(long low) {
    StringBuilder text = new StringBuilder(15);
    for (int shift = 24; shift >= 0; shift -= 8) {
      text.append((low >>> shift) & 0xff);
      if (shift > 0) {
        text.append('.');
      }
    }
    return text.toString();
  }

  private static String ipv6(long high, long low) {
    int gap = longestZeroRun(high, low);
    int afterGap = gap < 0 ? -1 : zeroRunEnd(high, low, gap);
    StringBuilder text = new StringBuilder(39);
    int i = 0;
    while (i < GROUPS) {
      if (i == gap) {
        text.append("::");
        i = afterGap;
      } else {
        if (i > 0 && i != afterGap) {
          text.append(':');
        }
        text.append(Integer.toHexString(group(high, low, i)));
        i++;
      }
    }
    return text.toString();
  }

  /** Where the longest run of at least two zero groups starts, the first of equals; or -1. */
  private static int longestZeroRun(long high, long low) {
    int best = -1;
    int bestLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int length = zeroRunEnd(high, low, i) - i;
      if (length > bestLength) {
        best = i;
        bestLength = length;
      }
    }
    return best;
  }

  private static int zeroRunEnd(long high, long low, int start) {
    int i = start;
    while (i < GROUPS && group(high, low, i) == 0) {
      i++;
    }
    return i;
  }

  private static int group(long high, long low, int index) {
    long half = index < 4 ? high : low;
    return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
  }
}

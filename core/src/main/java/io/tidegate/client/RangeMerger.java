package io.tidegate.client;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns networks into ordered ranges that neither overlap nor touch. Both families share one line
 * of 128-bit numbers, where IPv4 takes the place of the IPv4-mapped addresses.
 */
final class RangeMerger {

  /** Words per range: high and low of the first address, high and low of the last one. */
  static final int WORDS = 4;

  private static final IpAddress BEFORE_IPV4 = new IpAddress(0, Bits.MAPPED - 1);
  private static final IpAddress AFTER_IPV4 = new IpAddress(0, Bits.MAPPED + 0x1_0000_0000L);

  private record Range(IpAddress first, IpAddress last) {}

  private final List<Range> ranges = new ArrayList<>();

  void add(Network network) {
    IpAddress first = network.first();
    IpAddress last = network.last();
    boolean surroundsIpv4 =
        first.isIpv6() && compare(first, BEFORE_IPV4) <= 0 && compare(last, BEFORE_IPV4) > 0;
    if (!surroundsIpv4) {
      ranges.add(new Range(first, last));
      return;
    }
    // A wide network of IPv6 holds no IPv4 address, so their place is left out.
    ranges.add(new Range(first, BEFORE_IPV4));
    if (compare(last, AFTER_IPV4) >= 0) {
      ranges.add(new Range(AFTER_IPV4, last));
    }
  }

  void addRanges(long[] words) {
    for (int i = 0; i < words.length; i += WORDS) {
      IpAddress first = new IpAddress(words[i], words[i + 1]);
      ranges.add(new Range(first, new IpAddress(words[i + 2], words[i + 3])));
    }
  }

  /** The merged ranges, {@link #WORDS} words each. */
  long[] merge() {
    ranges.sort((a, b) -> compare(a.first, b.first));
    List<Range> merged = new ArrayList<>();
    for (Range range : ranges) {
      int top = merged.size() - 1;
      if (top >= 0 && reaches(merged.get(top).last, range.first)) {
        Range earlier = merged.get(top);
        merged.set(top, new Range(earlier.first, later(earlier.last, range.last)));
      } else {
        merged.add(range);
      }
    }
    return words(merged);
  }

  private static long[] words(List<Range> ranges) {
    long[] words = new long[ranges.size() * WORDS];
    int i = 0;
    for (Range range : ranges) {
      words[i++] = range.first.high();
      words[i++] = range.first.low();
      words[i++] = range.last.high();
      words[i++] = range.last.low();
    }
    return words;
  }

  /** Whether {@code next} lies inside or right behind a range that ends with {@code last}. */
  private static boolean reaches(IpAddress last, IpAddress next) {
    if (compare(next, last) <= 0) {
      return true;
    }
    // Something follows the last address, so adding one to it cannot overflow.
    long low = last.low() + 1;
    long high = low == 0 ? last.high() + 1 : last.high();
    return next.high() == high && next.low() == low;
  }

  private static IpAddress later(IpAddress a, IpAddress b) {
    return compare(a, b) >= 0 ? a : b;
  }

  private static int compare(IpAddress a, IpAddress b) {
    return Bits.compare(a.high(), a.low(), b.high(), b.low());
  }
}

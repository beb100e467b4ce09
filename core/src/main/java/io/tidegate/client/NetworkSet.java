package io.tidegate.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * A set of networks of both families, for example the trusted proxies or a list of known crawlers.
 *
 * <p>Overlapping and adjacent networks are merged, so a look-up is one binary search: O(log n)
 * time, no allocation. A set of n networks takes at most 32 bytes each, and twice that for a
 * network of IPv6 that surrounds the IPv4-mapped addresses.
 *
 * <p>Immutable, so safe for use by many threads. No method blocks.
 */
public final class NetworkSet {

  private static final NetworkSet EMPTY = new NetworkSet(new long[0]);

  private static final NetworkSet PRIVATE =
      of(
          "127.0.0.0/8",
          "::1",
          "10.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "fc00::/7",
          "169.254.0.0/16",
          "fe80::/10");

  /** How many ranges {@link #toString()} spells out. */
  private static final int MAX_SHOWN = 8;

  /** Ordered ranges, four words each: first address, last address. */
  private final long[] ranges;

  private NetworkSet(long[] ranges) {
    this.ranges = ranges;
  }

  /**
   * A set of networks in CIDR form.
   *
   * @param cidrs what {@link Network#parse} reads; an address alone is a network of one
   * @return the set
   * @throws IllegalArgumentException if a text is not a network
   */
  public static NetworkSet of(String... cidrs) {
    return of(Arrays.stream(cidrs).map(Network::parse).toList());
  }

  /**
   * A set of networks. Takes O(n log n) time.
   *
   * @param networks the networks, in any order; they may overlap
   * @return the set
   */
  public static NetworkSet of(Collection<Network> networks) {
    RangeMerger merger = new RangeMerger();
    for (Network network : networks) {
      merger.add(Objects.requireNonNull(network, "network"));
    }
    return of(merger);
  }

  private static NetworkSet of(RangeMerger merger) {
    long[] merged = merger.merge();
    return merged.length == 0 ? EMPTY : new NetworkSet(merged);
  }

  /**
   * The set without networks.
   *
   * @return the same instance always
   */
  public static NetworkSet empty() {
    return EMPTY;
  }

  /**
   * Addresses that the public Internet does not route, where one's own proxies often live: loopback
   * ({@code 127.0.0.0/8}, {@code ::1}), private IPv4 (RFC 1918), unique local IPv6 ({@code
   * fc00::/7}, RFC 4193) and link-local ({@code 169.254.0.0/16}, {@code fe80::/10}). The shared
   * space of carriers, {@code 100.64.0.0/10} (RFC 6598), is not among them, since clients come from
   * there.
   *
   * @return the same instance always
   */
  public static NetworkSet privateRanges() {
    return PRIVATE;
  }

  /** The union of both sets. */
  NetworkSet plus(NetworkSet other) {
    RangeMerger merger = new RangeMerger();
    merger.addRanges(ranges);
    merger.addRanges(other.ranges);
    return of(merger);
  }

  /**
   * Tells whether there is nothing in the set.
   *
   * @return true if no address is in it
   */
  public boolean isEmpty() {
    return ranges.length == 0;
  }

  /**
   * Tells whether an address lies in one of the networks. O(log n) time, no allocation.
   *
   * @param address the address
   * @return true if it does
   */
  public boolean contains(IpAddress address) {
    long high = address.high();
    long low = address.low();
    int from = 0;
    int to = ranges.length / RangeMerger.WORDS;
    while (from < to) {
      int middle = (from + to) >>> 1;
      int at = middle * RangeMerger.WORDS;
      if (Bits.compare(high, low, ranges[at], ranges[at + 1]) < 0) {
        to = middle;
      } else if (Bits.compare(high, low, ranges[at + 2], ranges[at + 3]) > 0) {
        from = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /**
   * The merged ranges, for configuration banners; of a long set only the first ones.
   *
   * @return for example {@code [10.0.0.0-10.255.255.255, ::1]}
   */
  @Override
  public String toString() {
    int count = ranges.length / RangeMerger.WORDS;
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < Math.min(count, MAX_SHOWN); i++) {
      int at = i * RangeMerger.WORDS;
      String first = IpFormat.format(ranges[at], ranges[at + 1]);
      String last = IpFormat.format(ranges[at + 2], ranges[at + 3]);
      shown.add(first.equals(last) ? first : first + "-" + last);
    }
    if (count > MAX_SHOWN) {
      shown.add((count - MAX_SHOWN) + " more");
    }
    return shown.toString();
  }
}

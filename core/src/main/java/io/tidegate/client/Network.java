package io.tidegate.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One network in CIDR form: an address and how many of its leading bits count.
 *
 * <p>A network has the family of its address and holds no address of the other one: {@code ::/0} is
 * all of IPv6 and none of IPv4. An IPv4-mapped network ({@code ::ffff:10.0.0.0/104}) is the IPv4
 * network that it means.
 *
 * <p>Immutable, so safe for use by many threads. No method blocks.
 */
public final class Network {

  private final IpAddress base;

  /** Counted from the left of all 128 bits, also for IPv4. */
  private final int bits;

  private Network(IpAddress base, int bits) {
    this.base = base;
    this.bits = bits;
  }

  /**
   * Reads a network from configuration.
   *
   * @param cidr an address and the number of leading bits, such as {@code 10.0.0.0/8} or {@code
   *     fc00::/7}; an address alone is the network of that one address
   * @return the network
   * @throws IllegalArgumentException if the text is something else, has a zone, or has bits set
   *     behind the prefix; the message then names the network that was probably meant
   */
  public static Network parse(String cidr) {
    Objects.requireNonNull(cidr, "cidr");
    int slash = cidr.indexOf('/');
    int end = slash < 0 ? cidr.length() : slash;
    IpAddress address = IpAddress.parseOrNull(cidr, 0, end);
    if (address == null || cidr.indexOf('%') >= 0) {
      throw refused(cidr, "an IPv4 or IPv6 network such as 10.0.0.0/8, without a zone");
    }
    boolean ipv6Spelling = cidr.indexOf(':') >= 0;
    int most = ipv6Spelling ? 128 : 32;
    int length = slash < 0 ? most : prefixLength(cidr, slash + 1);
    if (length < 0 || length > most) {
      throw refused(cidr, "a prefix length from 0 to " + most);
    }
    // A mapped address with fewer than 96 bits has host bits set, so it never gets past this.
    int bits = ipv6Spelling ? length : Bits.IPV4_OFFSET + length;
    Network network = new Network(address.keep(bits), bits);
    if (!network.base.equals(address)) {
      throw refused(cidr, "no bits set behind the prefix: " + network);
    }
    return network;
  }

  /** One to three digits without a leading zero, or -1. */
  private static int prefixLength(String text, int start) {
    int digits = text.length() - start;
    if (digits < 1 || digits > 3 || (digits > 1 && text.charAt(start) == '0')) {
      return -1;
    }
    int length = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!IpText.isDigit(c)) {
        return -1;
      }
      length = length * 10 + (c - '0');
    }
    return length;
  }

  private static IllegalArgumentException refused(String cidr, String rule) {
    return new IllegalArgumentException("network: " + cidr + " (expected: " + rule + ")");
  }

  /**
   * Tells whether an address lies in this network. Allocates nothing.
   *
   * @param address the address
   * @return true if it has the same family and the same leading bits
   */
  public boolean contains(IpAddress address) {
    return address.isIpv6() == base.isIpv6()
        && (address.high() & Bits.maskHigh(bits)) == base.high()
        && (address.low() & Bits.maskLow(bits)) == base.low();
  }

  /** The first address. */
  IpAddress first() {
    return base;
  }

  /** The last address. */
  IpAddress last() {
    return new IpAddress(base.high() | ~Bits.maskHigh(bits), base.low() | ~Bits.maskLow(bits));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Network that && bits == that.bits && base.equals(that.base);
  }

  @Override
  public int hashCode() {
    return 31 * base.hashCode() + bits;
  }

  /**
   * The CIDR form.
   *
   * @return for example {@code 10.0.0.0/8} or {@code fc00::/7}
   */
  @Override
  public String toString() {
    return base + "/" + (base.isIpv6() ? bits : bits - Bits.IPV4_OFFSET);
  }
}

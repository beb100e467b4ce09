package io.tidegate.client;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address: 128 bits and nothing else.
 *
 * <p>An IPv4 address is held as its IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2). So the
 * family is decided by bits and never by spelling: {@code 1.2.3.4}, {@code ::ffff:1.2.3.4} and
 * {@code ::ffff:102:304} are one and the same IPv4 address, and {@code 2001:db8::1.2.3.4} is IPv6.
 *
 * <p>Text is read strictly. Four decimal octets without leading zeros, or an IPv6 literal of RFC
 * 4291; no octal, hexadecimal, short or single-number IPv4. A zone ({@code fe80::1%eth0}) is
 * accepted and dropped. Nothing in this class ever asks a name service.
 *
 * <p>Immutable, so safe for use by many threads. No method blocks.
 */
public final class IpAddress {

  /**
   * The unspecified address {@code ::}. All askers without a readable address share it, so a limit
   * counts them as one.
   */
  public static final IpAddress UNKNOWN = new IpAddress(0, 0);

  private static final int MASK_BITS_IPV4 = 24;
  private static final int MASK_BITS_IPV6 = 48;

  private final long high;
  private final long low;

  IpAddress(long high, long low) {
    this.high = high;
    this.low = low;
  }

  /** Makes an IPv4 address from its 32 bits, which are the lower half of {@code bits}. */
  static IpAddress ipv4(long bits) {
    return new IpAddress(0, Bits.MAPPED | (bits & 0xffff_ffffL));
  }

  /**
   * Reads an address from configuration.
   *
   * @param literal an IPv4 or IPv6 literal, without white space, brackets or port
   * @return the address
   * @throws IllegalArgumentException if the text is not such a literal (a host name, for example)
   */
  public static IpAddress parse(String literal) {
    Objects.requireNonNull(literal, "literal");
    IpAddress address = parseOrNull(literal);
    if (address == null) {
      throw new IllegalArgumentException(
          "address: " + literal + " (expected: an IPv4 or IPv6 literal)");
    }
    return address;
  }

  /**
   * Reads an address from text that a client may have chosen. Never throws, and allocates nothing
   * but the result. Text that is too long for an address is refused without a look at it.
   *
   * @param text the text, or null (some servers have no address for a closed connection)
   * @return the address, or null if the whole text is not one literal
   */
  public static @Nullable IpAddress parseOrNull(@Nullable CharSequence text) {
    return text == null ? null : IpText.parse(text, 0, text.length());
  }

  /**
   * Reads an address from a part of a text that a client may have chosen. Never throws, and
   * allocates nothing but the result.
   *
   * @param text the text, or null
   * @param start index of the first character
   * @param end index after the last character
   * @return the address, or null if that part is not one literal, or lies outside the text
   */
  public static @Nullable IpAddress parseOrNull(@Nullable CharSequence text, int start, int end) {
    if (text == null || start < 0 || end > text.length() || start > end) {
      return null;
    }
    return IpText.parse(text, start, end);
  }

  /**
   * Takes over an address of the socket layer. Its zone and its host name, if any, are dropped; no
   * name is looked up.
   *
   * @param address the address
   * @return the same address
   */
  public static IpAddress of(InetAddress address) {
    byte[] bytes = Objects.requireNonNull(address, "address").getAddress();
    if (bytes.length == 4) {
      return ipv4(number(bytes, 0, 4));
    }
    return new IpAddress(number(bytes, 0, 8), number(bytes, 8, 16));
  }

  private static long number(byte[] bytes, int start, int end) {
    long number = 0;
    for (int i = start; i < end; i++) {
      number = (number << 8) | (bytes[i] & 0xff);
    }
    return number;
  }

  /**
   * Tells the family, by bits.
   *
   * @return true for IPv6, false for IPv4 (also when it was written as IPv4-mapped IPv6)
   */
  public boolean isIpv6() {
    return !Bits.isMapped(high, low);
  }

  /**
   * The upper 64 of the 128 bits.
   *
   * @return the bits in network order; 0 for IPv4
   */
  public long high() {
    return high;
  }

  /**
   * The lower 64 of the 128 bits.
   *
   * @return the bits in network order; for IPv4 {@code 0x0000ffff} and then the four octets
   */
  public long low() {
    return low;
  }

  /**
   * The network that this address is in: keeps the leading bits and clears the others. Allocates
   * nothing if nothing changes.
   *
   * @param ipv4Bits how many bits to keep of an IPv4 address, 0 to 32
   * @param ipv6Bits how many bits to keep of an IPv6 address, 0 to 128
   * @return the first address of that network
   * @throws IllegalArgumentException if a number of bits is out of range
   */
  public IpAddress prefix(int ipv4Bits, int ipv6Bits) {
    Bits.checkPrefix(ipv4Bits, ipv6Bits);
    return keep(isIpv6() ? ipv6Bits : Bits.IPV4_OFFSET + ipv4Bits);
  }

  /** Keeps the given number of the 128 bits. */
  IpAddress keep(int bits) {
    long keptHigh = high & Bits.maskHigh(bits);
    long keptLow = low & Bits.maskLow(bits);
    return keptHigh == high && keptLow == low ? this : new IpAddress(keptHigh, keptLow);
  }

  /**
   * A form for logs and reports that names a neighbourhood, not a person: IPv4 cut to /24, IPv6 to
   * /48.
   *
   * @return for example {@code 203.0.113.0/24} or {@code 2001:db8:1::/48}
   */
  public String masked() {
    return prefix(MASK_BITS_IPV4, MASK_BITS_IPV6) + (isIpv6() ? "/48" : "/24");
  }

  /** As {@link #masked()}, for an address of which only {@code bits} of 128 bits are meant. */
  String masked(int bits) {
    int most = isIpv6() ? MASK_BITS_IPV6 : Bits.IPV4_OFFSET + MASK_BITS_IPV4;
    int shown = Math.min(bits, most);
    return keep(shown) + "/" + (isIpv6() ? shown : shown - Bits.IPV4_OFFSET);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpAddress that && high == that.high && low == that.low;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(high) + Long.hashCode(low);
  }

  /**
   * The whole address in its one canonical spelling. It may identify a person; logs want {@link
   * #masked()}.
   *
   * @return four decimal octets, or the form of RFC 5952, section 4, in hexadecimal throughout
   */
  @Override
  public String toString() {
    return IpFormat.format(high, low);
  }
}

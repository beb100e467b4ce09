package io.tidegate.client;

import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The key under which a limit counts someone: a network, a text of some kind, or a pair of keys.
 *
 * <p>The accessors give all that makes up the identity, without allocation, so that a caller can
 * feed it to a keyed hash: {@link #kind()} always; {@link #high()}, {@link #low()} and {@link
 * #prefixBits()} for a network; {@link #text()} and {@link #textLength()} for a text; {@link
 * #first()} and {@link #second()} for a pair. Keys of different kinds are never equal.
 *
 * <p>Memory is bounded: of a text at most 256 characters are kept.
 *
 * <p>Immutable, so safe for use by many threads. {@link #hashCode()} is not keyed: a client can
 * choose texts that collide in it.
 */
public final class ClientKey {

  private static final String ADDRESS = "address";
  private static final String PAIR = "pair";
  private static final int MAX_KIND = 100;
  private static final int MAX_TEXT = 256;

  private final String kind;
  private final long high;
  private final long low;

  /** Network: how many of the 128 bits count. Text: its full length. */
  private final int size;

  private final @Nullable String text;
  private final @Nullable ClientKey first;
  private final @Nullable ClientKey second;

  private ClientKey(
      String kind,
      IpAddress network,
      int size,
      @Nullable String text,
      @Nullable ClientKey first,
      @Nullable ClientKey second) {
    this.kind = kind;
    this.high = network.high();
    this.low = network.low();
    this.size = size;
    this.text = text;
    this.first = first;
    this.second = second;
  }

  private static ClientKey network(IpAddress network, int bits) {
    return new ClientKey(ADDRESS, network, bits, null, null, null);
  }

  private static ClientKey text(String kind, String kept, int length) {
    return new ClientKey(kind, IpAddress.UNKNOWN, length, kept, null, null);
  }

  /**
   * The key of one asker by address: a whole IPv4 address, or the /64 of an IPv6 address, since one
   * host has all of it.
   *
   * @param address the asker's address
   * @return the same as {@code prefix(address, 32, 64)}
   */
  public static ClientKey address(IpAddress address) {
    return prefix(address, 32, 64);
  }

  /**
   * The key of a network around an address. {@link IpAddress#UNKNOWN} is always a key of its own,
   * so that nobody in the networks around it ({@code ::1}, for example) shares its fate.
   *
   * @param address the asker's address
   * @param ipv4Bits the prefix length for IPv4, 0 to 32
   * @param ipv6Bits the prefix length for IPv6, 0 to 128
   * @return the key; networks of different prefix lengths are different keys
   * @throws IllegalArgumentException if a prefix length is out of range
   */
  public static ClientKey prefix(IpAddress address, int ipv4Bits, int ipv6Bits) {
    Objects.requireNonNull(address, "address");
    Bits.checkPrefix(ipv4Bits, ipv6Bits);
    if (address.equals(IpAddress.UNKNOWN)) {
      return network(address, 128);
    }
    int bits = address.isIpv6() ? ipv6Bits : Bits.IPV4_OFFSET + ipv4Bits;
    return network(address.keep(bits), bits);
  }

  /**
   * The key that {@link KeyBy#apiKey} makes of a token: to ban or reset by hand.
   *
   * @param token what stands behind {@code Bearer}
   * @return the key
   */
  public static ClientKey apiKey(String token) {
    return text("api-key", token);
  }

  /**
   * The key that {@link KeyBy#principal} makes of a name: to ban or reset by hand.
   *
   * @param name the name
   * @return the key
   */
  public static ClientKey principal(String name) {
    return text("principal", name);
  }

  /**
   * The key that {@link KeyBy#pass} makes of a visitor's pass: to ban or reset by hand.
   *
   * @param idHigh the upper half of the pass's id
   * @param idLow the lower half
   * @return the key
   */
  public static ClientKey pass(long idHigh, long idLow) {
    HexFormat hex = HexFormat.of();
    return text("pass", hex.toHexDigits(idHigh) + hex.toHexDigits(idLow));
  }

  /**
   * The key that {@link KeyBy#pass} makes of a member's pass: one for each account, however many
   * passes it has.
   *
   * @param account as the application gave it
   * @return the key
   */
  public static ClientKey member(String account) {
    return text("member", account);
  }

  /**
   * The key of a text, such as an account id or an API key. Never throws on any value.
   *
   * <p>Of more than 256 characters, the first and the last 128 and the length are kept. The end is
   * among them because signed tokens start alike and end in a signature. Longer texts that agree in
   * all of this share a key, which errs towards refusing.
   *
   * @param kind what the text is, a constant such as {@code "principal"} or {@code
   *     "header:x-tenant"}: 1 to 100 visible ASCII characters, neither {@code "address"} nor {@code
   *     "pair"}
   * @param value the text, which a client may have chosen
   * @return the key
   * @throws IllegalArgumentException if {@code kind} breaks its rule
   */
  public static ClientKey text(String kind, String value) {
    checkKind(Objects.requireNonNull(kind, "kind"));
    int length = Objects.requireNonNull(value, "value").length();
    if (length <= MAX_TEXT) {
      return text(kind, value, length);
    }
    int half = MAX_TEXT / 2;
    String ends = value.substring(0, half) + value.substring(length - half);
    return text(kind, ends, length);
  }

  private static void checkKind(String kind) {
    boolean good = !kind.isEmpty() && kind.length() <= MAX_KIND;
    for (int i = 0; good && i < kind.length(); i++) {
      good = kind.charAt(i) > ' ' && kind.charAt(i) < 0x7f;
    }
    if (!good || kind.equals(ADDRESS) || kind.equals(PAIR)) {
      throw new IllegalArgumentException(
          "kind: " + kind + " (expected: 1 to 100 visible ASCII characters, not address or pair)");
    }
  }

  /**
   * The key of two things together, such as an account and an address.
   *
   * @param first the first key
   * @param second the second key; the order counts
   * @return the key of both
   */
  public static ClientKey pair(ClientKey first, ClientKey second) {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    return new ClientKey(PAIR, IpAddress.UNKNOWN, 0, null, first, second);
  }

  /**
   * What kind of key this is.
   *
   * @return {@code "address"} for a network, {@code "pair"}, or the kind of a text
   */
  public String kind() {
    return kind;
  }

  /**
   * The upper half of a network's first address, see {@link IpAddress#high()}.
   *
   * @return the bits; 0 if this is no network
   */
  public long high() {
    return high;
  }

  /**
   * The lower half of a network's first address, see {@link IpAddress#low()}.
   *
   * @return the bits; 0 if this is no network
   */
  public long low() {
    return low;
  }

  /**
   * How many leading bits of the 128 bits of {@link #high()} and {@link #low()} count; the 32 bits
   * of an IPv4 address come after 96 others.
   *
   * @return 0 to 128, for IPv4 96 to 128; -1 if this is no network
   */
  public int prefixBits() {
    return kind.equals(ADDRESS) ? size : -1;
  }

  /**
   * The text. It may be a secret or name a person, so it belongs in no log.
   *
   * @return at most 256 characters of the text, or null if this is no text
   */
  public @Nullable String text() {
    return text;
  }

  /**
   * How long the text was before it was cut.
   *
   * @return the number of characters; -1 if this is no text
   */
  public int textLength() {
    return text == null ? -1 : size;
  }

  /** {@return the first key of a pair, or null if this is no pair} */
  public @Nullable ClientKey first() {
    return first;
  }

  /** {@return the second key of a pair, or null if this is no pair} */
  public @Nullable ClientKey second() {
    return second;
  }

  /**
   * A form that is safe to log. Networks are cut to /24 or /48. A text is shown as its kind and
   * four bytes of a hash under a random key of this process: equal texts look alike until the
   * process ends, and nothing else can be told from it. Costs some microseconds for a text, so it
   * is not for every request.
   *
   * @return for example {@code 203.0.113.0/24}, {@code principal#1f0c99a2}, or two of them joined
   *     by {@code +}
   */
  public String label() {
    if (first != null && second != null) {
      return first.label() + "+" + second.label();
    }
    if (text != null) {
      return kind + "#" + KeyDigest.of(kind, text, size);
    }
    return new IpAddress(high, low).masked(size);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof ClientKey that
            && size == that.size
            && high == that.high
            && low == that.low
            && kind.equals(that.kind)
            && Objects.equals(text, that.text)
            && Objects.equals(first, that.first)
            && Objects.equals(second, that.second));
  }

  @Override
  public int hashCode() {
    int number = 31 * (31 * Long.hashCode(high) + Long.hashCode(low)) + size;
    int nested = 31 * Objects.hashCode(first) + Objects.hashCode(second);
    return 31 * (31 * (31 * kind.hashCode() + number) + Objects.hashCode(text)) + nested;
  }

  /** {@return the {@link #label()}, so that no log line shows an identity by accident} */
  @Override
  public String toString() {
    return label();
  }
}

package io.tidegate;

import io.tidegate.client.ClientKey;
import io.tidegate.client.IpAddress;
import io.tidegate.limit.KeyedHash;

/** Feeds a client's key to a keyed hash: its kind, and all that makes it equal to another. */
final class KeyHashes {

  private static final long TEXT = 1L << 32;
  private static final long PAIR = 1L << 33;

  /** Of a network that is known by its lower half. */
  private static final long LOW = 1L << 34;

  private KeyHashes() {}

  static long of(ClientKey key, KeyedHash hash) {
    ClientKey first = key.first();
    ClientKey second = key.second();
    if (first != null && second != null) {
      return hash.ofLongs(of(first, hash), PAIR, of(second, hash));
    }
    String text = key.text();
    if (text != null) {
      long kind = hash.ofString(key.kind());
      return hash.ofLongs(kind, TEXT | key.textLength(), hash.ofString(text));
    }
    return ofNetwork(key.high(), key.low(), key.prefixBits(), hash);
  }

  /** The hash of {@link ClientKey#address}, which nearly every decision needs. */
  static long ofAddress(IpAddress address, KeyedHash hash) {
    if (address.equals(IpAddress.UNKNOWN)) {
      return ofNetwork(0, 0, 128, hash);
    }
    return address.isIpv6()
        ? ofNetwork(address.high(), 0, 64, hash)
        : ofNetwork(address.high(), address.low(), 128, hash);
  }

  /** Two longs where one half is empty, as it is of IPv4 and of an IPv6 prefix; else three. */
  private static long ofNetwork(long high, long low, int bits, KeyedHash hash) {
    if (high == 0) {
      return hash.ofLongs(low, LOW | bits);
    }
    return low == 0 ? hash.ofLongs(high, bits) : hash.ofLongs(high, low, bits);
  }
}

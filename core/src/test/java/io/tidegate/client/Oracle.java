package io.tidegate.client;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv4.IPv4AddressStringParameters;
import inet.ipaddr.ipv6.IPv6AddressStringParameters;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as another library reads and writes them, set to the strictness that is promised here.
 */
final class Oracle {

  private static final IPAddressStringParameters STRICT = strict();

  private Oracle() {}

  private static IPAddressStringParameters strict() {
    IPAddressStringParameters.Builder builder = new IPAddressStringParameters.Builder();
    builder
        .allowEmpty(false)
        .allowAll(false)
        .allowSingleSegment(false)
        .allowPrefix(false)
        .allowMask(false)
        .allowWildcardedSeparator(false)
        .setRangeOptions(RangeParameters.NO_RANGE)
        .allow_inet_aton(false);
    IPv4AddressStringParameters.Builder ipv4 = builder.getIPv4AddressParametersBuilder();
    ipv4.allowBinary(false).allowLeadingZeros(false);
    IPv6AddressStringParameters.Builder ipv6 = builder.getIPv6AddressParametersBuilder();
    ipv6.allowBase85(false)
        .allowBinary(false)
        .allowEmptyZone(false)
        .allow_mixed_inet_aton(false)
        .allowUnlimitedLeadingZeros(false);
    ipv6.getEmbeddedIPv4AddressParametersBuilder().allowLeadingZeros(false);
    return builder.toParams();
  }

  static @Nullable IPAddress read(String text) {
    return new IPAddressString(text, STRICT).getAddress();
  }

  static IPAddress network(String cidr) {
    return new IPAddressString(cidr).getAddress();
  }

  /** The same bits in the type under test, made without its parser. */
  static @Nullable IpAddress address(String text) {
    IPAddress read = read(text);
    if (read == null) {
      return null;
    }
    if (read.isIPv4()) {
      return IpAddress.ipv4(read.toIPv4().longValue());
    }
    long[] halves = new long[2];
    byte[] bytes = read.getBytes();
    for (int i = 0; i < 16; i++) {
      halves[i / 8] = halves[i / 8] << 8 | (bytes[i] & 0xff);
    }
    return new IpAddress(halves[0], halves[1]);
  }

  /** The canonical spelling of an address that is not IPv4-mapped. */
  static String canonical(String text) {
    return network(text).toCanonicalString();
  }
}

package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8",
    "0.0.0.0/0, 0.0.0.0/0",
    "10.1.2.3, 10.1.2.3/32",
    "10.1.2.3/32, 10.1.2.3/32",
    "FC00::/7, fc00::/7",
    "::/0, ::/0",
    "::1, ::1/128",
    "2001:db8:0:0::/64, 2001:db8::/64",
    "::ffff:10.0.0.0/104, 10.0.0.0/8",
    "::ffff:a00:0/104, 10.0.0.0/8",
    "::ffff:0:0/96, 0.0.0.0/0",
    "::ffff:10.1.2.3, 10.1.2.3/32",
    "::fffe:0:0/95, ::fffe:0:0/95",
  })
  void parse_network_printsCanonically(String text, String canonical) {
    Network network = Network.parse(text);

    assertThat(network).hasToString(canonical);
    assertThat(Network.parse(canonical)).isEqualTo(network).hasSameHashCodeAs(network);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.0.0/8, 10.0.0.0/8",
    "10.0.0.1/31, 10.0.0.0/31",
    "1.2.3.4/0, 0.0.0.0/0",
    "2001:db8::1/64, 2001:db8::/64",
    "::ffff:10.1.0.0/104, 10.0.0.0/8",
    "::ffff:0:0/95, ::fffe:0:0/95",
    "::ffff:1.2.3.4/0, ::/0",
  })
  void parse_hostBitsSet_namesTheCorrectedNetwork(String text, String corrected) {
    assertThatThrownBy(() -> Network.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "network: " + text + " (expected: no bits set behind the prefix: " + corrected + ")");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/33, 32",
    "10.0.0.0/, 32",
    "10.0.0.0/-1, 32",
    "10.0.0.0/+8, 32",
    "10.0.0.0/08, 32",
    "'10.0.0.0/8 ', 32",
    "10.0.0.0/8x, 32",
    "10.0.0.0/4294967304, 32",
    "10.0.0.0/255.0.0.0, 32",
    "10.0.0.0/8/8, 32",
    "::/129, 128",
    "::/\u0661, 128",
  })
  void parse_badPrefixLength_namesTheRange(String text, int most) {
    assertThatThrownBy(() -> Network.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: a prefix length from 0 to " + most + ")");
  }

  @ParameterizedTest
  @CsvSource({"''", "/8", "10/8", "10.0.0/8", "example.com/8", "localhost", "fe80::%eth0/10"})
  void parse_noAddress_throws(String text) {
    assertThatThrownBy(() -> Network.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("network: " + text + " (expected: an IPv4 or IPv6 network");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0, true",
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 9.255.255.255, false",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.0/8, ::ffff:10.1.1.1, true",
    "10.0.0.0/8, ::10.1.1.1, false",
    "10.0.0.1, 10.0.0.1, true",
    "10.0.0.1, 10.0.0.0, false",
    "0.0.0.0/0, 255.1.2.3, true",
    "0.0.0.0/0, ::1, false",
    "::/0, ::1, true",
    "::/0, 1.2.3.4, false",
    "::/64, ::ffff:1.2.3.4, false",
    "::ffff:0:0/96, 1.2.3.4, true",
    "fe80::/10, febf::1, true",
    "fe80::/10, fec0::1, false",
    "2001:db8::/65, 2001:db8::7fff:0:0:0, true",
    "2001:db8::/65, 2001:db8:0:0:8000::, false",
  })
  void contains_address_isDecidedByFamilyAndPrefix(String network, String address, boolean in) {
    assertThat(Network.parse(network).contains(IpAddress.parse(address))).isEqualTo(in);
    assertThat(NetworkSet.of(network).contains(IpAddress.parse(address))).isEqualTo(in);
  }

  @Test
  void equals_otherPrefixOrFamily_isFalse() {
    assertThat(Network.parse("10.0.0.0/8"))
        .isNotEqualTo(Network.parse("10.0.0.0/9"))
        .isNotEqualTo(Network.parse("11.0.0.0/8"))
        .isNotEqualTo("10.0.0.0/8");
    assertThat(Network.parse("::/96")).isNotEqualTo(Network.parse("0.0.0.0/0"));
  }
}

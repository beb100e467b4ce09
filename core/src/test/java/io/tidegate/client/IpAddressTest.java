package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpAddressTest {

  @Test
  void of_socketAddress_keepsTheBits() throws UnknownHostException {
    byte[] ipv6 = InetAddress.getByName("2001:db8::ff:8001").getAddress();

    assertThat(IpAddress.of(InetAddress.getByAddress("a.name", new byte[] {-1, 2, 3, 4})))
        .isEqualTo(IpAddress.parse("255.2.3.4"));
    assertThat(IpAddress.of(Inet6Address.getByAddress("a.name", ipv6, 7)))
        .isEqualTo(IpAddress.parse("2001:db8::ff:8001"));
  }

  @Test
  void highAndLow_areTheBitsInNetworkOrder() {
    IpAddress ipv6 = IpAddress.parse("102:304:506:708:90a:b0c:d0e:f10");

    assertThat(ipv6.high()).isEqualTo(0x0102030405060708L);
    assertThat(ipv6.low()).isEqualTo(0x090a0b0c0d0e0f10L);
    assertThat(IpAddress.parse("1.2.3.4").high()).isZero();
    assertThat(IpAddress.parse("1.2.3.4").low()).isEqualTo(0xffff01020304L);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.255, 32, 0, 203.0.113.255",
    "203.0.113.255, 25, 0, 203.0.113.128",
    "203.0.113.255, 24, 0, 203.0.113.0",
    "203.0.113.255, 0, 128, 0.0.0.0",
    "2001:db8:1:2:3:4:5:6, 0, 128, 2001:db8:1:2:3:4:5:6",
    "2001:db8:1:2:3:4:5:6, 0, 80, 2001:db8:1:2:3::",
    "2001:db8:1:2:3:4:5:6, 0, 64, 2001:db8:1:2::",
    "2001:db8:1:2:3:4:5:6, 0, 63, 2001:db8:1:2::",
    "2001:db8:1:3:3:4:5:6, 0, 63, 2001:db8:1:2::",
    "2001:db8:1:2:3:4:5:6, 0, 56, 2001:db8:1::",
    "2001:db8:1:2:3:4:5:6, 32, 0, ::",
    "::ffff:1.2.3.4, 8, 128, 1.0.0.0",
  })
  void prefix_ofEitherFamily_clearsTheRest(String text, int ipv4, int ipv6, String expected) {
    IpAddress prefix = IpAddress.parse(text).prefix(ipv4, ipv6);

    assertThat(prefix).hasToString(expected);
    assertThat(prefix.isIpv6()).isEqualTo(IpAddress.parse(text).isIpv6());
  }

  @Test
  void prefix_nothingToClear_isTheSameInstance() {
    IpAddress network = IpAddress.parse("2001:db8::");

    assertThat(network.prefix(0, 64)).isSameAs(network);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 'ipv4Bits: -1 (expected: 0 to 32)'",
    "33, 0, 'ipv4Bits: 33 (expected: 0 to 32)'",
    "0, -1, 'ipv6Bits: -1 (expected: 0 to 128)'",
    "0, 129, 'ipv6Bits: 129 (expected: 0 to 128)'",
  })
  void prefix_bitsOutOfRange_throws(int ipv4, int ipv6, String message) {
    assertThatThrownBy(() -> IpAddress.UNKNOWN.prefix(ipv4, ipv6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.77, 203.0.113.0/24",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1::/48",
    "::ffff:203.0.113.77, 203.0.113.0/24",
    "::, ::/48",
  })
  void masked_anyAddress_hidesTheHost(String text, String masked) {
    assertThat(IpAddress.parse(text).masked()).isEqualTo(masked);
  }

  @Test
  void equals_otherBits_isFalse() {
    assertThat(IpAddress.parse("1.2.3.4"))
        .isNotEqualTo(IpAddress.parse("1.2.3.5"))
        .isNotEqualTo(IpAddress.parse("::102:304"))
        .isNotEqualTo("1.2.3.4");
    assertThat(IpAddress.parse("1::")).isNotEqualTo(IpAddress.parse("2::"));
    assertThat(IpAddress.UNKNOWN).isEqualTo(IpAddress.parse("::"));
  }
}

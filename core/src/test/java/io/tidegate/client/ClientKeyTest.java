package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientKeyTest {

  private static ClientKey address(String text) {
    return ClientKey.address(IpAddress.parse(text));
  }

  private static ClientKey prefix(String text, int ipv4Bits, int ipv6Bits) {
    return ClientKey.prefix(IpAddress.parse(text), ipv4Bits, ipv6Bits);
  }

  @Test
  void address_ipv4_isTheWholeAddress() {
    assertThat(address("192.0.2.1"))
        .isEqualTo(address("::ffff:c000:201"))
        .isEqualTo(prefix("192.0.2.1", 32, 0))
        .hasSameHashCodeAs(address("192.0.2.1"))
        .isNotEqualTo(address("192.0.2.2"))
        .isNotEqualTo(address("::192.0.2.1"));
  }

  @Test
  void address_ipv6_isTheNetworkOf64Bits() {
    assertThat(address("2001:db8:0:1::1"))
        .isEqualTo(address("2001:db8:0:1:ffff:ffff:ffff:ffff"))
        .isEqualTo(prefix("2001:db8:0:1::", 0, 64))
        .isNotEqualTo(address("2001:db8:0:2::1"));
  }

  @Test
  void prefix_otherLength_isAnotherKey() {
    assertThat(prefix("10.0.0.0", 8, 0)).isNotEqualTo(prefix("10.0.0.0", 9, 0));
    assertThat(prefix("10.1.2.3", 8, 0)).isEqualTo(prefix("10.9.9.9", 8, 128));
    assertThat(prefix("2001:db8::", 0, 48)).isNotEqualTo(prefix("2001:db8::", 0, 56));
    assertThat(prefix("1.2.3.4", 0, 0)).isNotEqualTo(prefix("1::", 0, 0));
  }

  @Test
  void prefix_accessors_giveTheIdentity() {
    ClientKey ipv4 = prefix("10.1.2.3", 8, 0);
    ClientKey ipv6 = prefix("2001:db8:1:2::3", 0, 48);

    assertThat(ipv4.kind()).isEqualTo("address");
    assertThat(ipv4.high()).isZero();
    assertThat(ipv4.low()).isEqualTo(0xffff0a000000L);
    assertThat(ipv4.prefixBits()).isEqualTo(104);
    assertThat(ipv6.high()).isEqualTo(0x20010db800010000L);
    assertThat(ipv6.low()).isZero();
    assertThat(ipv6.prefixBits()).isEqualTo(48);
    assertThat(ipv6.text()).isNull();
    assertThat(ipv6.textLength()).isEqualTo(-1);
    assertThat(ipv6.first()).isNull();
    assertThat(ipv6.second()).isNull();
  }

  @Test
  void prefix_unknownAddress_isAKeyOfItsOwn() {
    ClientKey unknown = ClientKey.address(IpAddress.UNKNOWN);

    assertThat(unknown).isEqualTo(ClientKey.prefix(IpAddress.UNKNOWN, 0, 0));
    assertThat(unknown).isNotEqualTo(address("::1")).isNotEqualTo(prefix("1::", 0, 0));
  }

  @Test
  void prefix_bitsOutOfRange_throws() {
    assertThatThrownBy(() -> prefix("::", 33, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ipv4Bits: 33 (expected: 0 to 32)");
    assertThatThrownBy(() -> prefix("::", 0, 129))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ipv6Bits: 129 (expected: 0 to 128)");
  }

  @Test
  void text_kindAndValue_areTheIdentity() {
    ClientKey key = ClientKey.text("principal", "ann");

    assertThat(key)
        .isEqualTo(ClientKey.text("principal", new String("ann")))
        .hasSameHashCodeAs(ClientKey.text("principal", "ann"))
        .isNotEqualTo(ClientKey.text("api-key", "ann"))
        .isNotEqualTo(ClientKey.text("principal", "Ann"))
        .isNotEqualTo("ann");
    assertThat(key.kind()).isEqualTo("principal");
    assertThat(key.text()).isEqualTo("ann");
    assertThat(key.textLength()).isEqualTo(3);
    assertThat(key.prefixBits()).isEqualTo(-1);
  }

  @Test
  void text_longValue_keepsBothEndsAndTheLength() {
    String head = "h".repeat(128);
    String tail = "t".repeat(128);
    ClientKey key = ClientKey.text("api-key", head + "xyz" + tail);

    assertThat(key.text()).isEqualTo(head + tail);
    assertThat(key.textLength()).isEqualTo(259);
    assertThat(key)
        .isEqualTo(ClientKey.text("api-key", head + "abc" + tail))
        .isNotEqualTo(ClientKey.text("api-key", head + tail))
        .isNotEqualTo(ClientKey.text("api-key", head + "abcd" + tail))
        .isNotEqualTo(ClientKey.text("api-key", head + "xyzt" + tail.substring(2) + "u"));
  }

  @Test
  void text_256Characters_isKeptWhole() {
    String whole = "a".repeat(127) + "bc" + "d".repeat(127);

    assertThat(ClientKey.text("k", whole).text()).isEqualTo(whole);
    assertThat(ClientKey.text("k", "").text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "line\nbreak", "k\u00fcche", "address", "pair"})
  void text_badKind_throws(String kind) {
    assertThatThrownBy(() -> ClientKey.text(kind, "value"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "kind: "
                + kind
                + " (expected: 1 to 100 visible ASCII characters, not address or pair)");
  }

  @Test
  void text_longKind_throws() {
    assertThat(ClientKey.text("k".repeat(100), "v").kind()).hasSize(100);
    assertThatThrownBy(() -> ClientKey.text("k".repeat(101), "v"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void pair_bothKeysInOrder_areTheIdentity() {
    ClientKey ann = ClientKey.text("principal", "ann");
    ClientKey home = address("192.0.2.1");
    ClientKey pair = ClientKey.pair(ann, home);

    assertThat(pair)
        .isEqualTo(ClientKey.pair(ClientKey.text("principal", "ann"), address("192.0.2.1")))
        .hasSameHashCodeAs(ClientKey.pair(ann, home))
        .isNotEqualTo(ClientKey.pair(home, ann))
        .isNotEqualTo(ClientKey.pair(ann, ann))
        .isNotEqualTo(ClientKey.pair(home, home));
    assertThat(ClientKey.pair(pair, ann)).isNotEqualTo(ClientKey.pair(ann, pair));
    assertThat(pair.kind()).isEqualTo("pair");
    assertThat(pair.first()).isSameAs(ann);
    assertThat(pair.second()).isSameAs(home);
    assertThat(pair.text()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.77, 32, 64, 203.0.113.0/24",
    "203.0.113.77, 24, 64, 203.0.113.0/24",
    "203.0.113.77, 16, 64, 203.0.0.0/16",
    "2001:db8:1:2::3, 32, 64, 2001:db8:1::/48",
    "2001:db8:1:2::3, 32, 32, 2001:db8::/32",
    "::, 32, 64, ::/48",
  })
  void label_network_isMasked(String text, int ipv4Bits, int ipv6Bits, String label) {
    assertThat(prefix(text, ipv4Bits, ipv6Bits).label()).isEqualTo(label);
    assertThat(prefix(text, ipv4Bits, ipv6Bits)).hasToString(label);
  }

  @Test
  void label_text_showsItsKindAndAHashOnly() {
    String secret = "sk-live-0123456789";
    ClientKey key = ClientKey.text("api-key", secret);

    assertThat(key.label()).matches("api-key#[0-9a-f]{8}").isEqualTo(key.toString());
    assertThat(key.label()).isEqualTo(ClientKey.text("api-key", secret).label());
    for (String other : List.of("sk-live-0123456788", "", "s".repeat(300), "s".repeat(301))) {
      assertThat(ClientKey.text("api-key", other).label()).isNotEqualTo(key.label());
    }
    assertThat(ClientKey.text("api-key", "s".repeat(300)).label())
        .isNotEqualTo(ClientKey.text("api-key", "s".repeat(301)).label());
    assertThat(ClientKey.text("k", secret).label().substring(2))
        .isNotEqualTo(key.label().substring(8));
  }

  @Test
  void label_pair_joinsBoth() {
    ClientKey ann = ClientKey.text("principal", "ann");
    ClientKey pair = ClientKey.pair(ann, address("203.0.113.77"));

    assertThat(pair).hasToString(ann.label() + "+203.0.113.0/24");
  }
}

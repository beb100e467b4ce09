package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressParseTest {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "1.2.3.4, 1.2.3.4",
    "255.255.255.255, 255.255.255.255",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "1::3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
    "2001:DB8::ABCD, 2001:db8::abcd",
    "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8::1.2.3.4, 2001:db8::102:304",
    "64:ff9b::192.0.2.1, 64:ff9b::c000:201",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    "::1.2.3.4, ::102:304",
    "fe80::1%eth0, fe80::1",
    "fe80::1%25eth0.100, fe80::1",
    "fe80::%1, fe80::",
  })
  void parse_literalOfEitherFamily_printsCanonically(String text, String canonical) {
    IpAddress address = IpAddress.parse(text);

    assertThat(address).hasToString(canonical);
    assertThat(IpAddress.parse(canonical)).isEqualTo(address).hasSameHashCodeAs(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::ffff:1.2.3.4",
        "::ffff:102:304",
        "::FFFF:0102:0304",
        "0:0:0:0:0:ffff:1.2.3.4",
        "::ffff:1.2.3.4%eth0",
        "0::ffff:102:304",
      })
  void parse_mappedIpv6_isTheIpv4Address(String text) {
    IpAddress address = IpAddress.parse(text);

    assertThat(address).isEqualTo(IpAddress.parse("1.2.3.4")).hasToString("1.2.3.4");
    assertThat(address.isIpv6()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2001:db8::1.2.3.4", "::1.2.3.4", "::fffe:1.2.3.4", "::1:ffff:1.2.3.4"})
  void parse_ipv6ThatOnlyLooksLikeIpv4_isIpv6(String text) {
    assertThat(IpAddress.parse(text).isIpv6()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        ":",
        "1",
        "1.2.3",
        "1.2.3.",
        ".1.2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "1..2.3",
        "256.1.1.1",
        "1.1.1.256",
        "1.1.1.1000",
        "1.1.1.99999999999",
        "010.1.1.1",
        "1.1.1.00",
        "1.1.1.01",
        "0x7f.0.0.1",
        "0x7f000001",
        "2130706433",
        "127.1",
        "+1.2.3.4",
        "-1.2.3.4",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.4\n",
        "1.2.3.4%eth0",
        "1.2.3.4/32",
        "1.2.3.4:80",
        "\u0661.2.3.4",
        "1.2.3.\uff14",
        ":::",
        "::::",
        "1:::2",
        ":1",
        "1:",
        "::1:",
        ":1::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "12345::",
        "g::",
        "::g",
        "::\uff11",
        "::1.2.3",
        "::1.2.3.4.5",
        "::1.2.3.256",
        "::01.2.3.4",
        "::1.2.3.4:5",
        "1.2.3.4::",
        "::1.2.3.4::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "[::1]",
        "::1/128",
        "fe80::1%",
        "fe80::1%a b",
        "fe80::1%a%b",
        "%eth0",
        "::%\u00e9",
        "00001::",
        "0000:0000:0000:0000:0000:0000:0000:00001",
        "localhost",
        "example.com",
        "a.example",
        "dead.beef",
        "cafe",
        "unknown",
        "_hidden",
      })
  void parseOrNull_notALiteral_isNull(String text) {
    assertThat(IpAddress.parseOrNull(text)).isNull();
    assertThatThrownBy(() -> IpAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("address: " + text + " (expected: an IPv4 or IPv6 literal)");
  }

  @Test
  void parseOrNull_null_isNull() {
    assertThat(IpAddress.parseOrNull(null)).isNull();
    assertThat(IpAddress.parseOrNull(null, 0, 0)).isNull();
  }

  @Test
  void parseOrNull_zone_isBounded() {
    assertThat(IpAddress.parseOrNull("fe80::1%" + "z".repeat(32))).isNotNull();
    assertThat(IpAddress.parseOrNull("fe80::1%" + "z".repeat(33))).isNull();
  }

  @Test
  void parseOrNull_hugeText_looksAtFewCharacters() {
    CountingText huge = new CountingText("f:".repeat(1 << 20));

    assertThat(IpAddress.parseOrNull(huge)).isNull();
    assertThat(huge.looks).isLessThan(100);
  }

  @Test
  void parseOrNull_longestLiteral_isRead() {
    String longest = "2001:0db8:0000:0000:0000:ffff:255.255.255.255";

    assertThat(longest).hasSize(45);
    assertThat(IpAddress.parseOrNull(longest)).hasToString("2001:db8::ffff:ffff:ffff");
  }

  @Test
  void parseOrNull_partOfText_readsOnlyThatPart() {
    assertThat(IpAddress.parseOrNull("xx1.2.3.4yy", 2, 9)).hasToString("1.2.3.4");
    assertThat(IpAddress.parseOrNull("1.2.3.45", 0, 7)).hasToString("1.2.3.4");
    assertThat(IpAddress.parseOrNull("::12", 0, 3)).hasToString("::1");
    assertThat(IpAddress.parseOrNull("a::1", 1, 4)).hasToString("::1");
  }

  @ParameterizedTest
  @CsvSource({"-1, 7", "0, 8", "5, 4", "8, 9", "-2147483648, 2147483647", "7, 7", "0, -1"})
  void parseOrNull_rangeOutsideTheText_isNull(int start, int end) {
    assertThat(IpAddress.parseOrNull("1.2.3.4", start, end)).isNull();
  }

  private static final class CountingText implements CharSequence {
    private final String text;
    private int looks;

    CountingText(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      looks++;
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      throw new AssertionError("not needed");
    }
  }
}

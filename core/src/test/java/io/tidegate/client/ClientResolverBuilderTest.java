package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientResolverBuilderTest {

  private static final IpAddress PROXY = IpAddress.parse("10.0.0.1");
  private static final IpAddress STRANGER = IpAddress.parse("203.0.113.9");

  @Test
  void socketOnly_anyHeader_answersThePeer() {
    ClientResolver socketOnly = ClientResolver.socketOnly();

    assertThat(socketOnly.header()).isNull();
    assertThat(socketOnly.trusts(PROXY)).isFalse();
    assertThat(socketOnly.resolve(PROXY, List.of("192.0.2.1"))).isEqualTo(PROXY);
    assertThat(socketOnly.resolve(null, null)).isEqualTo(IpAddress.UNKNOWN);
    assertThat(ClientResolver.builder().build().resolve(PROXY, null)).isEqualTo(PROXY);
  }

  @Test
  void trusts_peer_isInTheNetworks() {
    ClientResolver both =
        ClientResolver.builder()
            .trust("198.51.100.7")
            .trust(NetworkSet.privateRanges())
            .header("X-Real-IP")
            .build();

    assertThat(both.header()).isEqualTo("X-Real-IP");
    assertThat(both.trusts(IpAddress.parse("198.51.100.7"))).isTrue();
    assertThat(both.trusts(IpAddress.parse("192.168.0.1"))).isTrue();
    assertThat(both.trusts(STRANGER)).isFalse();
    assertThat(both.toString()).contains("X-Real-IP", "198.51.100.7");
  }

  @Test
  void build_headerWithoutTrustOrTheReverse_throws() {
    assertThatThrownBy(() -> ClientResolver.builder().header("X-Real-IP").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("header: X-Real-IP (expected: at least one trusted network that writes it)");
    assertThatThrownBy(() -> ClientResolver.builder().trust().header("X-Real-IP").build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ClientResolver.builder().trust("10.0.0.1").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("trust: [10.0.0.1] (expected: a header that these networks write)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "X Forwarded", "X-Forwarded-For:", "X-Forwarded-F\u00f6r"})
  void header_noFieldName_throws(String name) {
    assertThatThrownBy(() -> ClientResolver.builder().header(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("header: " + name + " (expected: a field name");
  }

  @Test
  void header_second_throws() {
    assertThatThrownBy(() -> ClientResolver.builder().header("Forwarded").header("X-Real-IP"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("header: X-Real-IP (expected: only one header, and Forwarded is set)");
  }
}

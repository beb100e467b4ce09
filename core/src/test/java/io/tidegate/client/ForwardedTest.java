package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedTest {

  private static final IpAddress PROXY = IpAddress.parse("10.0.0.1");

  private final ClientResolver resolver =
      ClientResolver.builder().trust("10.0.0.0/8", "fd00::/8").header("Forwarded").build();

  private IpAddress fromProxy(String... lines) {
    return resolver.resolve(PROXY, List.of(lines));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "for=192.0.2.60;proto=http;by=203.0.113.43 | 192.0.2.60",
        "proto=http;by=203.0.113.43;for=192.0.2.60 | 192.0.2.60",
        "For=\"[2001:db8:cafe::17]:4711\" | 2001:db8:cafe::17",
        "FOR=\"[2001:DB8::A]\" | 2001:db8::a",
        "for=\"192.0.2.43:47011\" | 192.0.2.43",
        "for=\"192.0.2.43:_obf\" | 192.0.2.43",
        "for=192.0.2.43:47011 | 192.0.2.43",
        "for=[2001:db8::1]:80 | 2001:db8::1",
        "for=2001:db8::1 | 2001:db8::1",
        "for=\"2001:db8::1\" | 2001:db8::1",
        "for=\"::ffff:192.0.2.1\" | 192.0.2.1",
        "for=192.0.2.43, for=10.1.1.1 | 192.0.2.43",
        "for=6.6.6.6, for=192.0.2.43,for=\"[fd00::1]\" | 192.0.2.43",
        "for=10.2.2.2, for=10.1.1.1 | 10.2.2.2",
        " ;; for=192.0.2.43 ; ; proto=http ; | 192.0.2.43",
        "for=\"192.0.2\\.43\" | 192.0.2.43",
        "for=\"\\[2001:db8::1\\]\\:80\" | 2001:db8::1",
        "host=\"a,b\";for=192.0.2.1 | 192.0.2.1",
        "host=\"for=6.6.6.6\";for=192.0.2.1 | 192.0.2.1",
        "for=192.0.2.1;host=\", for=6.6.6.6\" | 192.0.2.1",
        "for=192.0.2.1;host=\"; for=6.6.6.6\" | 192.0.2.1",
        "for=192.0.2.1;host=\"\\\", for=6.6.6.6\" | 192.0.2.1",
        "for=192.0.2.1;host=\"\\\\\" | 192.0.2.1",
        "for=192.0.2.1;host=\"\\\\\\\", for=6.6.6.6, x=\\\\\" | 192.0.2.1",
        "for=192.0.2.1, for=10.1.1.1;host=\"\\\"x\\\", \" | 192.0.2.1",
        "for=192.0.2.1;host=\"\" | 192.0.2.1",
        "for=192.0.2.1;xfor=6.6.6.6;fo=6.6.6.6;forr=6.6.6.6 | 192.0.2.1",
        // What a client left open must not swallow what the proxy wrote behind it.
        "for=\", for=192.0.2.1 | 192.0.2.1",
        "for=\"6.6.6.6, for=\"192.0.2.1\" | 192.0.2.1",
        "for=6.6.6.6;x=\", for=192.0.2.1;by=\"_x\";host=\"h\" | 192.0.2.1",
        "for=\"6.6.6.6\\, for=\"[2001:db8::1]:443\" | 2001:db8::1",
        "\\, for=192.0.2.1 | 192.0.2.1",
        "for=6.6.6.6;, ,for=192.0.2.1 | 192.0.2.1",
      })
  void resolve_trustedPeer_answersTheFirstUntrustedHopFromTheRight(String line, String client) {
    assertThat(fromProxy(line)).hasToString(client);
    assertThat(resolver.malformed()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "for=6.6.6.6, for=unknown | 10.0.0.1",
        "for=6.6.6.6, for=_hidden, for=10.1.1.1 | 10.1.1.1",
        "for=6.6.6.6, for=\"_SEVKISEK\", for=10.1.1.1 | 10.1.1.1",
        "for=6.6.6.6, proto=https, for=10.1.1.1 | 10.1.1.1",
        "for=6.6.6.6, , for=10.1.1.1 | 10.1.1.1",
        "for=6.6.6.6, | 10.0.0.1",
        "for=6.6.6.6, 192.0.2.1 | 10.0.0.1",
        "for=6.6.6.6, for | 10.0.0.1",
        "for=6.6.6.6, for= | 10.0.0.1",
        "for=6.6.6.6, for=\"\" | 10.0.0.1",
        "for=6.6.6.6, =192.0.2.1 | 10.0.0.1",
        "for=6.6.6.6, for =192.0.2.1 | 10.0.0.1",
        "for=6.6.6.6, for= 192.0.2.1 | 10.0.0.1",
        "for=6.6.6.6, for=192.0.2.1 proto=http | 10.0.0.1",
        "for=6.6.6.6, for=192.0.2.1;for=192.0.2.2 | 10.0.0.1",
        "for=6.6.6.6, for=192.0.2.1;For=192.0.2.1 | 10.0.0.1",
        "for=6.6.6.6, for=192.0.2.1;proto | 10.0.0.1",
        "for=6.6.6.6, for=192.0.2.1;pro to=http | 10.0.0.1",
        "for=6.6.6.6, for=\" 192.0.2.1\" | 10.0.0.1",
        "for=6.6.6.6, for=\"192.0.2.1 | 10.0.0.1",
        "for=6.6.6.6, for=192.0.2.1\" | 10.0.0.1",
        "for=6.6.6.6, for=\"192.0.2.1\"x | 10.0.0.1",
        "for=6.6.6.6, for=x\"192.0.2.1\" | 10.0.0.1",
        "for=6.6.6.6, for=\"192.0.2.1\"\"\" | 10.0.0.1",
        "for=6.6.6.6, for=\"192.0.2.1\\\" | 10.0.0.1",
        "for=6.6.6.6, for=example.com | 10.0.0.1",
        "for=\"6.6.6.6, for=10.1.1.1 | 10.1.1.1",
        "\" | 10.0.0.1",
        "\"\" | 10.0.0.1",
        "\\ | 10.0.0.1",
        "\\\" | 10.0.0.1",
      })
  void resolve_unreadableHop_answersTheLastGoodHopAndCounts(String line, String lastGood) {
    assertThat(fromProxy(line)).hasToString(lastGood);
    assertThat(resolver.malformed()).isEqualTo(1);
  }

  @Test
  void resolve_severalLines_joinsThemInOrder() {
    assertThat(fromProxy("for=6.6.6.6, for=192.0.2.1", "for=10.2.2.2", "for=10.1.1.1"))
        .hasToString("192.0.2.1");
    assertThat(resolver.malformed()).isZero();
  }

  @Test
  void resolve_quoteAcrossLines_isMalformed() {
    assertThat(fromProxy("for=192.0.2.1;host=\"a", "b\", for=10.1.1.1")).hasToString("10.1.1.1");
    assertThat(resolver.malformed()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 130})
  void resolve_escapedNode_isBounded(int length) {
    String node = "192.0.2.1:_x" + "\\x".repeat((length - 12) / 2);

    assertThat(node).hasSize(length);
    assertThat(fromProxy("for=\"" + node + "\""))
        .hasToString(length == 128 ? "192.0.2.1" : "10.0.0.1");
  }

  @Test
  void resolve_textLimit_cutsInsideAQuotedString() {
    String long4k = "for=192.0.2.1;host=\"" + "x".repeat(4096) + "\", for=10.1.1.1";

    assertThat(fromProxy(long4k)).hasToString("10.1.1.1");
    assertThat(resolver.malformed()).isEqualTo(1);
  }

  @Test
  void resolve_textLimitJustBeforeAnElement_isMalformed() {
    String element = "for=192.0.2.1;host=\"" + "x".repeat(4096 - 21) + "\"";

    assertThat(element).hasSize(4096);
    assertThat(fromProxy(element)).hasToString("192.0.2.1");
    assertThat(fromProxy("," + element)).isEqualTo(PROXY);
    assertThat(resolver.malformed()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"forwarded", "FORWARDED", "Forwarded"})
  void header_forwardedInAnyCase_hasTheSyntaxOfTheRfc(String name) {
    ClientResolver any = ClientResolver.builder().trust("10.0.0.0/8").header(name).build();

    assertThat(any.resolve(PROXY, List.of("for=192.0.2.1"))).hasToString("192.0.2.1");
    assertThat(any.resolve(PROXY, List.of("192.0.2.1"))).isEqualTo(PROXY);
  }
}

package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientResolverTest {

  private static final IpAddress PROXY = IpAddress.parse("10.0.0.1");
  private static final IpAddress STRANGER = IpAddress.parse("203.0.113.9");

  private final ClientResolver resolver =
      ClientResolver.builder().trust("10.0.0.0/8", "fd00::/8").header("X-Forwarded-For").build();

  private IpAddress fromProxy(String... lines) {
    return resolver.resolve(PROXY, List.of(lines));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1 | 192.0.2.1",
        "192.0.2.1:80 | 192.0.2.1",
        "192.0.2.1:65535 | 192.0.2.1",
        "192.0.2.1:_http-8.x | 192.0.2.1",
        "2001:db8::1 | 2001:db8::1",
        "2001:DB8::A | 2001:db8::a",
        "[2001:db8::1] | 2001:db8::1",
        "[2001:db8::1]:443 | 2001:db8::1",
        "[2001:db8::1]:_x | 2001:db8::1",
        "2001:db8::1:443 | 2001:db8::1:443",
        "fe80::1%eth0 | fe80::1",
        "[fe80::1%eth0]:80 | fe80::1",
        "::ffff:192.0.2.1 | 192.0.2.1",
        "[::ffff:c000:201]:1 | 192.0.2.1",
        "'  192.0.2.1 ' | 192.0.2.1",
        "'\t192.0.2.1\t' | 192.0.2.1",
        "6.6.6.6, 192.0.2.1 | 192.0.2.1",
        "6.6.6.6,192.0.2.1 , 10.1.1.1,[fd00::1]:80 | 192.0.2.1",
        "junk, 192.0.2.1, 10.1.1.1 | 192.0.2.1",
        "\", 192.0.2.1 | 192.0.2.1",
        ", , 192.0.2.1 | 192.0.2.1",
        "10.3.3.3, 10.2.2.2, 10.1.1.1 | 10.3.3.3",
        "10.3.3.3 | 10.3.3.3",
        "::ffff:10.3.3.3 | 10.3.3.3",
      })
  void resolve_trustedPeer_answersTheFirstUntrustedHopFromTheRight(String line, String client) {
    assertThat(fromProxy(line)).hasToString(client);
    assertThat(resolver.malformed()).isZero();
    assertThat(resolver.ignored()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 10.0.0.1",
        "' ' | 10.0.0.1",
        ", | 10.0.0.1",
        "6.6.6.6, | 10.0.0.1",
        "6.6.6.6, unknown | 10.0.0.1",
        "6.6.6.6, Unknown, 10.1.1.1 | 10.1.1.1",
        "6.6.6.6, _hidden, 10.1.1.1 | 10.1.1.1",
        "6.6.6.6, _hidden:80, 10.1.1.1 | 10.1.1.1",
        "6.6.6.6, , 10.1.1.1 | 10.1.1.1",
        "6.6.6.6,, 10.2.2.2, 10.1.1.1 | 10.2.2.2",
        ", 10.1.1.1 | 10.1.1.1",
        "6.6.6.6, example.com, 10.1.1.1 | 10.1.1.1",
        "6.6.6.6, localhost | 10.0.0.1",
        "6.6.6.6, 010.1.1.1 | 10.0.0.1",
        "6.6.6.6, 1.2.3 | 10.0.0.1",
        "6.6.6.6, 192.0.2.1: | 10.0.0.1",
        "6.6.6.6, 192.0.2.1:123456 | 10.0.0.1",
        "6.6.6.6, 192.0.2.1:8a | 10.0.0.1",
        "6.6.6.6, 192.0.2.1:_ | 10.0.0.1",
        "6.6.6.6, 192.0.2.1:_a! | 10.0.0.1",
        "6.6.6.6, 192.0.2.1:80:80 | 10.0.0.1",
        "6.6.6.6, :80 | 10.0.0.1",
        "6.6.6.6, [192.0.2.1] | 10.0.0.1",
        "6.6.6.6, [2001:db8::1 | 10.0.0.1",
        "6.6.6.6, 2001:db8::1] | 10.0.0.1",
        "6.6.6.6, [] | 10.0.0.1",
        "6.6.6.6, [ | 10.0.0.1",
        "6.6.6.6, [2001:db8::1]443 | 10.0.0.1",
        "6.6.6.6, [2001:db8::1]: | 10.0.0.1",
        "6.6.6.6, [[2001:db8::1]] | 10.0.0.1",
        "6.6.6.6, 192.0.2.1 192.0.2.2 | 10.0.0.1",
        "6.6.6.6, 192.0.2.1;10.1.1.1 | 10.0.0.1",
        "6.6.6.6, \"192.0.2.1\" | 10.0.0.1",
        "6.6.6.6, for=192.0.2.1 | 10.0.0.1",
        "6.6.6.6, 192.0.2.1\u00a0 | 10.0.0.1",
        "6.6.6.6, \u0661.2.3.4 | 10.0.0.1",
      })
  void resolve_unreadableHop_answersTheLastGoodHopAndCounts(String line, String lastGood) {
    assertThat(fromProxy(line)).hasToString(lastGood);
    assertThat(resolver.malformed()).isEqualTo(1);
  }

  @Test
  void resolve_untrustedPeer_ignoresTheHeaderAndCounts() {
    assertThat(resolver.resolve(STRANGER, List.of("192.0.2.1"))).isEqualTo(STRANGER);
    assertThat(resolver.resolve(STRANGER, List.of("10.0.0.1"))).isEqualTo(STRANGER);
    assertThat(resolver.resolve(STRANGER, new LinkedHashSet<>(List.of("junk"))))
        .isEqualTo(STRANGER);
    assertThat(resolver.resolve(STRANGER, () -> List.of("junk").iterator())).isEqualTo(STRANGER);

    assertThat(resolver.ignored()).isEqualTo(4);
    assertThat(resolver.malformed()).isZero();
  }

  @Test
  void resolve_noHeader_answersThePeerAndCountsNothing() {
    assertThat(resolver.resolve(PROXY, null)).isEqualTo(PROXY);
    assertThat(resolver.resolve(PROXY, List.of())).isEqualTo(PROXY);
    assertThat(resolver.resolve(STRANGER, null)).isEqualTo(STRANGER);
    assertThat(resolver.resolve(STRANGER, List.of())).isEqualTo(STRANGER);
    assertThat(resolver.resolve(STRANGER, Collections::emptyIterator)).isEqualTo(STRANGER);

    assertThat(resolver.ignored()).isZero();
    assertThat(resolver.malformed()).isZero();
  }

  @Test
  void resolve_noPeer_isTheUnknownAddressAndTrustedOnlyIfNamed() {
    ClientResolver unixSocket =
        ClientResolver.builder().trust("::").header("X-Forwarded-For").build();

    assertThat(resolver.resolve(null, List.of("192.0.2.1"))).isEqualTo(IpAddress.UNKNOWN);
    assertThat(resolver.ignored()).isEqualTo(1);
    assertThat(unixSocket.resolve(null, List.of("192.0.2.1"))).hasToString("192.0.2.1");
  }

  @Test
  void resolve_mappedPeer_isTrustedAsIpv4() {
    IpAddress mapped = IpAddress.parse("::ffff:10.0.0.1");

    assertThat(resolver.resolve(mapped, List.of("192.0.2.1"))).hasToString("192.0.2.1");
  }

  @Test
  void resolve_severalLines_joinsThemInOrder() {
    assertThat(fromProxy("6.6.6.6", "192.0.2.1", "10.1.1.1")).hasToString("192.0.2.1");
    assertThat(fromProxy("6.6.6.6, 192.0.2.1", "10.2.2.2, 10.1.1.1")).hasToString("192.0.2.1");
    assertThat(fromProxy("10.2.2.2", "10.1.1.1")).hasToString("10.2.2.2");
    assertThat(resolver.malformed()).isZero();

    assertThat(fromProxy("192.0.2.1", "")).isEqualTo(PROXY);
    assertThat(fromProxy("6.6.6.6", "", "10.1.1.1")).hasToString("10.1.1.1");
    assertThat(fromProxy("192.0.2", ".1")).isEqualTo(PROXY);
    assertThat(resolver.malformed()).isEqualTo(3);
  }

  @Test
  void resolve_anyKindOfIterable_givesTheSameAnswer() {
    List<String> lines = List.of("6.6.6.6", "192.0.2.1", "10.1.1.1");

    assertThat(resolver.resolve(PROXY, new LinkedList<>(lines))).hasToString("192.0.2.1");
    assertThat(resolver.resolve(PROXY, new LinkedHashSet<>(lines))).hasToString("192.0.2.1");
    assertThat(resolver.resolve(PROXY, lines::iterator)).hasToString("192.0.2.1");
  }

  @Test
  void resolve_listWithoutRandomAccess_isOnlyIterated() {
    List<String> linked =
        new LinkedList<>(List.of("192.0.2.1", "10.1.1.1")) {
          private static final long serialVersionUID = 1;

          @Override
          public String get(int index) {
            throw new AssertionError("each look-up would walk the list");
          }
        };

    assertThat(resolver.resolve(PROXY, linked)).hasToString("192.0.2.1");
  }

  @Test
  void resolve_nullLine_countsAsEmpty() {
    List<String> lines = new ArrayList<>(Arrays.asList("6.6.6.6", null, "10.1.1.1"));

    assertThat(resolver.resolve(PROXY, lines)).hasToString("10.1.1.1");
    assertThat(resolver.malformed()).isEqualTo(1);
  }

  @Test
  void resolve_hopLimit_isSixtyFour() {
    assertThat(fromProxy("192.0.2.1" + ", 10.1.1.1".repeat(63))).hasToString("192.0.2.1");
    assertThat(fromProxy("10.2.2.2" + ", 10.1.1.1".repeat(63))).hasToString("10.2.2.2");
    assertThat(resolver.malformed()).isZero();

    assertThat(fromProxy("192.0.2.1, 10.9.9.9" + ", 10.1.1.1".repeat(63))).hasToString("10.9.9.9");
    assertThat(resolver.malformed()).isEqualTo(1);

    assertThat(resolver.resolve(PROXY, Collections.nCopies(65, "10.1.1.1"))).isNotEqualTo(PROXY);
    assertThat(resolver.malformed()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 4097})
  void resolve_textLimit_isFourKibibytesFromTheRight(int reach) {
    String client = ",192.0.2.1,"; // its first comma must be in reach, for its start to be known
    String line = "6.6.6.6" + client + " ".repeat(reach - client.length() - 8) + "10.1.1.1";
    boolean within = reach <= 4096;

    assertThat(fromProxy(line)).hasToString(within ? "192.0.2.1" : "10.1.1.1");
    assertThat(resolver.malformed()).isEqualTo(within ? 0 : 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 4097})
  void resolve_textLimit_countsAllLines(int total) {
    String first = "192.0.2.1";
    String last = " ".repeat(total - first.length() - 1 - 8) + "10.1.1.1";
    boolean within = total <= 4096;

    assertThat(fromProxy(first, last)).hasToString(within ? "192.0.2.1" : "10.1.1.1");
    assertThat(resolver.malformed()).isEqualTo(within ? 0 : 1);
  }
}

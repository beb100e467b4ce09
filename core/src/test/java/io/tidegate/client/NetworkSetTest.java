package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkSetTest {

  @Test
  void empty_containsNothing() {
    assertThat(NetworkSet.empty().isEmpty()).isTrue();
    assertThat(NetworkSet.of()).isSameAs(NetworkSet.empty());
    assertThat(NetworkSet.of(List.of())).isSameAs(NetworkSet.empty());
    assertThat(NetworkSet.empty().contains(IpAddress.UNKNOWN)).isFalse();
    assertThat(NetworkSet.empty()).hasToString("[]");
  }

  @Test
  void of_badNetwork_throws() {
    assertThatThrownBy(() -> NetworkSet.of("10.0.0.0/8", "nonsense"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("network: nonsense");
    assertThatThrownBy(() -> NetworkSet.of(Collections.singletonList((Network) null)))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void of_overlappingAndAdjacentNetworks_mergesThem() {
    assertThat(NetworkSet.of("10.0.0.0/9", "10.128.0.0/9", "10.1.0.0/16"))
        .hasToString("[10.0.0.0-10.255.255.255]");
    assertThat(NetworkSet.of("2001:db8::/64", "2001:db8:0:1::/64"))
        .hasToString("[2001:db8::-2001:db8:0:1:ffff:ffff:ffff:ffff]");
    assertThat(NetworkSet.of("10.0.0.2", "10.0.0.0", "10.0.0.3"))
        .hasToString("[10.0.0.0, 10.0.0.2-10.0.0.3]");
    assertThat(NetworkSet.of("8000::/1", "::/1", "::/0", "0.0.0.0/0"))
        .hasToString("[::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]");
    assertThat(NetworkSet.of("0:0:0:1::/64", "::1:0:0:0/80"))
        .hasToString("[::1:0:0:0-::1:ffff:ffff:ffff, 0:0:0:1::-::1:ffff:ffff:ffff:ffff]");
  }

  @Test
  void of_networkInsideAnEarlierOne_keepsTheWiderEnd() {
    NetworkSet set = NetworkSet.of("10.0.0.0/8", "10.0.0.0/16", "10.255.0.0/16");

    assertThat(set.contains(IpAddress.parse("10.200.0.1"))).isTrue();
  }

  @Test
  void contains_ipv6AroundTheMappedRange_leavesIpv4Out() {
    NetworkSet set = NetworkSet.of("::/0");

    assertThat(set.contains(IpAddress.parse("::fffe:ffff:ffff"))).isTrue();
    assertThat(set.contains(IpAddress.parse("0.0.0.0"))).isFalse();
    assertThat(set.contains(IpAddress.parse("255.255.255.255"))).isFalse();
    assertThat(set.contains(IpAddress.parse("::1:0:0:0"))).isTrue();
    assertThat(NetworkSet.of("::/80")).hasToString("[::-::fffe:ffff:ffff]");
    assertThat(NetworkSet.of("::/80").contains(IpAddress.parse("1.2.3.4"))).isFalse();
    assertThat(NetworkSet.of("::/80").contains(IpAddress.parse("::1:0:0:0"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "::1, true",
    "10.9.8.7, true",
    "172.16.0.1, true",
    "172.31.255.255, true",
    "172.32.0.0, false",
    "192.168.1.1, true",
    "192.169.0.0, false",
    "169.254.1.1, true",
    "fe80::1, true",
    "fec0::1, false",
    "fd00::1, true",
    "fe00::1, false",
    "100.64.0.1, false",
    "8.8.8.8, false",
    "2001:db8::1, false",
    "::, false",
    "0.0.0.0, false",
  })
  void privateRanges_address_isKnown(String address, boolean in) {
    assertThat(NetworkSet.privateRanges().contains(IpAddress.parse(address))).isEqualTo(in);
  }

  @Test
  void toString_longSet_isCut() {
    String[] many = IntStream.range(0, 20).mapToObj(i -> "10.0." + i + ".1").toArray(String[]::new);

    assertThat(NetworkSet.of(many).toString()).startsWith("[10.0.0.1, ").endsWith(", 12 more]");
  }

  @Test
  void plus_twoSets_isTheUnion() {
    NetworkSet both = NetworkSet.of("10.0.0.0/9").plus(NetworkSet.of("10.128.0.0/9", "::1"));

    assertThat(both).hasToString("[::1, 10.0.0.0-10.255.255.255]");
    assertThat(NetworkSet.empty().plus(NetworkSet.empty()).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void contains_randomNetworks_agreesWithTheOracle(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 60; round++) {
      List<Network> networks = randomNetworks(random);
      List<IPAddress> naive = networks.stream().map(n -> Oracle.network(n.toString())).toList();
      NetworkSet set = NetworkSet.of(networks);
      for (IpAddress address : probes(random, networks)) {
        IPAddress probe = Oracle.network(address.toString());

        assertThat(set.contains(address))
            .as("seed %d, %s in %s", seed, address, networks)
            .isEqualTo(naive.stream().anyMatch(n -> n.contains(probe)));
      }
    }
  }

  private static List<Network> randomNetworks(SplittableRandom random) {
    List<Network> networks = new ArrayList<>();
    int count = random.nextInt(40);
    int spread = 1 + random.nextInt(16); // few bits to vary: many overlaps and neighbours
    for (int i = 0; i < count; i++) {
      IpAddress near = near(random, spread);
      int bits = near.isIpv6() ? random.nextInt(129) : random.nextInt(33);
      networks.add(Network.parse(near.prefix(Math.min(bits, 32), bits) + "/" + bits));
    }
    return networks;
  }

  private static IpAddress near(SplittableRandom random, int spread) {
    long few = random.nextLong(1L << spread);
    return switch (random.nextInt(4)) {
      case 0 -> IpAddress.ipv4(0x0a000000L + few);
      case 1 -> new IpAddress(few << (64 - spread), 0);
      case 2 -> new IpAddress(0, few << (52 - spread)); // around the IPv4-mapped addresses
      default -> new IpAddress(0x20010db8L << 32, few);
    };
  }

  /** The edges of every network, their neighbours, and random addresses. */
  private static List<IpAddress> probes(SplittableRandom random, List<Network> networks) {
    List<IpAddress> probes = new ArrayList<>();
    for (Network network : networks) {
      for (IpAddress edge : List.of(network.first(), network.last())) {
        probes.add(edge);
        probes.add(new IpAddress(edge.high(), edge.low() + 1));
        probes.add(new IpAddress(edge.high(), edge.low() - 1));
      }
    }
    for (int i = 0; i < 50; i++) {
      probes.add(near(random, 16));
      probes.add(RandomText.address(random));
    }
    return probes;
  }
}

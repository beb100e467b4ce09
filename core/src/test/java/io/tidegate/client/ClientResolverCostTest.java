package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request allocates, counted by the virtual machine in bytes of this thread. */
class ClientResolverCostTest {

  private static final int CALLS = 5_000;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private @Nullable Object sink;

  private long bytesPerCall(Supplier<@Nullable Object> call) {
    for (int i = 0; i < CALLS; i++) {
      sink = call.get();
    }
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        sink = call.get();
      }
      long after = THREADS.getCurrentThreadAllocatedBytes();
      least = Math.min(least, after - before);
    }
    assertThat(sink).isNotNull();
    return Math.round((double) least / CALLS);
  }

  /** The size of one address on this virtual machine. */
  private long bytesPerAddress() {
    long[] bits = {0};
    long size = bytesPerCall(() -> new IpAddress(1, bits[0]++));
    assertThat(size).as("bytes of one address").isBetween(16L, 64L);
    return size;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "X-Forwarded-For | 192.0.2.1 | 1",
        "X-Forwarded-For | 6.6.6.6, 192.0.2.1 | 1",
        "X-Forwarded-For | 6.6.6.6, 192.0.2.1, [fd00::1]:80, 10.1.1.1 | 3",
        "X-Forwarded-For | 6.6.6.6, unknown, 10.1.1.1 | 1",
        "X-Forwarded-For | unknown | 0",
        "Forwarded | for=192.0.2.1;proto=https | 1",
        "Forwarded | for=6.6.6.6, for=\"[2001:db8::1]:80\";host=\"a,\\\"b\", for=10.1.1.1 | 2",
        "Forwarded | for=6.6.6.6, for=_hidden | 0",
      })
  void resolve_listOfLines_allocatesOnlyTheAddressesOnTheWay(String name, String line, int read) {
    ClientResolver resolver =
        ClientResolver.builder().trust("10.0.0.0/8", "fd00::/8").header(name).build();
    IpAddress peer = IpAddress.parse("10.0.0.1");

    for (List<String> lines : List.of(List.of(line), List.of("6.6.6.6", line))) {
      assertThat(bytesPerCall(() -> resolver.resolve(peer, lines)))
          .as("bytes to resolve %s", lines)
          .isLessThanOrEqualTo(read * bytesPerAddress());
    }
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1", "2001:db8::1", "fe80::1%eth0"})
  void parseOrNull_literal_allocatesOnlyTheResult(String text) {
    String inside = "[" + text + "]";

    assertThat(bytesPerCall(() -> IpAddress.parseOrNull(inside, 1, inside.length() - 1)))
        .isLessThanOrEqualTo(bytesPerAddress());
  }

  @ParameterizedTest
  @CsvSource({"10.1.2.3", "2001:db8::1"})
  void contains_anyAddress_allocatesNothing(String text) {
    NetworkSet set = NetworkSet.privateRanges();
    Network network = Network.parse("10.0.0.0/8");
    IpAddress address = IpAddress.parse(text);

    assertThat(bytesPerCall(() -> set.contains(address) || network.contains(address))).isZero();
  }
}

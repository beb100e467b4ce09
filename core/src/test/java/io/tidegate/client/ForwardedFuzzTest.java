package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Headers are made from known hops, so the right answer is known without reading the header again.
 */
class ForwardedFuzzTest {

  private static final int ROUNDS = 20_000;
  private static final IpAddress PEER = IpAddress.parse("10.0.0.1");
  private static final String ALPHABET = "fFor=\"\"\"\\\\,,;; \t6.:[]_%x\u00e9\u0000";
  private static final List<String> DECOYS =
      List.of(", for=6.6.6.6", "; for=6.6.6.6", "\", for=6.6.6.6", "\\\", for=\"6.6.6.6", "\\", "");

  private final ClientResolver resolver =
      ClientResolver.builder().trust("10.0.0.0/8", "fd00::/8").header("Forwarded").build();

  /** One hop as a proxy writes it; an address of null is a hop that cannot be read. */
  private record Hop(String text, @Nullable IpAddress address) {}

  private static Hop hop(SplittableRandom random) {
    IpAddress address =
        switch (random.nextInt(5)) {
          case 0, 1 -> IpAddress.parse("10.1.1." + random.nextInt(256));
          case 2 -> IpAddress.parse("fd00::" + random.nextInt(100));
          default -> RandomText.address(random);
        };
    if (random.nextInt(8) == 0) {
      return new Hop(element(random, random.nextBoolean() ? "unknown" : "_gazonk"), null);
    }
    String port = random.nextBoolean() ? ":" + random.nextInt(65536) : "";
    String text = address.isIpv6() ? "[" + address + "]" + port : address + port;
    return new Hop(element(random, text), address);
  }

  private static String element(SplittableRandom random, String node) {
    List<String> pairs = new ArrayList<>();
    pairs.add((random.nextBoolean() ? "for=" : "FOR=") + value(random, node));
    pairs.add("proto=" + value(random, "https"));
    pairs.add("host=" + quoted(random, DECOYS.get(random.nextInt(DECOYS.size()))));
    pairs.add("");
    Collections.rotate(pairs, random.nextInt(4));
    return String.join(random.nextBoolean() ? ";" : " ; ", pairs);
  }

  private static String value(SplittableRandom random, String text) {
    return random.nextBoolean() ? text : quoted(random, text);
  }

  private static String quoted(SplittableRandom random, String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      boolean must = c == '"' || c == '\\';
      quoted.append(must || random.nextInt(6) == 0 ? "\\" : "").append(c);
    }
    return quoted.append('"').toString();
  }

  private static boolean trusted(IpAddress address) {
    return address.isIpv6() ? address.high() >>> 56 == 0xfd : (address.low() >>> 24 & 255) == 10;
  }

  private static IpAddress model(List<Hop> hops) {
    IpAddress last = PEER;
    for (int i = hops.size() - 1; i >= 0; i--) {
      IpAddress address = hops.get(i).address;
      if (address == null) {
        return last;
      }
      if (!trusted(address)) {
        return address;
      }
      last = address;
    }
    return last;
  }

  private static List<Hop> hops(SplittableRandom random) {
    List<Hop> hops = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      hops.add(hop(random));
    }
    return hops;
  }

  private static List<String> lines(SplittableRandom random, List<Hop> hops) {
    List<String> lines = new ArrayList<>();
    for (Hop hop : hops) {
      if (lines.isEmpty() || random.nextInt(3) == 0) {
        lines.add(hop.text);
      } else {
        int last = lines.size() - 1;
        lines.set(last, lines.get(last) + (random.nextBoolean() ? "," : ", ") + hop.text);
      }
    }
    return lines;
  }

  private static String junk(SplittableRandom random) {
    StringBuilder junk = new StringBuilder();
    int length = random.nextInt(40);
    for (int i = 0; i < length; i++) {
      junk.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return junk.toString();
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33})
  void resolve_wellFormedHeaders_agreesWithTheModel(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < ROUNDS; i++) {
      List<Hop> hops = hops(random);
      List<String> lines = lines(random, hops);

      assertThat(resolver.resolve(PEER, lines))
          .as("seed %d, %s", seed, lines)
          .isEqualTo(model(hops));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {34, 35, 36})
  void resolve_anythingLeftOfAnUntrustedHop_changesNothing(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < ROUNDS; i++) {
      List<Hop> written = hops(random);
      written.add(0, new Hop("for=192.0.2.1", IpAddress.parse("192.0.2.1")));
      List<String> lines = new ArrayList<>(lines(random, written));
      lines.set(0, junk(random) + "," + lines.get(0));
      if (random.nextBoolean()) {
        lines.add(0, junk(random));
      }

      assertThat(resolver.resolve(PEER, lines))
          .as("seed %d, %s", seed, lines)
          .isEqualTo(model(written));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {37, 38, 39})
  void resolve_mutatedHeaders_neverThrowsAndNeverGuesses(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < ROUNDS; i++) {
      List<String> lines = new ArrayList<>(lines(random, hops(random)));
      int at = random.nextInt(lines.size());
      lines.set(at, RandomText.mutate(random, lines.get(at), ALPHABET));
      lines.add(0, junk(random));
      long malformed = resolver.malformed();
      IpAddress answer = resolver.resolve(PEER, lines);

      // The junk at the left is no hop, so a walk that meets no client ends at something
      // unreadable.
      boolean counted = resolver.malformed() > malformed;
      assertThat(counted).as("seed %d, %s: %s", seed, lines, answer).isEqualTo(trusted(answer));
    }
  }
}

package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The comma list against a naive model: join, split, match by regular expression, walk. */
class CommaListFuzzTest {

  private static final int ROUNDS = 20_000;
  private static final IpAddress PEER = IpAddress.parse("10.0.0.1");
  private static final String ALPHABET = "0123456789abcdefx.:,[]_\" \t%;=\\\u00e9\u0000";

  private static final String PORT = "(?::(?:[0-9]{1,5}|_[A-Za-z0-9._-]+))?";
  private static final String ZONE = "(?:%[A-Za-z0-9._~-]{1,32})?";
  private static final List<Pattern> NODES =
      List.of(
          Pattern.compile("\\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)" + ZONE + "\\]" + PORT),
          Pattern.compile("([0-9.]+)" + PORT),
          Pattern.compile("([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)" + ZONE));

  private final ClientResolver resolver =
      ClientResolver.builder().trust("10.0.0.0/8", "fd00::/8").header("X-Forwarded-For").build();

  private static IpAddress model(List<String> lines) {
    if (lines.isEmpty()) {
      return PEER;
    }
    String[] hops = String.join(",", lines).split(",", -1);
    IpAddress last = PEER;
    for (int i = hops.length - 1; i >= 0; i--) {
      IpAddress hop = modelNode(hops[i].replaceAll("^[ \t]+|[ \t]+$", ""));
      if (hop == null) {
        return last;
      }
      if (!modelTrusts(hop)) {
        return hop;
      }
      last = hop;
    }
    return last;
  }

  private static boolean modelTrusts(IpAddress address) {
    return address.isIpv6() ? address.high() >>> 56 == 0xfd : (address.low() >>> 24 & 255) == 10;
  }

  private static @Nullable IpAddress modelNode(String text) {
    for (Pattern pattern : NODES) {
      Matcher matcher = pattern.matcher(text);
      if (matcher.matches()) {
        IpAddress address = Oracle.address(matcher.group(1));
        if (address != null) {
          return address;
        }
      }
    }
    return null;
  }

  private void check(long seed, List<String> lines) {
    assertThat(resolver.resolve(PEER, lines))
        .as("seed %d, %s", seed, lines)
        .isEqualTo(model(lines));
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void resolve_randomCharacters_agreesWithTheModel(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < ROUNDS; i++) {
      List<String> lines = new ArrayList<>();
      int count = random.nextInt(4);
      for (int n = 0; n < count; n++) {
        StringBuilder line = new StringBuilder();
        int length = random.nextInt(30);
        for (int c = 0; c < length; c++) {
          line.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        lines.add(line.toString());
      }
      check(seed, lines);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {23, 24, 25})
  void resolve_mutatedHeaders_agreesWithTheModel(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int clients = 0;
    for (int i = 0; i < ROUNDS; i++) {
      List<String> lines = new ArrayList<>();
      int count = 1 + random.nextInt(3);
      for (int n = 0; n < count; n++) {
        String line = line(random);
        lines.add(random.nextInt(3) == 0 ? RandomText.mutate(random, line, ALPHABET) : line);
      }
      check(seed, lines);
      clients += modelTrusts(model(lines)) ? 0 : 1;
    }
    assertThat(clients).as("seed %d: answers that are clients", seed).isGreaterThan(ROUNDS / 4);
  }

  private static String line(SplittableRandom random) {
    StringBuilder line = new StringBuilder();
    int hops = 1 + random.nextInt(4);
    for (int i = 0; i < hops; i++) {
      line.append(i == 0 ? "" : random.nextBoolean() ? "," : ", ").append(hop(random));
    }
    return line.toString();
  }

  private static String hop(SplittableRandom random) {
    IpAddress any = RandomText.address(random);
    String ipv6 = RandomText.spellIpv6(random, any.high(), any.low());
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> "10.1.1." + random.nextInt(256);
      case 3 -> "[fd00::" + random.nextInt(100) + "]:80";
      case 4 -> RandomText.quad(any.low()) + (random.nextBoolean() ? ":8080" : "");
      case 5 -> "[" + ipv6 + "]" + (random.nextBoolean() ? ":_p" : "");
      case 6 -> ipv6 + (random.nextBoolean() ? "%eth0" : "");
      case 7 -> "unknown";
      default -> "";
    };
  }
}

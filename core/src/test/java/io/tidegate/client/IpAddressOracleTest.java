package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressOracleTest {

  private static final int ROUNDS = 15_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void parse_anySpellingOfIpv6_givesTheBits(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < ROUNDS; i++) {
      IpAddress address = RandomText.address(random);
      String text = RandomText.spellIpv6(random, address.high(), address.low());

      assertThat(IpAddress.parseOrNull(text)).as("seed %d, %s", seed, text).isEqualTo(address);
      assertThat(Oracle.address(text)).as("seed %d, %s", seed, text).isEqualTo(address);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void toString_anyAddress_isTheCanonicalSpelling(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < ROUNDS; i++) {
      IpAddress address = RandomText.address(random);
      String text = address.toString();

      assertThat(IpAddress.parse(text)).as("seed %d, %s", seed, text).isEqualTo(address);
      assertThat(text).as("seed %d", seed).isEqualTo(Oracle.canonical(text));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void parseOrNull_randomText_agreesWithTheOracle(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int literals = 0;
    for (int i = 0; i < 4 * ROUNDS; i++) {
      String text = RandomText.junk(random, 14);
      IpAddress read = IpAddress.parseOrNull(text);

      assertThat(read).as("seed %d, %s", seed, text).isEqualTo(Oracle.address(text));
      literals += read == null ? 0 : 1;
    }
    assertThat(literals).as("seed %d: texts that are literals", seed).isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void parseOrNull_mutatedLiteral_agreesWithTheOracle(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int literals = 0;
    for (int i = 0; i < ROUNDS; i++) {
      IpAddress address = RandomText.address(random);
      String literal =
          address.isIpv6() || random.nextBoolean()
              ? RandomText.spellIpv6(random, address.high(), address.low())
              : RandomText.quad(address.low());
      String text = RandomText.mutate(random, literal);
      IpAddress read = IpAddress.parseOrNull(text);

      assertThat(read).as("seed %d, %s", seed, text).isEqualTo(Oracle.address(text));
      literals += read == null ? 0 : 1;
    }
    assertThat(literals)
        .as("seed %d: texts that are literals", seed)
        .isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
  }
}

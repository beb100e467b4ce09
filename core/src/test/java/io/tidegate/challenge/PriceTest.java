package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The price of a challenge. */
class PriceTest {

  private static final Duration NONE = Duration.ZERO;
  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

  private final Price price = Price.builder().build();

  /** By hand: floor 400,000, cap 8,000,000, a factor of 20 in between. */
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0, 400000",
    "PT0S, 0.5, 1788854",
    "PT0S, 1, 8000000",
    "PT5S, 0, 600000",
    "PT10S, 0, 800000",
    "PT10S, 0.25, 1691794",
    "PT30S, 0, 1600000",
    "PT30S, 0.5, 7155418",
    "PT190S, 0, 8000000",
    "PT191S, 0, 8000000",
    "PT0.000001S, 0, 400000",
    "PT1H, 1, 8000000"
  })
  void work_isWhatTheFormulaSays(Duration deficit, double pressure, long work) {
    assertThat(price.work(deficit, pressure)).isEqualTo(work);
  }

  @Test
  void defaults_areTenthsOfSecondsOnASlowPhone() {
    assertThat(price.leastWork()).isEqualTo(400_000);
    assertThat(price.timeFor(price.leastWork())).isEqualTo(Duration.ofMillis(100));
    assertThat(price.timeFor(price.work(FOREVER, 1))).isEqualTo(Duration.ofSeconds(2));
    assertThat(price).hasToString("Price[400000 to 8000000 digests]");
  }

  @Test
  void whatIsOutOfRange_countsAsTheNearestEnd() {
    for (double calm : new double[] {Double.NaN, -0.0, -1, -1e300, Double.NEGATIVE_INFINITY}) {
      assertThat(price.work(NONE, calm)).as("%s", calm).isEqualTo(400_000);
      assertThat(price.work(FOREVER, calm)).as("%s", calm).isEqualTo(8_000_000);
    }
    for (double flooded : new double[] {1.000001, 2, 1e300, Double.POSITIVE_INFINITY}) {
      assertThat(price.work(NONE, flooded)).as("%s", flooded).isEqualTo(8_000_000);
    }
    for (Duration deficit : List.of(Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
      assertThat(price.work(deficit, 0)).as("%s", deficit).isEqualTo(400_000);
    }
  }

  /** Grows with both, and stays between floor and cap, whatever the builder was given. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 20_250_127})
  void work_ofRandomPrices_isMonotoneAndInRange(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      long floor = 1 + random.nextLong(1_000_000_000L);
      long cap = floor + (random.nextBoolean() ? 0 : random.nextLong(100_000_000_000L));
      long speed = 1 + random.nextLong(1_000_000_000L);
      if (floor * (double) speed < 1e9) {
        continue; // less than one digest
      }
      Price any =
          Price.builder()
              .floor(Duration.ofNanos(floor))
              .cap(Duration.ofNanos(cap))
              .hashesPerSecond(speed)
              .perDeficit(Duration.ofNanos(1 + random.nextLong(1L << random.nextInt(1, 62))))
              .build();
      Duration less = Duration.ofNanos(random.nextLong(1L << random.nextInt(1, 62)));
      Duration more = less.plusNanos(random.nextLong(1L << random.nextInt(1, 62)));
      double calmer = random.nextDouble();
      double harder = random.nextBoolean() ? Math.nextUp(calmer) : random.nextDouble(calmer, 1.1);
      long cheap = any.work(less, calmer);
      String input = "seed " + seed + ", round " + round + ": " + any;
      assertThat(cheap).as(input).isGreaterThanOrEqualTo(any.leastWork());
      assertThat(any.work(more, calmer)).as(input).isGreaterThanOrEqualTo(cheap);
      assertThat(any.work(less, harder)).as(input).isGreaterThanOrEqualTo(cheap);
      assertThat(any.work(more, harder))
          .as(input)
          .isGreaterThanOrEqualTo(any.work(more, calmer))
          .isGreaterThanOrEqualTo(any.work(less, harder))
          .isLessThanOrEqualTo(any.work(FOREVER, 1));
      assertThat(any.work(NONE, 0)).as(input).isEqualTo(any.leastWork());
      assertThat(any.work(NONE, 1)).as(input).isEqualTo(Math.round(cap / 1e9 * speed));
    }
  }

  /** A challenge can be issued at any price. */
  @Test
  void work_atItsHighest_isWorkThatTermsTake() {
    Price dear = Price.builder().cap(Duration.ofMinutes(5)).hashesPerSecond(1_000_000_000).build();
    assertThat(Terms.of(dear.work(FOREVER, 1)).work()).isEqualTo(300_000_000_000L);
  }

  @Test
  void floorThatIsTheCap_isOnePrice() {
    Price one = Price.builder().floor(Duration.ofMillis(500)).cap(Duration.ofMillis(500)).build();
    for (double pressure = 0; pressure <= 1; pressure += 0.1) {
      assertThat(one.work(Duration.ofHours(1), pressure)).isEqualTo(2_000_000);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "-5, PT0S",
    "-9223372036854775808, PT0S",
    "1, PT0.00000025S",
    "4000000, PT1S",
    "4000001, PT1.00000025S",
    "9223372036854775807, PT2305843009213.69395175S"
  })
  void timeFor_isOnTheReferencePhone(long work, Duration time) {
    assertThat(price.timeFor(work)).isEqualTo(time);
  }

  @Test
  void builder_refusesNonsenseByName() {
    Price.Builder builder = Price.builder();
    refused("floor: PT0S (expected: above PT0S, at most PT5M)", () -> builder.floor(NONE));
    refused(
        "floor: PT-1S (expected: above PT0S, at most PT5M)",
        () -> builder.floor(Duration.ofSeconds(-1)));
    refused(
        "cap: PT5M1S (expected: above PT0S, at most PT5M)",
        () -> builder.cap(Duration.ofSeconds(301)));
    refused("hashesPerSecond: 0 (expected: 1 to 1000000000)", () -> builder.hashesPerSecond(0));
    refused(
        "hashesPerSecond: 1000000001 (expected: 1 to 1000000000)",
        () -> builder.hashesPerSecond(1_000_000_001));
    refused("perDeficit: PT0S (expected: above PT0S)", () -> builder.perDeficit(NONE));
    refused(
        "cap: PT0.099S (expected: at least PT0.1S)",
        () -> Price.builder().cap(Duration.ofMillis(99)).build());
    refused(
        "floor: PT0.1S (expected: the time of at least 1 digest)",
        () -> Price.builder().hashesPerSecond(1).build());
  }

  private static void refused(String message, ThrowingCallable call) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}

package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When clients are told to come back, and whether SDKs are told to try. */
class RetryAfterTest {

  private static final RateLimitFields SDK = RateLimitFields.none().withLlmSdk();

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "100_000_000, 1",
    "999_999_999, 1",
    "1_000_000_000, 1",
    "1_000_000_001, 2",
    "1_999_999_999, 2",
    "2_000_000_000, 2",
    "59_000_000_001, 60",
    "86_400_000_000_000, 86_400",
    // Nothing that a limiter says, but never a 0.
    "0, 1",
    "-1, 1",
    "-9_223_372_036_854_775_808, 1",
    // Huge: almost 32 years at most, and only the largest number is never.
    "999_999_998_000_000_001, 999_999_999",
    "999_999_999_000_000_001, 999_999_999",
    "9_223_372_036_854_775_806, 999_999_999",
    "9_223_372_036_854_775_807, 0"
  })
  void retryAfterSeconds_roundsUp(String nanos, String seconds) {
    assertThat(RateLimitFields.retryAfterSeconds(number(nanos))).isEqualTo(number(seconds));
  }

  @Test
  void never_isWhatRefusedTakesForNever() {
    long never = RateLimitFields.retryAfterSeconds(Long.MAX_VALUE);
    assertThat(never).isEqualTo(RateLimitFields.NEVER);
    assertThat(
            Fields.of(
                out -> RateLimitFields.none().refused(PolicySet.of(), List.of(), -1, never, out)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1000, true",
    "2, 2, 2000, true",
    "60, 60, 60000, true",
    "61, 61, 61000, false",
    "86400, 86400, 86400000, false",
    "9223372036854775807, 999999999, 999999999000, false",
    "0, , , false",
    "-1, , , false"
  })
  void refused_sdkIsToldToTryOnlyWithinAMinute(
      long seconds, String retryAfter, String millis, String again) {
    assertThat(Fields.of(out -> SDK.refused(PolicySet.of(), List.of(), -1, seconds, out)))
        .containsExactlyInAnyOrderEntriesOf(expected(retryAfter, millis, again));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1000, false",
    "60, 60, 60000, false",
    "3600, 3600, 3600000, false",
    "0, , , false",
    "-1, , , false"
  })
  void banned_sdkIsToldToGiveUp(long seconds, String retryAfter, String millis, String again) {
    assertThat(Fields.of(out -> SDK.banned(seconds, out)))
        .containsExactlyInAnyOrderEntriesOf(expected(retryAfter, millis, again));
  }

  @Test
  void banned_withoutSdks_tellsOnlyWhenToComeBack() {
    RateLimitFields all = RateLimitFields.draft11().withLegacy();
    assertThat(Fields.of(out -> all.banned(3_600, out)))
        .containsExactly(Map.entry("Retry-After", "3600"));
    assertThat(Fields.of(out -> all.banned(RateLimitFields.NEVER, out))).isEmpty();
  }

  private static Map<String, String> expected(String retryAfter, String millis, String again) {
    Map<String, String> fields = new TreeMap<>();
    if (retryAfter != null) {
      fields.put("Retry-After", retryAfter);
      fields.put("retry-after-ms", millis);
    }
    fields.put("x-should-retry", again);
    return fields;
  }

  private static long number(String text) {
    return Long.parseLong(text.replace("_", ""));
  }
}

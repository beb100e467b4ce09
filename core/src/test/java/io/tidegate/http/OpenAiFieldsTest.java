package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Quota;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiFieldsTest {

  @Test
  void write_tellsOfLimitRestAndReset() {
    Decision decision = new Decision(Decision.Outcome.ADMITTED, 29_184, 0, 1_632_000_000);
    assertThat(
            Fields.of(out -> OpenAiFields.write("tokens", Quota.perMinute(30_000), decision, out)))
        .containsExactly(
            Map.entry("x-ratelimit-limit-tokens", "30000"),
            Map.entry("x-ratelimit-remaining-tokens", "29184"),
            Map.entry("x-ratelimit-reset-tokens", "1.632s"));
  }

  @Test
  void remaining_isNeverMoreThanTheLimit_norLessThanNothing() {
    Quota quota = Quota.perMinute(10).withBurst(50);
    Decision full = new Decision(Decision.Outcome.ADMITTED, 50, 0, 0);
    Decision none = new Decision(Decision.Outcome.REFUSED, -3, 1, 1);
    assertThat(Fields.of(out -> OpenAiFields.write("tokens", quota, full, out)))
        .containsEntry("x-ratelimit-remaining-tokens", "10");
    assertThat(Fields.of(out -> OpenAiFields.write("tokens", quota, none, out)))
        .containsEntry("x-ratelimit-remaining-tokens", "0");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "-1, 0s",
    "1, 1ms",
    "20000000, 20ms",
    "999000001, 1s",
    "1000000000, 1s",
    "1500000000, 1.5s",
    "1010000000, 1.01s",
    "60000000000, 1m0s",
    "86400000000, 1m26.4s",
    "360000000000, 6m0s",
    "3612000000000, 1h0m12s",
    "86400000000000, 24h0m0s",
    "9223372036854775807, 277777h46m39s"
  })
  void duration_isWrittenAsTheseServicesDo(long nanos, String text) {
    assertThat(OpenAiFields.duration(nanos)).isEqualTo(text);
  }

  @Test
  void resourceThatIsNoName_isRefused() {
    Decision decision = new Decision(Decision.Outcome.ADMITTED, 1, 0, 0);
    for (String bad : new String[] {"", "Tokens", "a b", "tokens\r\nx: y", "-", "a--b"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> OpenAiFields.write(bad, Quota.perMinute(1), decision, (name, value) -> {}));
    }
  }
}

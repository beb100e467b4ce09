package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {

  private static final Quota QUOTA = Quota.perMinute(100);

  @Test
  void of_keepsWhatItWasGiven() {
    Policy policy = Policy.of("burst", QUOTA);
    assertThat(policy.name()).isEqualTo("burst");
    assertThat(policy.quota()).isEqualTo(QUOTA);
    assertThat(policy).hasToString("\"burst\";q=100;w=60");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "say \"hi\" | \"say \\\"hi\\\"\";q=100;w=60",
        "back\\slash | \"back\\\\slash\";q=100;w=60",
        "a-b_c.d:e/f g | \"a-b_c.d:e/f g\";q=100;w=60",
        "a,b;q=1 | \"a,b;q=1\";q=100;w=60"
      })
  void of_quotesTheName(String name, String item) {
    assertThat(Policy.of(name, QUOTA)).hasToString(item);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a\rb", "a\0b", "a\tb", "a\u007fb", "caf\u00e9", "\u010a"})
  void of_nameNotPrintableAscii_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Policy.of(name, QUOTA))
        .withMessageStartingWith("name: \"")
        .withMessageEndingWith(" (expected: 1 to 64 printable ASCII characters)")
        .withMessageMatching("[^\\p{Cntrl}]*");
  }

  @Test
  void of_nameOf64_isTheLongest() {
    assertThat(Policy.of("n".repeat(64), QUOTA).name()).hasSize(64);
    assertThatIllegalArgumentException().isThrownBy(() -> Policy.of("n".repeat(65), QUOTA));
  }

  @Test
  @SuppressWarnings("NullAway")
  void of_null_isNamed() {
    assertThatNullPointerException().isThrownBy(() -> Policy.of(null, QUOTA)).withMessage("name");
    assertThatNullPointerException().isThrownBy(() -> Policy.of("a", null)).withMessage("quota");
  }

  @ParameterizedTest
  @CsvSource({
    "PT1S, \"p\";q=7;w=1",
    "PT24H, \"p\";q=7;w=86400",
    "PT0.5S, \"p\";q=7",
    "PT1.000000001S, \"p\";q=7",
    "PT0.000000007S, \"p\";q=7"
  })
  void toString_tellsTheWindowOnlyInWholeSeconds(Duration window, String item) {
    assertThat(Policy.of("p", Quota.of(7, window))).hasToString(item);
  }

  @Test
  void toString_quotaBeyondStructuredFields_isCut() {
    Duration day = Duration.ofDays(20);
    Quota quota = Quota.of(day.toNanos(), day);
    assertThat(quota.permits()).isGreaterThan(999_999_999_999_999L);
    assertThat(Policy.of("p", quota)).hasToString("\"p\";q=999999999999999;w=1728000");
  }

  @Test
  void equals_needsNameAndQuota() {
    Policy policy = Policy.of("a", QUOTA);
    assertThat(policy)
        .isEqualTo(Policy.of("a", Quota.perMinute(100)))
        .hasSameHashCodeAs(Policy.of("a", Quota.perMinute(100)))
        .isNotEqualTo(Policy.of("b", QUOTA))
        .isNotEqualTo(Policy.of("a", QUOTA.withBurst(5)));
  }

  @Test
  void setOf_twoPoliciesOfOneName_isRefused() {
    List<Policy> policies = List.of(Policy.of("a", QUOTA), Policy.of("a", Quota.perHour(9)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PolicySet.of(policies))
        .withMessage(
            "policies: [\"a\";q=100;w=60, \"a\";q=9;w=3600] (expected: a name of its own for each)");
  }

  @Test
  void setOf_keepsTheOrderAndCannotBeChanged() {
    Policy a = Policy.of("a", QUOTA);
    Policy b = Policy.of("b", QUOTA);
    assertThat(PolicySet.of(b, a).policies()).containsExactly(b, a).isUnmodifiable();
    assertThat(PolicySet.of(b, a)).hasToString("\"b\";q=100;w=60, \"a\";q=100;w=60");
  }
}

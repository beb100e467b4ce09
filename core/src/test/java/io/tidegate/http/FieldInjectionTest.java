package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.limit.Decision;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever text is accepted, no field can be broken up by it. */
class FieldInjectionTest {

  private static final Pattern SAFE = Pattern.compile("[\\x20-\\x7e]+");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void fields_ofAnyNameThatIsAccepted_arePrintableAscii(long seed) {
    RandomInput random = new RandomInput(seed);
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      String name = random.text(70);
      Optional<Policy> policy = policy(name, random);
      if (policy.isEmpty()) {
        refused++;
        continue;
      }
      accepted++;
      List<Decision> decisions = random.decisions(1);
      PolicySet policies = PolicySet.of(policy.get());
      for (RateLimitFields writer : writers().toList()) {
        assertThat(Fields.of(out -> writer.refused(policies, decisions, 0, 7, out)).values())
            .as("seed %d, name %s, %s", seed, Json.quoted(name), writer)
            .allMatch(value -> SAFE.matcher(value).matches());
      }
    }
    assertThat(accepted).as("accepted, seed %d", seed).isGreaterThan(50);
    assertThat(refused).as("refused, seed %d", seed).isGreaterThan(50);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void requireFieldValue_anyText_isRefusedOrPrintableAscii(long seed) {
    RandomInput random = new RandomInput(seed);
    for (int i = 0; i < 5_000; i++) {
      String text = random.text(30);
      boolean safe = SAFE.matcher(text).matches() && !text.startsWith(" ") && !text.endsWith(" ");
      assertThat(isAccepted(text))
          .as("accepted, seed %d, text %s", seed, Json.quoted(text))
          .isEqualTo(safe);
    }
  }

  private static boolean isAccepted(String text) {
    try {
      return FieldText.requireFieldValue("value", text).equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Stream<RateLimitFields> writers() {
    return Stream.of(
            RateLimitFields.draft11(),
            RateLimitFields.draft07(),
            RateLimitFields.draft06(),
            RateLimitFields.none())
        .map(writer -> writer.withLegacy().withLlmSdk());
  }

  private static Optional<Policy> policy(String name, RandomInput random) {
    try {
      return Optional.of(Policy.of(name, random.quota()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

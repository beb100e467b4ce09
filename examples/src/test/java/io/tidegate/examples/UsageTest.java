package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidegate.limit.Spending;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageTest {

  private final Usage usage = new Usage();

  @Test
  void answersAtOnce_areAsManyAsThePlanHas_andComeBack() throws HttpError {
    List<Spending> open = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      open.add(usage.reserve("user", "key", 10));
    }
    assertThatExceptionOfType(HttpError.class)
        .isThrownBy(() -> usage.reserve("user", "key", 10))
        .satisfies(
            error -> {
              assertThat(error.status).isEqualTo(429);
              assertThat(error.text).isEqualTo("Rate limit reached for answers. Try again in 1 s.");
              assertThat(error.fields())
                  .containsEntry("Retry-After", "1")
                  .containsEntry("x-should-retry", "true");
            });
    assertThat(usage.reserve("user", "other", 10)).isNotNull();
    open.get(0).close();
    assertThat(usage.reserve("user", "key", 10)).isNotNull();
  }

  @Test
  void moreThanAMinutesTokens_isNotToBeTriedAgain() {
    assertThatExceptionOfType(HttpError.class)
        .isThrownBy(() -> usage.reserve("user", "key", 10_001))
        .satisfies(
            error ->
                assertThat(error.fields())
                    .doesNotContainKey("Retry-After")
                    .containsEntry("x-should-retry", "false")
                    .containsEntry("x-ratelimit-limit-tokens", "10000"));
  }

  @Test
  void noKey_isNotCountedHere() throws HttpError {
    assertThat(usage.reserve(null, null, 1_000_000)).isNull();
    Map<String, String> fields = new HashMap<>();
    usage.tell(null, null, fields);
    assertThat(fields).isEmpty();
  }
}

package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "text/html; charset=utf-8", "a b", "\"quoted\\\"\"", "~!"})
  void requireFieldValue_printable_isReturned(String value) {
    assertThat(FieldText.requireFieldValue("contentType", value)).isSameAs(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " a",
        "a ",
        "a\r\nSet-Cookie: b=c",
        "a\nb",
        "a\rb",
        "a\0b",
        "a\tb",
        "a\u007fb",
        "a\u0085b",
        "caf\u00e9",
        "a\u010ab",
        "a\u0d0ab",
        "a\u2028b"
      })
  void requireFieldValue_anythingElse_isRefused(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FieldText.requireFieldValue("contentType", value))
        .withMessageStartingWith("contentType: \"")
        .withMessageEndingWith(" (expected: printable ASCII with no space at either end)")
        .withMessageNotContainingAny("\r", "\n", "\0");
  }

  @Test
  @SuppressWarnings("NullAway")
  void requireFieldValue_null_isNamed() {
    assertThatNullPointerException()
        .isThrownBy(() -> FieldText.requireFieldValue("contentType", null))
        .withMessage("contentType");
  }
}

package io.tidegate.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengePageTemplateTest {

  private static String filled(String html, String... values) {
    return new String(
        PageTemplate.of(html, Map.of("name", "<Zoë>"), List.of("A", "B")).filled(values), UTF_8);
  }

  @Test
  void filled_holes_areEscapedAndInTheirPlace() {
    assertThat(filled("@A@<b>@name@</b>@B@@A@", "1&", "'2'"))
        .isEqualTo("1&amp;<b>&lt;Zoë&gt;</b>&#39;2&#39;1&amp;");
  }

  @Test
  void filled_noHole_isTheText() {
    assertThat(filled("é")).isEqualTo("é");
    assertThat(filled("")).isEmpty();
  }

  @Test
  void filled_valueThatLooksLikeAHole_staysAsItIs() {
    assertThat(filled("@A@-@B@", "@B@", "@name@")).isEqualTo("@B@-@name@");
  }

  @Test
  void of_unknownHole_isNamed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> filled("@nonsense@"))
        .withMessageContaining("nonsense");
  }
}

package io.tidegate.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.challenge.Challenge;
import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.ProofOfWork;
import io.tidegate.challenge.Terms;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengePageTest {

  private static final ChallengePage PAGES = ChallengePage.at("/.tidegate");
  private static final Challenge CHALLENGE =
      ProofOfWork.builder(KeyRing.random()).build().issue(Terms.of(123_456));

  private static String page(String acceptLanguage) {
    return new String(PAGES.render(acceptLanguage, CHALLENGE), UTF_8);
  }

  @Test
  void render_challenge_isInThePage() {
    assertThat(page("en"))
        .startsWith("<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">")
        .contains("data-token=\"" + CHALLENGE.token() + "\"")
        .contains("data-puzzles=\"16\"")
        .contains("data-work=\"123456\"")
        .contains("<progress id=\"progress\" max=\"16\" value=\"0\"")
        .contains("data-path=\"/.tidegate\"")
        .endsWith("</html>\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de", "es", "fr", "ja", "zh"})
  void pages_everyLanguage_haveNoHoleAndNothingOfAnotherOrigin(String language) {
    for (byte[] utf8 :
        new byte[][] {
          PAGES.render(language, CHALLENGE),
          PAGES.waiting(language, 30, "ticket"),
          PAGES.waited(language)
        }) {
      String page = new String(utf8, UTF_8);
      assertThat(page)
          .startsWith("<!DOCTYPE html>\n<html lang=\"" + language)
          .doesNotContain("@", "http:", "https:", "//", "\ufffd", "&lt;", "=\"\"")
          .doesNotContainPattern("<[^>]* style=")
          .doesNotContainPattern("<[^>]* on[a-z]+=")
          .doesNotContain("<style")
          .contains("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
      assertThat(Pattern.compile("<script(?! type=\"module\" src=)").matcher(page).find())
          .as("a script without a source")
          .isFalse();
    }
  }

  @Test
  void render_hostileChallenge_isEscaped() {
    Challenge hostile = new Challenge("\"><script>'&", 1, 1, Instant.EPOCH);
    assertThat(new String(PAGES.render(null, hostile), UTF_8))
        .contains("data-token=\"&quot;&gt;&lt;script&gt;&#39;&amp;\"");
  }

  @Test
  void render_pathOfAnotherGate_isInEveryReference() {
    String page = new String(ChallengePage.at("/a/b~c").render("en", CHALLENGE), UTF_8);
    assertThat(page)
        .contains("href=\"/a/b~c/page.css\"", "src=\"/a/b~c/page.js\"", "href=\"/a/b~c/wait\"")
        .doesNotContain(".tidegate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "x", "/x/", "//x", "/x//y", "/x y", "/\"", "/x?y", "/ü", "/x\n"})
  void at_noPath_isRefused(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChallengePage.at(path))
        .withMessageStartingWith("path: \"");
  }

  @Test
  void waiting_page_goesOnByItselfAndByHand() {
    assertThat(new String(PAGES.waiting("en", 30, "abc-_.~9"), UTF_8))
        .contains("<meta http-equiv=\"refresh\" content=\"30;url=/.tidegate/wait/abc-_.~9\">")
        .contains("<a href=\"/.tidegate/wait/abc-_.~9\">")
        .contains("Time to wait: 30 s")
        .doesNotContain("<script");
  }

  @Test
  void waiting_nothingToWaitFor_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PAGES.waiting("en", 0, "ticket"))
        .withMessage("seconds: 0 (expected: at least 1)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\"", "a;url=//evil.example", "a&b", "ä"})
  void waiting_noTicket_isRefused(String ticket) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PAGES.waiting("en", 1, ticket))
        .withMessageStartingWith("ticket: \"");
  }

  @Test
  void waited_page_hasNoScriptAndNoRefresh() {
    assertThat(new String(PAGES.waited("en"), UTF_8)).doesNotContain("<script", "refresh");
  }

  @Test
  void setFields_pages_areNeverCachedAndUnderThePolicy() {
    Map<String, String> fields = new HashMap<>();
    ChallengePage.setFields(fields::put);
    assertThat(fields)
        .containsEntry("Content-Type", "text/html; charset=utf-8")
        .containsEntry("Cache-Control", "no-store")
        .containsEntry("X-Content-Type-Options", "nosniff")
        .containsEntry(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self';"
                + " connect-src 'self'; base-uri 'none'; form-action 'self';"
                + " frame-ancestors 'none'");
  }

  @Test
  void render_copies_areTheCallers() {
    PAGES.render("en", CHALLENGE)[0] = 'X';
    assertThat(page("en")).startsWith("<!DOCTYPE");
  }
}

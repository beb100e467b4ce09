package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.examples.Visitor.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be told about the page without a browser. */
@Timeout(120)
class PageTest {
  private static DemoProcess demo;
  private static Visitor visitor;
  private static String html;
  private static String script;

  @BeforeAll
  static void readPage() throws IOException {
    demo = DemoProcess.start("demo.port=0");
    visitor = new Visitor(demo.port(), "127.0.0.1");
    html = visitor.get("/").body();
    script = visitor.get("/app.js").body() + visitor.get("/pressure.js").body();
  }

  @AfterAll
  static void endDemo() {
    demo.close();
  }

  private static List<String> all(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().map(PageTest::last).toList();
  }

  private static String last(MatchResult result) {
    return result.group(result.groupCount());
  }

  @Test
  void page_allParts_areUnderTheStrictPolicy() throws IOException {
    for (String path : List.of("/", "/app.js", "/pressure.js", "/app.css")) {
      Answer answer = visitor.get(path);
      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(answer.field("Content-Security-Policy"))
          .startsWith("default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'")
          .contains("worker-src 'self'; base-uri 'none'; form-action 'none'")
          .doesNotContain("unsafe");
      assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
    }
  }

  @Test
  void page_everythingItLoads_isThereWithItsType() throws IOException {
    List<String> loaded = all("<(?:link|script|img)[^>]* (?:src|href)=\"([^\"]+)\"", html);
    assertThat(loaded).containsExactly("/app.css", "/app.js", "/pressure.js");
    assertThat(all("from \"([^\"]+)\";", script)).containsExactly("/.tidegate/fetch.js");
    assertThat(visitor.get("/").field("Content-Type")).startsWith("text/html");
    assertThat(visitor.get("/app.css").field("Content-Type")).startsWith("text/css");
    for (String path : List.of("/app.js", "/pressure.js", "/.tidegate/fetch.js")) {
      assertThat(visitor.get(path).field("Content-Type")).as(path).startsWith("text/javascript");
    }
  }

  @Test
  void page_hasNothingThatThePolicyForbids() {
    assertThat(html).doesNotContain("<style", "style=", "javascript:", "data:", "//");
    assertThat(all("<script(?![^>]* src=)([^>]*)", html)).isEmpty();
    assertThat(all("\\s(on[a-z]+)=", html)).isEmpty();
    assertThat(script).doesNotContain("innerHTML", "eval(", "new Function", ".style", "http:");
  }

  @Test
  void page_everyFieldHasALabelAndEveryReferenceAnAim() {
    Set<String> ids = Set.copyOf(all(" id=\"([^\"]+)\"", html));
    assertThat(ids)
        .as("ids, each of which is there once")
        .hasSameSizeAs(all(" id=\"([^\"]+)\"", html));
    assertThat(ids)
        .containsAll(all(" (?:for|aria-labelledby|aria-describedby)=\"([^\"]+)\"", html))
        .containsAll(all("by\\(\"([^\"]+)\"\\)", script));
    Set<String> labelled = Set.copyOf(all("<label for=\"([^\"]+)\"", html));
    assertThat(labelled)
        .isEqualTo(Set.copyOf(all("<(?:textarea|input)(?! type=\"radio\") id=\"([^\"]+)\"", html)));
    assertThat(html).contains("<html lang=\"en\">", "role=\"status\"", "aria-live=\"polite\"");
    assertThat(all("(<input type=\"radio\")", html)).hasSameSizeAs(all("(<label><input)", html));
  }

  @Test
  void form_needsNoScriptsAndMayBeSentHereOnly() throws IOException {
    Answer answer = visitor.get("/register.html");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Content-Type")).startsWith("text/html");
    assertThat(answer.field("Content-Security-Policy"))
        .startsWith("default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'")
        .doesNotContain("unsafe", "script-src");
    String form = answer.body();
    assertThat(form)
        .contains("<html lang=\"en\">", "<form action=\"/register\" method=\"post\">")
        .doesNotContain("<script", "<style", "style=", "//");
    assertThat(all("<label for=\"([^\"]+)\"", form))
        .containsExactly("user", "password")
        .isEqualTo(all("<input id=\"([^\"]+)\"", form))
        .isEqualTo(all("<input id=\"[^\"]+\" name=\"([^\"]+)\"", form));
  }

  @Test
  void script_knowsEveryLimitThatClientsAreTold() throws IOException {
    String body = "{}";
    String told =
        List.of(
                visitor.post("/register", body),
                visitor.post("/login", body),
                visitor.get("/altcha/challenge"),
                visitor.post("/altcha/verify", body),
                visitor.post("/v1/chat/completions", body),
                visitor.post("/v1/chat/completions", body, "Authorization: Bearer demo-key"))
            .stream()
            .map(answer -> answer.field("RateLimit"))
            .collect(Collectors.joining(", "));
    Set<String> rules = all("\"([a-z-]+)", told).stream().collect(Collectors.toSet());
    assertThat(rules).hasSize(9);
    assertThat(all("\n  \"([a-z-]+)\": \"", script)).containsExactlyInAnyOrderElementsOf(rules);
  }
}

package io.tidegate.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Challenges;
import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.Price;
import io.tidegate.challenge.Solver;
import io.tidegate.client.ClientResolver;
import io.tidegate.limit.Quota;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A price in place of a closed door, over real sockets. */
abstract class ChallengeScenarios extends Scenario {

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{134}");
  private static final String PROOF = "Tidegate-Proof";

  private final Starter starter;

  ChallengeScenarios(Starter starter) {
    this.starter = starter;
  }

  @BeforeEach
  void startWithAPrice() throws Exception {
    Challenges challenges =
        Challenges.builder(KeyRing.random())
            .price(Price.builder().hashesPerSecond(1_000).build())
            .build();
    Gate gate =
        gate(
            Gate.builder()
                .challenges(challenges)
                .clients(
                    ClientResolver.builder().trust("127.0.0.0/8").header("X-Forwarded-For").build())
                .rule(
                    Rule.named("register")
                        .match(Match.path("/hello"))
                        .quota(Quota.perMinute(1))
                        .challenge()
                        .build())
                .rule(
                    Rule.named("login")
                        .match(Match.path("/login"))
                        .quota(Quota.perMinute(2))
                        .build()));
    start(
        starter,
        gate,
        Map.of(
            "/hello",
            hello(),
            "/login",
            exchange -> exchange.answer(200, exchange.remember("ann") ? "remembered" : "served")));
  }

  private HttpResponse<String> refused(String... fields) throws Exception {
    HttpResponse<String> response = post("/hello", "x", fields);
    if (response.statusCode() == 200) {
      response = post("/hello", "x", fields);
    }
    assertThat(response.statusCode()).isEqualTo(429);
    return response;
  }

  private static String solved(HttpResponse<String> refusal) {
    Matcher token = TOKEN.matcher(refusal.body());
    assertThat(token.find()).as("a token in %s", refusal.body()).isTrue();
    return Solver.solve(token.group(), () -> false);
  }

  private static String cookie(HttpResponse<String> response) {
    String field = response.headers().firstValue("Set-Cookie").orElseThrow();
    return field.substring(0, field.indexOf(';'));
  }

  @Test
  void sameRequestWithAProof_goesOn_withItsBody() throws Exception {
    String proof = solved(refused());
    HttpResponse<String> served = post("/hello", "four", PROOF, proof);
    assertThat(served.statusCode()).isEqualTo(200);
    assertThat(served.body()).isEqualTo("hello, 4");
    assertThat(post("/hello", "four", PROOF, proof).statusCode()).isEqualTo(429);
  }

  @Test
  void navigation_meetsAPage() throws Exception {
    HttpResponse<String> page = refused("Accept", "text/html");
    assertThat(page.headers().firstValue("Content-Type").orElseThrow())
        .matches("text/html; ?charset=utf-8");
    assertThat(page.headers().allValues("Content-Security-Policy"))
        .singleElement()
        .asString()
        .startsWith("default-src 'none'");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(page.headers().firstValue("Retry-After")).isPresent();
    assertThat(page.body()).contains("/.tidegate/page.js").doesNotContain("<style", "onclick");
  }

  @Test
  void partOfAPage_meetsNothing() throws Exception {
    HttpResponse<String> part = refused("Sec-Fetch-Dest", "image", "Sec-Fetch-Mode", "no-cors");
    assertThat(part.body()).isEmpty();
    assertThat(part.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void proof_buysAPassByCookie() throws Exception {
    HttpResponse<String> bought = post("/.tidegate/pass", "", PROOF, solved(refused()));
    assertThat(bought.statusCode()).isEqualTo(200);
    assertThat(bought.headers().allValues("Set-Cookie")).hasSize(1);
    assertThat(post("/hello", "x", "Cookie", cookie(bought)).statusCode()).isEqualTo(200);
    assertThat(post("/hello", "x").statusCode()).isEqualTo(429);
  }

  @Test
  void proofThatIsNone_isTold_andHasItsBodyRead() throws Exception {
    HttpResponse<String> refused = post("/.tidegate/pass", "y".repeat(10_000), PROOF, "junk");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("\"reason\":\"malformed\"");
    assertThat(get("/.tidegate/challenge").statusCode())
        .as("the connection goes on")
        .isEqualTo(200);
  }

  @Test
  void files_areServedAndKept() throws Exception {
    for (String name : new String[] {"page.js", "worker.js", "fetch.js", "page.css"}) {
      HttpResponse<String> file = get("/.tidegate/" + name);
      assertThat(file.statusCode()).as(name).isEqualTo(200);
      assertThat(file.body()).as(name).isNotEmpty();
      assertThat(file.headers().allValues("Content-Type")).as(name).hasSize(1);
      String tag = file.headers().firstValue("ETag").orElseThrow();
      HttpResponse<String> again = get("/.tidegate/" + name, "If-None-Match", tag);
      assertThat(again.statusCode()).as(name).isEqualTo(304);
      assertThat(again.body()).as(name).isEmpty();
    }
    HttpResponse<String> head =
        send(request("/.tidegate/page.js").method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(get("/.tidegate/worker.js").headers().firstValue("Content-Security-Policy"))
        .contains("default-src 'none'; script-src 'wasm-unsafe-eval'");
    assertThat(served).as("none of it is the application's").hasValue(0);
  }

  @Test
  void waiting_isAPageWithoutScripts() throws Exception {
    HttpResponse<String> page = get("/.tidegate/wait", "Accept-Language", "de");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("lang=\"de\"", "http-equiv=\"refresh\"")
        .doesNotContain("<script");
  }

  @Test
  void memberOnAKnownDevice_isServedWhileHisLoginIsFlooded() throws Exception {
    String[] encrypted = {"X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "https"};
    HttpResponse<String> login = post("/login", "", encrypted);
    assertThat(login.body()).isEqualTo("remembered");
    for (int i = 0; i < 10; i++) {
      post("/login", "", "X-Forwarded-For", "192.0.2.1");
    }
    assertThat(post("/login", "", encrypted).statusCode()).isEqualTo(429);
    HttpResponse<String> member =
        post(
            "/login",
            "",
            "X-Forwarded-For",
            "192.0.2.1",
            "X-Forwarded-Proto",
            "https",
            "Cookie",
            cookie(login));
    assertThat(member.statusCode()).isEqualTo(200);
  }

  @Test
  void overPlainHttp_nobodyIsRemembered() throws Exception {
    HttpResponse<String> login = post("/login", "");
    assertThat(login.body()).isEqualTo("served");
    assertThat(login.headers().firstValue("Set-Cookie")).isEmpty();
  }
}

package io.tidegate.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.BanPolicy;
import io.tidegate.FailurePolicy;
import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.Verdict;
import io.tidegate.client.ClientKey;
import io.tidegate.client.IpAddress;
import io.tidegate.limit.Quota;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Requests that are answered by the gate. */
abstract class RefusingScenarios extends Scenario {

  private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

  private final Starter starter;

  RefusingScenarios(Starter starter) {
    this.starter = starter;
  }

  @Test
  void request_overQuota_isAnsweredWithFieldsAndProblem() throws Exception {
    start(starter, gate(rule("hello", 3)), Map.of("/hello", hello()));
    for (int i = 0; i < 3; i++) {
      assertThat(get("/hello").statusCode()).isEqualTo(200);
    }
    HttpResponse<String> refusal = get("/hello");
    assertProblem(refusal, 429, TYPES + "quota-exceeded");
    assertThat(refusal.headers().allValues("Retry-After")).containsExactly("20");
    assertThat(refusal.headers().allValues("RateLimit")).containsExactly("\"hello\";r=0;t=20");
    assertThat(refusal.headers().allValues("RateLimit-Policy"))
        .containsExactly("\"hello\";q=3;w=60");
    JsonNode violated = new ObjectMapper().readTree(refusal.body()).get("violated-policies");
    assertThat(violated.toString()).isEqualTo("[\"hello\"]");
    assertThat(served).hasValue(3);
  }

  private static void assertProblem(HttpResponse<String> response, int status, String type)
      throws Exception {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().allValues("Content-Type"))
        .singleElement()
        .asString()
        .startsWith("application/problem+json");
    assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
    assertThat(response.headers().allValues("Content-Length"))
        .containsExactly(Integer.toString(response.body().length()));
    JsonNode problem = new ObjectMapper().readTree(response.body());
    assertThat(problem.get("type").asText()).isEqualTo(type);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("title").asText()).isNotBlank();
    assertThat(problem.get("detail").asText()).isNotBlank();
  }

  @Test
  void retryAfter_waitedOut_isLongEnoughAndNotLongerThanItMust() throws Exception {
    start(starter, gate(rule("hello", 7)), Map.of("/hello", hello()));
    for (int i = 0; i < 7; i++) {
      assertThat(get("/hello").statusCode()).isEqualTo(200);
    }
    HttpResponse<String> refusal = get("/hello");
    assertThat(refusal.headers().firstValue("Retry-After").orElse("")).matches("[1-9][0-9]*");
    long seconds = refusal.headers().firstValueAsLong("Retry-After").orElseThrow();
    ticker.advance(Duration.ofSeconds(seconds - 1));
    assertThat(get("/hello").statusCode()).isEqualTo(429);
    ticker.advance(Duration.ofSeconds(1));
    assertThat(get("/hello").statusCode()).isEqualTo(200);
  }

  @Test
  void head_overQuota_hasTheFieldsOfGetAndNoBody() throws Exception {
    start(starter, gate(rule("hello", 1)), Map.of("/hello", hello()));
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    HttpResponse<String> refusal = send(request("/hello").method("HEAD", BodyPublishers.noBody()));
    assertThat(refusal.statusCode()).isEqualTo(429);
    assertThat(refusal.body()).isEmpty();
    assertThat(refusal.headers().allValues("Retry-After")).containsExactly("60");
    assertThat(refusal.headers().allValues("RateLimit")).containsExactly("\"hello\";r=0;t=60");
    assertThat(refusal.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
  }

  @Test
  void ownBody_isSentWithTheFieldsOfTheGate() throws Exception {
    Rule rule =
        Rule.named("hello")
            .quota(Quota.perMinute(1))
            .refusalBody("text/plain;charset=utf-8", verdict -> "Später wieder: " + verdict.rule())
            .build();
    start(starter, gate(rule), Map.of("/hello", hello()));
    get("/hello");
    HttpResponse<String> refusal = get("/hello");
    assertThat(refusal.statusCode()).isEqualTo(429);
    assertThat(refusal.body()).isEqualTo("Später wieder: hello");
    assertThat(refusal.headers().firstValue("Content-Type").orElse(""))
        .isEqualToIgnoringCase("text/plain;charset=utf-8");
    assertThat(refusal.headers().allValues("Content-Length")).containsExactly("21");
    assertThat(refusal.headers().allValues("Retry-After")).containsExactly("60");
  }

  @Test
  void request_thatCostsMoreThanEver_isNotToldToComeBack() throws Exception {
    Rule rule = Rule.named("heavy").quota(Quota.perMinute(5)).cost(6).build();
    start(starter, gate(rule), Map.of("/hello", hello()));
    HttpResponse<String> refusal = get("/hello");
    assertProblem(refusal, 429, TYPES + "quota-exceeded");
    assertThat(refusal.headers().firstValue("Retry-After")).isEmpty();
  }

  @Test
  void deniedNetwork_isForbidden() throws Exception {
    Gate gate = gate(Gate.builder().deny("127.0.0.0/8"));
    start(starter, gate, Map.of("/hello", hello()));
    HttpResponse<String> refusal = get("/hello");
    assertProblem(refusal, 403, "about:blank");
    assertThat(refusal.headers().firstValue("Retry-After")).isEmpty();
    assertThat(served).hasValue(0);
  }

  @Test
  void ban_isTold_andEndsByHandOrWithTime() throws Exception {
    Rule rule =
        Rule.named("login")
            .match(Match.path("/login"))
            .quota(Quota.perMinute(1))
            .ban(BanPolicy.after(2, Duration.ofMinutes(10)).banFor(Duration.ofMinutes(5)))
            .build();
    Gate gate = gate(rule);
    start(starter, gate, Map.of("/login", hello(), "/hello", hello()));
    offend();
    HttpResponse<String> banned = get("/hello");
    assertProblem(banned, 429, TYPES + "abnormal-usage-detected");
    assertThat(banned.headers().allValues("Retry-After")).containsExactly("300");
    assertThat(banned.headers().firstValue("RateLimit")).isEmpty();

    ClientKey client = ClientKey.address(IpAddress.parse("127.0.0.1"));
    assertThat(gate.penaltyBox().unban(client)).isTrue();
    assertThat(get("/hello").statusCode()).isEqualTo(200);

    ticker.advance(Duration.ofMinutes(10));
    offend();
    assertThat(get("/hello").statusCode()).isEqualTo(429);
    ticker.advance(Duration.ofMinutes(5));
    assertThat(get("/hello").statusCode()).isEqualTo(200);
  }

  private void offend() throws Exception {
    assertThat(get("/login").statusCode()).isEqualTo(200);
    assertThat(get("/login").statusCode()).isEqualTo(429);
    assertThat(get("/login").statusCode()).isEqualTo(429);
  }

  @Test
  void ruleThatFailsClosed_isServiceUnavailable() throws Exception {
    Rule rule = AdmittingScenarios.failing().onFailure(FailurePolicy.CLOSED).build();
    start(starter, gate(rule), Map.of("/hello", hello()));
    HttpResponse<String> refusal = get("/hello");
    assertProblem(refusal, 503, TYPES + "temporary-reduced-capacity");
    assertThat(refusal.headers().firstValue("Retry-After").orElse("")).matches("[1-9][0-9]*");
    assertThat(served).hasValue(0);
  }

  @Test
  void manyAtOnce_exactlyTheQuotaIsServed() throws Exception {
    Gate gate = gate(rule("hello", 17));
    start(starter, gate, Map.of("/hello", hello()));
    List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      responses.add(client().sendAsync(request("/hello").build(), BodyHandlers.ofString()));
    }
    int admitted = 0;
    for (CompletableFuture<HttpResponse<String>> response : responses) {
      int status = response.get().statusCode();
      assertThat(status).isIn(200, 429);
      admitted += status == 200 ? 1 : 0;
    }
    assertThat(admitted).isEqualTo(17);
    assertThat(served).hasValue(17);
    assertThat(count(gate, Verdict.Kind.THROTTLED)).isEqualTo(63);
  }
}

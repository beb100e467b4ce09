package io.tidegate.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.Verdict;
import io.tidegate.limit.Quota;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests that go on. */
abstract class AdmittingScenarios extends Scenario {

  private final Starter starter;

  AdmittingScenarios(Starter starter) {
    this.starter = starter;
  }

  @Test
  void request_withinQuota_reachesEndpointAndTellsItsLimit() throws Exception {
    start(starter, gate(rule("hello", 3)), Map.of("/hello", hello()));
    HttpResponse<String> response = get("/hello");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("hello, 0");
    assertThat(response.headers().allValues("RateLimit-Policy"))
        .containsExactly("\"hello\";q=3;w=60");
    assertThat(response.headers().allValues("RateLimit")).containsExactly("\"hello\";r=2;t=20");
    assertThat(response.headers().firstValue("Retry-After")).isEmpty();
  }

  @Test
  void request_outsideEveryRule_hasNoFields() throws Exception {
    Rule other = Rule.named("other").match(Match.path("/other")).quota(Quota.perDay(1)).build();
    start(starter, gate(other), Map.of("/hello", hello()));
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> response = get("/hello");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().map())
          .doesNotContainKeys("ratelimit", "ratelimit-policy", "retry-after");
    }
  }

  @Test
  void post_withLargeBody_reachesEndpointWhole() throws Exception {
    start(starter, gate(rule("hello", 3)), Map.of("/hello", hello()));
    assertThat(post("/hello", "x".repeat(1_000_000)).body()).isEqualTo("hello, 1000000");
  }

  @Test
  void request_toNothing_isNotFoundAndCharged() throws Exception {
    start(starter, gate(rule("all", 1)), Map.of("/hello", hello()));
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/nothing").statusCode()).isEqualTo(429);
  }

  @Test
  void shadowRule_overQuota_refusesNobodyAndCounts() throws Exception {
    Gate gate = gate(Rule.named("trial").quota(Quota.perDay(1)).shadow().build());
    start(starter, gate, Map.of("/hello", hello()));
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> response = get("/hello");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().map()).doesNotContainKeys("ratelimit", "ratelimit-policy");
    }
    assertThat(served).hasValue(3);
    assertThat(gate.status().rules().get(0).wouldRefuse()).isEqualTo(2);
  }

  @Test
  void allowedNetwork_overQuota_goesOn() throws Exception {
    Gate gate = gate(Gate.builder().allow("127.0.0.0/8").rule(rule("hello", 1)));
    start(starter, gate, Map.of("/hello", hello()));
    for (int i = 0; i < 3; i++) {
      assertThat(get("/hello").statusCode()).isEqualTo(200);
    }
    assertThat(count(gate, Verdict.Kind.ADMITTED)).isEqualTo(3);
  }

  @Test
  void ruleThatFailsOpen_letsRequestGoOn() throws Exception {
    Gate gate = gate(failing().build());
    start(starter, gate, Map.of("/hello", hello()));
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    assertThat(gate.status().failures()).isEqualTo(1);
  }

  static Rule.Builder failing() {
    return Rule.named("broken")
        .match(
            Match.where(
                request -> {
                  throw new IllegalStateException("broken on purpose");
                }))
        .quota(Quota.perDay(1));
  }
}

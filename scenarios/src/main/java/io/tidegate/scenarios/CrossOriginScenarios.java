package io.tidegate.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Scripts that ask from another origin. */
abstract class CrossOriginScenarios extends Scenario {

  private static final String ORIGIN = "https://app.example.com";
  private static final String EXPOSED = "RateLimit, RateLimit-Policy, Retry-After";

  private final Starter starter;

  CrossOriginScenarios(Starter starter) {
    this.starter = starter;
  }

  private HttpResponse<String> preflight() throws Exception {
    return send(
        request("/hello", "Origin", ORIGIN, "Access-Control-Request-Method", "POST")
            .method("OPTIONS", BodyPublishers.noBody()));
  }

  @Test
  void preflight_isFree_alsoOverQuota() throws Exception {
    start(starter, gate(rule("hello", 1)), Map.of("/hello", hello()));
    assertThat(preflight().statusCode()).isEqualTo(200);
    assertThat(preflight().statusCode()).isEqualTo(200);
    assertThat(post("/hello", "", "Origin", ORIGIN).statusCode()).isEqualTo(200);
    assertThat(post("/hello", "", "Origin", ORIGIN).statusCode()).isEqualTo(429);
    assertThat(preflight().statusCode()).isEqualTo(200);
  }

  @Test
  void options_thatIsNoPreflight_isCharged() throws Exception {
    start(starter, gate(rule("hello", 1)), Map.of("/hello", hello()));
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    HttpResponse<String> response =
        send(request("/hello").method("OPTIONS", BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(429);
  }

  @Test
  void fields_areExposedToScripts_admittedAndRefused() throws Exception {
    start(starter, gate(rule("hello", 1)), Map.of("/hello", hello()));
    for (int status : new int[] {200, 429}) {
      HttpResponse<String> response = get("/hello", "Origin", ORIGIN);
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(String.join(", ", response.headers().allValues("Access-Control-Expose-Headers")))
          .contains(EXPOSED.split(", "));
    }
    assertThat(get("/hello").headers().firstValue("Access-Control-Expose-Headers")).isEmpty();
  }
}

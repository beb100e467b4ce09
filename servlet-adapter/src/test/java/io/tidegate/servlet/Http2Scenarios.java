package io.tidegate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Outcome;
import io.tidegate.Rule;
import io.tidegate.limit.Quota;
import io.tidegate.scenarios.Outcomes;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The same over HTTP/2, where one connection has many requests, and each can be reset. */
abstract class Http2Scenarios extends WebScenario {

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

  Http2Scenarios(Container container) {
    super(container);
  }

  private HttpResponse<String> fetch(String path, int bodyLength) throws Exception {
    HttpResponse<String> response =
        client.send(
            request(path).POST(BodyPublishers.ofString("x".repeat(bodyLength))).build(),
            BodyHandlers.ofString());
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
    return response;
  }

  @Test
  void refusals_leaveTheConnectionInUse() throws Exception {
    Rule rule =
        Rule.named("local")
            .match(Match.host("127.0.0.1").and(Match.path("/hello")))
            .quota(Quota.perDay(2))
            .build();
    start(
        new App()
            .filter(new TidegateFilter(gate(rule)))
            .servlet("/hello", HandlerServlet.of(hello()))
            .servlet("/free", HandlerServlet.of(hello())));
    assertThat(fetch("/hello", 0).statusCode()).isEqualTo(200);
    assertThat(fetch("/hello", 10).statusCode()).isEqualTo(200);
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> refusal =
          client.send(request("/hello").build(), BodyHandlers.ofString());
      assertThat(refusal.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(refusal.statusCode()).isEqualTo(429);
      assertThat(refusal.headers().firstValue("ratelimit").orElse("")).startsWith("\"local\";r=0");
      assertThat(refusal.body()).startsWith("{\"type\"");
    }
    assertThat(fetch("/free", 100_000).body()).isEqualTo("hello, 100000");
    assertThat(served).hasValue(3);
  }

  /** A client may take the reset that follows an early answer for a failure; the rest goes on. */
  @Test
  void refusalOfABody_leavesTheConnectionInUse() throws Exception {
    start(
        new App()
            .filter(new TidegateFilter(gate(Gate.builder().deny("127.0.0.0/8"))))
            .servlet("/hello", HandlerServlet.of(hello())));
    assertThat(fetch("/hello", 0).statusCode()).isEqualTo(403);
    for (int bodyLength : new int[] {10, 10_000, 60_000}) {
      try {
        assertThat(fetch("/hello", bodyLength).statusCode()).isEqualTo(403);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("RST_STREAM");
      }
      assertThat(fetch("/hello", 0).statusCode()).isEqualTo(403);
    }
    assertThat(served).hasValue(0);
  }

  @Test
  void reset_ofAnAsynchronousRequest_givesItsPermitBack() throws Exception {
    Outcomes outcomes = new Outcomes();
    CountDownLatch returned = new CountDownLatch(1);
    start(
        new App()
            .filter(
                (request, response, chain) -> {
                  chain.doFilter(request, response);
                  if (request.isAsyncStarted()) {
                    returned.countDown();
                  }
                })
            .filter(new TidegateFilter(gate(outcomes.rule(9))))
            .servlet("/hello", HandlerServlet.of(hello()))
            .servlet(
                "/wait",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  async.setTimeout(PATIENCE.toMillis() * 2);
                }));
    assertThat(fetch("/hello", 0).statusCode()).isEqualTo(200);
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
    CompletableFuture<?> waiting =
        client.sendAsync(request("/wait").build(), BodyHandlers.ofString());
    await(returned);
    // A whole request more, so that the container is done with the thread of the one that waits.
    assertThat(fetch("/hello", 0).statusCode()).isEqualTo(200);
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
    assertThat(outcomes.isEmpty()).isTrue();
    waiting.cancel(true);
    assertThat(outcomes.next()).isEqualTo(new Outcome(0, false));
    assertThat(fetch("/hello", 0).statusCode()).isEqualTo(200);
  }
}

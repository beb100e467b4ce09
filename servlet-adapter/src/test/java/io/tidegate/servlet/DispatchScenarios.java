package io.tidegate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Bulkhead;
import io.tidegate.Gate;
import io.tidegate.Outcome;
import io.tidegate.Permit;
import io.tidegate.Verdict;
import io.tidegate.overload.Slots;
import io.tidegate.scenarios.Outcomes;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One request is decided once, and ends once, however it is passed on inside the container. */
abstract class DispatchScenarios extends WebScenario {

  private final Outcomes outcomes = new Outcomes();
  private final BlockingQueue<Permit> permits = new LinkedBlockingQueue<>();
  private Gate gate;

  DispatchScenarios(Container container) {
    super(container);
  }

  private App appMappedForAll() {
    gate = gate(outcomes.rule(9));
    return new App().filter(new TidegateFilter(gate), DispatcherType.values());
  }

  private void assertEndedOnce(int status) throws InterruptedException {
    assertThat(outcomes.next()).isEqualTo(new Outcome(status, false));
    assertThat(outcomes.isEmpty()).isTrue();
    assertThat(count(gate, Verdict.Kind.ADMITTED)).isEqualTo(1);
    assertThat(gate.status().notices()).isEmpty();
  }

  @Test
  void forward_isTheSameRequest() throws Exception {
    start(
        appMappedForAll()
            .servlet(
                "/from",
                (request, response) -> {
                  permits.add(permit(request));
                  request.getRequestDispatcher("/to").forward(request, response);
                })
            .servlet(
                "/to",
                (request, response) -> {
                  permits.add(permit(request));
                  assertThat(permit(request).isClosed()).isFalse();
                  response.setStatus(203);
                }));
    HttpResponse<String> response = get("/from");
    assertThat(response.statusCode()).isEqualTo(203);
    assertThat(response.headers().allValues("RateLimit")).hasSize(1);
    assertThat(permits.take()).isSameAs(permits.take());
    assertEndedOnce(203);
  }

  @Test
  void include_isTheSameRequest() throws Exception {
    start(
        appMappedForAll()
            .servlet(
                "/page",
                (request, response) -> {
                  for (int i = 0; i < 3; i++) {
                    request.getRequestDispatcher("/part").include(request, response);
                    assertThat(permit(request).isClosed()).isFalse();
                  }
                })
            .servlet("/part", (request, response) -> response.getOutputStream().print("part ")));
    assertThat(get("/page").body()).isEqualTo("part part part ");
    assertEndedOnce(200);
  }

  @Test
  void sendError_withErrorPage_isChargedOnce() throws Exception {
    start(
        appMappedForAll()
            .errorPage(418, "/error")
            .servlet("/tea", (request, response) -> response.sendError(418))
            .servlet("/error", (request, response) -> response.getOutputStream().print("sorry")));
    HttpResponse<String> response = get("/tea");
    assertThat(response.statusCode()).isEqualTo(418);
    assertThat(response.body()).isEqualTo("sorry");
    assertEndedOnce(418);
  }

  @Test
  void exception_withErrorPage_endsWith500() throws Exception {
    start(
        appMappedForAll()
            .errorPage(500, "/error")
            .servlet(
                "/broken",
                (request, response) -> {
                  throw new IOException("broken on purpose");
                })
            .servlet("/error", (request, response) -> response.getOutputStream().print("sorry")));
    HttpResponse<String> response = get("/broken");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("sorry");
    assertEndedOnce(500);
  }

  @Test
  void error_thrownByTheEndpoint_endsWith500() throws Exception {
    start(
        appMappedForAll()
            .servlet(
                "/broken",
                (request, response) -> {
                  throw new AssertionError("broken on purpose");
                }));
    assertThat(get("/broken").statusCode()).isEqualTo(500);
    assertEndedOnce(500);
  }

  @Test
  void exception_afterTheResponseIsCommitted_endsWithItsStatus() throws Exception {
    start(
        appMappedForAll()
            .servlet(
                "/broken",
                (request, response) -> {
                  response.setStatus(202);
                  response.flushBuffer();
                  throw new IllegalStateException("broken on purpose");
                }));
    assertThat(connect().send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n").readHead().status())
        .isEqualTo(202);
    assertEndedOnce(202);
  }

  @Test
  void errorPage_ofARequestThatNeverCame_isFree() throws Exception {
    gate = gate(outcomes.rule(1));
    start(
        new App()
            .filter((request, response, chain) -> ((HttpServletResponse) response).sendError(400))
            .filter(new TidegateFilter(gate), DispatcherType.values())
            .errorPage(400, "/error")
            .servlet("/hello", HandlerServlet.of(hello()))
            .servlet(
                "/error",
                (request, response) -> {
                  assertThat(TidegateFilter.permit(request)).isNull();
                  response.getOutputStream().print("sorry");
                }));
    for (int i = 0; i < 3; i++) {
      assertThat(get("/hello").body()).isEqualTo("sorry");
    }
    assertThat(count(gate, Verdict.Kind.ADMITTED)).isZero();
    assertThat(outcomes.isEmpty()).isTrue();
  }

  @Test
  void suspendedBeforeTheFilter_isDecidedWhenResumed() throws Exception {
    gate = gate(outcomes.rule(1));
    start(
        new App()
            .filter(
                (request, response, chain) -> {
                  if (request.getDispatcherType() == DispatcherType.REQUEST) {
                    AsyncContext async = request.startAsync();
                    threads().submit(() -> async.dispatch());
                  } else {
                    chain.doFilter(request, response);
                  }
                },
                DispatcherType.REQUEST,
                DispatcherType.ASYNC)
            .filter(new TidegateFilter(gate), DispatcherType.REQUEST, DispatcherType.ASYNC)
            .servlet("/hello", HandlerServlet.of(hello())));
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    assertThat(get("/hello").statusCode()).isEqualTo(429);
    assertThat(served).hasValue(1);
    assertEndedOnce(200);
  }

  @Test
  void forwardIntoANarrowMapping_isDecided() throws Exception {
    gate = gate(outcomes.rule(1));
    start(
        new App()
            .filterBelow(
                "/api/*", new TidegateFilter(gate), DispatcherType.REQUEST, DispatcherType.FORWARD)
            .servlet(
                "/outside",
                (request, response) ->
                    request.getRequestDispatcher("/api/hello").forward(request, response))
            .servlet("/api/hello", HandlerServlet.of(hello())));
    assertThat(get("/outside").statusCode()).isEqualTo(200);
    assertThat(get("/outside").statusCode()).isEqualTo(429);
    assertThat(get("/api/hello").statusCode()).isEqualTo(429);
    assertThat(served).hasValue(1);
    assertEndedOnce(200);
  }

  @Test
  void refusal_isNotReplacedByAnErrorPage() throws Exception {
    gate = gate(outcomes.rule(1));
    start(
        new App()
            .filter(new TidegateFilter(gate), DispatcherType.values())
            .errorPage(429, "/error")
            .servlet("/hello", HandlerServlet.of(hello()))
            .servlet("/error", (request, response) -> response.getOutputStream().print("sorry")));
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    HttpResponse<String> refusal = get("/hello");
    assertThat(refusal.statusCode()).isEqualTo(429);
    assertThat(refusal.body()).startsWith("{\"type\"");
  }

  @Test
  void filterThatIsNotMappedForAsync_leaksNoSlot_andLetsNobodyWaitAfterThat() throws Exception {
    Slots slots = Slots.builder(1).maxWait(Duration.ofMinutes(10)).build();
    closing(slots);
    Gate gate = gate(Gate.builder().bulkhead(Bulkhead.builder(slots).build()));
    CountDownLatch release = new CountDownLatch(1);
    start(
        new App()
            .filter(new TidegateFilter(gate), DispatcherType.REQUEST)
            .servlet(
                "/slow",
                (request, response) -> release.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
            .servlet("/quick", (request, response) -> {}));
    var slow = client().sendAsync(request("/slow").build(), BodyHandlers.ofString());
    while (slots.report().inUse() == 0) {
      Thread.onSpinWait();
    }
    var bypassing = client().sendAsync(request("/quick").build(), BodyHandlers.ofString());
    while (slots.report().waiting() == 0) {
      Thread.onSpinWait();
    }
    release.countDown();
    assertThat(slow.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    bypassing.get(20, TimeUnit.SECONDS);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (slots.report().inUse() > 0 && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertThat(slots.report().inUse()).isZero();
    assertThat(get("/quick").statusCode()).isEqualTo(200);
  }
}

package io.tidegate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Outcome;
import io.tidegate.scenarios.Outcomes;
import io.tidegate.scenarios.RawConnection;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asynchronous requests that end badly give their permit back all the same. */
abstract class AsyncEndScenarios extends WebScenario {

  private final Outcomes outcomes = new Outcomes();

  AsyncEndScenarios(Container container) {
    super(container);
  }

  private App app() {
    return new App().filter(new TidegateFilter(gate(outcomes.rule(9))));
  }

  private void assertEnded(int status) throws InterruptedException {
    assertThat(outcomes.next()).isEqualTo(new Outcome(status, false));
    assertThat(outcomes.isEmpty()).isTrue();
  }

  private static AsyncListener onTimeout(Event action) {
    return new AsyncListener() {
      @Override
      public void onComplete(AsyncEvent event) {}

      @Override
      public void onTimeout(AsyncEvent event) throws IOException {
        action.happened(event.getAsyncContext());
      }

      @Override
      public void onError(AsyncEvent event) {}

      @Override
      public void onStartAsync(AsyncEvent event) {}
    };
  }

  private interface Event {
    void happened(AsyncContext async) throws IOException;
  }

  @Test
  void timeout_thatNobodyHandles_endsTheRequest() throws Exception {
    start(app().servlet("/slow", (request, response) -> request.startAsync().setTimeout(50)));
    assertThat(get("/slow").statusCode()).isEqualTo(500);
    assertEnded(500);
  }

  @Test
  void timeout_answeredByTheApplication_endsWithItsStatus() throws Exception {
    start(
        app()
            .servlet(
                "/slow",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  async.setTimeout(50);
                  async.addListener(
                      onTimeout(
                          timedOut -> {
                            response.setStatus(504);
                            timedOut.complete();
                          }));
                }));
    assertThat(get("/slow").statusCode()).isEqualTo(504);
    assertEnded(504);
  }

  @Test
  void timeout_resumedByTheApplication_endsWithTheStatusOfTheResult() throws Exception {
    start(
        app()
            .servlet(
                "/slow",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  async.setTimeout(50);
                  async.addListener(onTimeout(timedOut -> timedOut.dispatch("/instead")));
                })
            .servlet(
                "/instead",
                (request, response) -> {
                  assertThat(permit(request).isClosed()).isFalse();
                  response.setStatus(203);
                }));
    assertThat(get("/slow").statusCode()).isEqualTo(203);
    assertEnded(203);
  }

  /** An exception of input or output is the endpoint's own here: the client is still there. */
  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, IOException.class})
  void exception_inResumedRequest_endsWith500(Class<? extends Exception> type) throws Exception {
    start(
        app()
            .servlet(
                "/async",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  threads().submit(() -> async.dispatch("/broken"));
                })
            .servlet(
                "/broken",
                (request, response) -> {
                  throw type.getConstructor(String.class).newInstance("broken on purpose");
                }));
    assertThat(get("/async").statusCode()).isEqualTo(500);
    assertEnded(500);
  }

  /** Some containers answer at once, others when the time is over; the gate learns it at once. */
  @Test
  void exception_afterStartAsync_endsWith500() throws Exception {
    start(
        app()
            .servlet(
                "/async",
                (request, response) -> {
                  request.startAsync().setTimeout(100);
                  throw new IllegalStateException("broken on purpose");
                }));
    assertThat(get("/async").statusCode()).isEqualTo(500);
    assertEnded(500);
  }

  @Test
  void sendError_onAnotherThread_endsWithItsStatus() throws Exception {
    start(
        app()
            .errorPage(409, "/error")
            .servlet(
                "/async",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  threads()
                      .submit(
                          () -> {
                            response.sendError(409);
                            async.complete();
                            return null;
                          });
                })
            .servlet(
                "/error", (request, response) -> response.getOutputStream().print("error page")));
    assertThat(get("/async").statusCode()).isEqualTo(409);
    assertEnded(409);
  }

  @Test
  void filterWithoutAsync_failsTheEndpointAndEndsTheRequest() throws Exception {
    start(
        new App()
            .filterWithoutAsync(new TidegateFilter(gate(outcomes.rule(9))))
            .servlet("/async", (request, response) -> request.startAsync()));
    assertThat(get("/async").statusCode()).isEqualTo(500);
    assertEnded(500);
  }

  @Test
  void clientThatGoesAway_whileAnotherThreadStreams_givesItsPermitBack() throws Exception {
    start(
        app()
            .servlet(
                "/stream",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  threads()
                      .submit(
                          () -> {
                            try {
                              for (int i = 0; i < 100_000; i++) {
                                response.getOutputStream().print("more ".repeat(2_000));
                              }
                            } finally {
                              async.complete();
                            }
                            return null;
                          });
                }));
    RawConnection client = connect();
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(outcomes.isEmpty()).isTrue();
    client.reset();
    assertEnded(200);
  }

  /** The container's timeout is the last that ends such a request. */
  @Test
  void clientThatGoesAway_fromAThreadThatForgetsToComplete_givesItsPermitBack() throws Exception {
    start(
        app()
            .servlet(
                "/stream",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  async.setTimeout(1_000);
                  threads()
                      .submit(
                          () -> {
                            while (true) {
                              response.getOutputStream().print("more ".repeat(2_000));
                            }
                          });
                }));
    RawConnection client = connect();
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(200);
    client.reset();
    assertEnded(200);
  }
}

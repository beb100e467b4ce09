package io.tidegate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Gate;
import io.tidegate.Outcome;
import io.tidegate.Permit;
import io.tidegate.Verdict;
import io.tidegate.scenarios.Outcomes;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that go on after the filter has returned keep their permit until they are complete. */
abstract class AsyncScenarios extends WebScenario {

  private final Outcomes outcomes = new Outcomes();
  private final BlockingQueue<Boolean> open = new LinkedBlockingQueue<>();
  private Gate gate;

  AsyncScenarios(Container container) {
    super(container);
  }

  private App app(boolean mappedForAsync) {
    gate = gate(outcomes.rule(9));
    TidegateFilter filter = new TidegateFilter(gate);
    return mappedForAsync
        ? new App().filter(filter, DispatcherType.REQUEST, DispatcherType.ASYNC)
        : new App().filter(filter);
  }

  private void noteWhetherOpen(HttpServletRequest request) {
    Permit permit = TidegateFilter.permit(request);
    open.add(permit != null && !permit.isClosed());
  }

  /**
   * One request was admitted and has ended with this status; it was open wherever it was looked at.
   */
  private void assertEnded(int status, int looks) throws InterruptedException {
    assertThat(outcomes.next()).isEqualTo(new Outcome(status, false));
    assertThat(open).hasSize(looks).doesNotContain(false);
    assertThat(outcomes.isEmpty()).isTrue();
    assertThat(count(gate, Verdict.Kind.ADMITTED)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void complete_onAnotherThread_endsTheRequest(boolean mappedForAsync) throws Exception {
    CountDownLatch returned = new CountDownLatch(1);
    start(
        app(mappedForAsync)
            .filter(
                (request, response, chain) -> {
                  chain.doFilter(request, response);
                  returned.countDown();
                })
            .servlet(
                "/async",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  threads()
                      .submit(
                          () -> {
                            await(returned);
                            noteWhetherOpen(request);
                            response.setStatus(201);
                            response.getOutputStream().print("done");
                            noteWhetherOpen(request);
                            async.complete();
                            return null;
                          });
                }));
    assertThat(get("/async").body()).isEqualTo("done");
    assertEnded(201, 2);
  }

  @Test
  void complete_beforeTheChainReturns_endsTheRequest() throws Exception {
    CountDownLatch completed = new CountDownLatch(1);
    start(
        app(false)
            .servlet(
                "/async",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  threads()
                      .submit(
                          () -> {
                            response.setStatus(202);
                            noteWhetherOpen(request);
                            async.complete();
                            completed.countDown();
                          });
                  await(completed);
                  noteWhetherOpen(request);
                }));
    assertThat(get("/async").statusCode()).isEqualTo(202);
    assertEnded(202, 2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void dispatch_beforeTheChainReturns_keepsThePermit(boolean mappedForAsync) throws Exception {
    CountDownLatch dispatched = new CountDownLatch(1);
    start(
        app(mappedForAsync)
            .servlet(
                "/async",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  threads()
                      .submit(
                          () -> {
                            async.dispatch("/result");
                            dispatched.countDown();
                          });
                  await(dispatched);
                  noteWhetherOpen(request);
                })
            .servlet(
                "/result",
                (request, response) -> {
                  noteWhetherOpen(request);
                  response.setStatus(203);
                }));
    assertThat(get("/async").statusCode()).isEqualTo(203);
    assertEnded(203, 2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void chainOfDispatches_eachAsynchronousAgain_isOneRequest(boolean mappedForAsync)
      throws Exception {
    start(
        app(mappedForAsync)
            .servlet("/one", startAndDispatch("/two"))
            .servlet("/two", startAndDispatch("/three"))
            .servlet("/three", startAndDispatch("/four"))
            .servlet(
                "/four",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  threads()
                      .submit(
                          () -> {
                            noteWhetherOpen(request);
                            response.setStatus(204);
                            async.complete();
                          });
                }));
    assertThat(get("/one").statusCode()).isEqualTo(204);
    assertEnded(204, 4);
  }

  private Handler startAndDispatch(String path) {
    return (request, response) -> {
      noteWhetherOpen(request);
      AsyncContext async = request.startAsync();
      threads().submit(() -> async.dispatch(path));
    };
  }

  @Test
  void startAsync_onWrappers_keepsThePermit() throws Exception {
    start(
        app(false)
            .filter(
                (request, response, chain) ->
                    chain.doFilter(
                        new HttpServletRequestWrapper((HttpServletRequest) request),
                        new HttpServletResponseWrapper((HttpServletResponse) response)))
            .servlet(
                "/async",
                (request, response) -> {
                  HttpServletRequest wrapper = new HttpServletRequestWrapper(request);
                  AsyncContext async = wrapper.startAsync(wrapper, response);
                  async.start(
                      () -> {
                        noteWhetherOpen((HttpServletRequest) async.getRequest());
                        response.setStatus(201);
                        async.complete();
                      });
                }));
    assertThat(get("/async").statusCode()).isEqualTo(201);
    assertEnded(201, 1);
  }

  @Test
  void streaming_onAnotherThread_keepsThePermit() throws Exception {
    start(
        app(false)
            .servlet(
                "/async",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  threads().submit(() -> stream(async));
                }));
    assertThat(get("/async").body()).isEqualTo("part ".repeat(5));
    assertEnded(200, 5);
  }

  private Void stream(AsyncContext async) throws IOException {
    for (int i = 0; i < 5; i++) {
      async.getResponse().getOutputStream().print("part ");
      async.getResponse().flushBuffer();
      noteWhetherOpen((HttpServletRequest) async.getRequest());
    }
    async.complete();
    return null;
  }

  @Test
  void markFailed_onAnotherThread_isHeard() throws Exception {
    start(
        app(false)
            .servlet(
                "/async",
                (request, response) -> {
                  AsyncContext async = request.startAsync();
                  Permit permit = permit(request);
                  threads()
                      .submit(
                          () -> {
                            permit.markFailed();
                            async.complete();
                          });
                }));
    assertThat(get("/async").statusCode()).isEqualTo(200);
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, true));
  }
}

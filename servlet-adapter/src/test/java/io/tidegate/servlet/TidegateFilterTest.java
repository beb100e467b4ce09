package io.tidegate.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Gate;
import io.tidegate.Outcome;
import io.tidegate.Rule;
import io.tidegate.Verdict;
import io.tidegate.scenarios.Outcomes;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no container can be made to do in a test. */
class TidegateFilterTest {

  private final Outcomes outcomes = new Outcomes();
  private final Rule rule = outcomes.rule(1);
  private final Gate gate = Gate.builder().rule(rule).build();
  private final TidegateFilter filter = new TidegateFilter(gate);
  private final AtomicInteger calls = new AtomicInteger();
  private final FilterChain chain = (request, response) -> calls.incrementAndGet();
  private final Map<String, Stub.Answer> request = new HashMap<>();
  private final Map<String, Stub.Answer> response = new HashMap<>();

  TidegateFilterTest() {
    request.put("getDispatcherType", arguments -> DispatcherType.REQUEST);
    request.put("getRequestURI", arguments -> "/hello");
    response.put("getStatus", arguments -> 200);
  }

  @AfterEach
  void closeGate() {
    gate.close();
  }

  private void filter() throws Exception {
    filter.doFilter(
        Stub.of(HttpServletRequest.class, request),
        Stub.of(HttpServletResponse.class, response),
        chain);
  }

  @Test
  void constructor_withoutGate_throws() {
    assertThatThrownBy(() -> new TidegateFilter(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("gate");
  }

  @Test
  void requestThatIsNotHttp_passesUndecided() throws Exception {
    filter.doFilter(
        Stub.of(ServletRequest.class, request), Stub.of(ServletResponse.class, response), chain);
    assertThat(calls).hasValue(1);
    assertThat(gate.status().verdicts().get(Verdict.Kind.ADMITTED)).isZero();
  }

  @Test
  void refusal_toAClientThatHasGone_isNoException() throws Exception {
    filter();
    response.put("getOutputStream", arguments -> new BrokenStream());
    assertThatCode(this::filter).doesNotThrowAnyException();
    assertThat(calls).hasValue(1);
    assertThat(gate.status().verdicts().get(Verdict.Kind.THROTTLED)).isEqualTo(1);
  }

  /** Containers would drop such a body, too, and count it; wrappers of other filters need not. */
  @Test
  void refusal_ofHead_hasALengthAndWritesNothing() throws Exception {
    filter();
    AtomicInteger length = new AtomicInteger();
    AtomicInteger streams = new AtomicInteger();
    response.put(
        "setContentLength",
        arguments -> {
          length.set((int) arguments[0]);
          return null;
        });
    response.put(
        "getOutputStream",
        arguments -> {
          streams.incrementAndGet();
          return new BrokenStream();
        });
    request.put("getMethod", arguments -> "HEAD");
    filter();
    assertThat(length).hasPositiveValue();
    assertThat(streams).hasValue(0);
    request.put("getMethod", arguments -> "GET");
    filter();
    assertThat(streams).hasValue(1);
  }

  private static final class BrokenStream extends ServletOutputStream {
    @Override
    public void write(int octet) throws IOException {
      throw new IOException("broken on purpose");
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {}
  }

  /** An attribute of that name may be another application's, whose classes are not ours. */
  @Test
  void foreignAttribute_isNoPermit() throws Exception {
    request.put("getAttribute", arguments -> new Object());
    filter();
    assertThat(calls).hasValue(1);
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
    assertThat(TidegateFilter.permit(Stub.of(HttpServletRequest.class, request))).isNull();
  }

  @Test
  void attributeThatCannotBeSet_givesThePermitBack() throws Exception {
    request.put(
        "setAttribute",
        arguments -> {
          throw new IllegalStateException("broken on purpose");
        });
    assertThatThrownBy(this::filter).isInstanceOf(IllegalStateException.class);
    assertThat(outcomes.next()).isEqualTo(new Outcome(500, false));
  }

  @Test
  void asyncRequestThatHasJustEnded_givesThePermitBack() throws Exception {
    AsyncContext ended =
        Stub.of(
            AsyncContext.class,
            Map.of(
                "addListener",
                arguments -> {
                  throw new IllegalStateException("ended");
                }));
    request.put("isAsyncStarted", arguments -> true);
    request.put("getAsyncContext", arguments -> ended);
    filter();
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
  }

  @ParameterizedTest
  @CsvSource({"true, false, 0", "true, true, 206", "false, false, 206", "false, true, 206"})
  void asyncRequestThatFailed_endedBeforeAnAnswerOnlyIfTheClientWent(
      boolean clientWent, boolean committed, int status) throws Exception {
    BlockingQueue<AsyncListener> listeners = new LinkedBlockingQueue<>();
    AsyncContext async =
        Stub.of(
            AsyncContext.class,
            Map.of("addListener", arguments -> listeners.add((AsyncListener) arguments[0])));
    request.put("isAsyncStarted", arguments -> true);
    request.put("getAsyncContext", arguments -> async);
    filter();
    response.put("isCommitted", arguments -> committed);
    response.put("getStatus", arguments -> 206);
    AsyncListener listener = listeners.remove();
    listener.onError(
        new AsyncEvent(async, clientWent ? new IOException() : new IllegalStateException()));
    assertThat(outcomes.isEmpty()).isTrue();
    listener.onComplete(new AsyncEvent(async));
    assertThat(outcomes.next()).isEqualTo(new Outcome(status, false));
  }
}

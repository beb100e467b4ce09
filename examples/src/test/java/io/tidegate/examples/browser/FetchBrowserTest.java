package io.tidegate.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The module for single-page applications. */
class FetchBrowserTest extends InBrowser {

  @BeforeEach
  void openApplication() {
    page.navigate(url("/open/application"));
    server.requests.clear();
  }

  /** Runs the body of a function that has the module's function at hand. */
  private Object run(String script) {
    return page.evaluate(
        "async () => { const { tidegateFetch } = await import('/.tidegate/fetch.js');"
            + script
            + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tidegateFetch('/text', {method: 'POST', body: 'g\\u00fcnstig'})",
        "tidegateFetch(new Request('/text', {method: 'POST', body: 'g\\u00fcnstig'}))",
        "tidegateFetch(new Request('/text'), {method: 'POST', body: 'g\\u00fcnstig'})",
        "tidegateFetch(new URL('/text', location), {method: 'POST', body: new Blob(['g\\u00fcnstig'])})",
      })
  void tidegateFetch_challenge_isPaidAndTheRequestSentOnceMore(String call) {
    assertThat(run("const response = await " + call + "; return response.text();"))
        .isEqualTo("POST günstig");
    assertThat(server.requests).containsExactly("POST /text", "POST /text");
    assertThat(complaints).isEmpty();
  }

  @Test
  void tidegateFetch_headers_areKept() {
    Object types =
        run(
            """
            const seen = [];
            const real = self.fetch;
            self.fetch = (input, init) => {
              const { headers } = new Request(input, init);
              seen.push(headers.get('X-Mine') + headers.has('Tidegate-Proof'));
              return real(input, init);
            };
            await tidegateFetch(new Request('/text', {headers: {'X-Mine': 'a'}}));
            await tidegateFetch('/text', {headers: [['X-Mine', 'b']]});
            return seen;
            """);
    assertThat(types).isEqualTo(List.of("afalse", "atrue", "bfalse", "btrue"));
  }

  @Test
  void tidegateFetch_busyWithAChallenge_isPaid() {
    server.refusalStatus = 503;
    assertThat(run("return (await tidegateFetch('/text')).status")).isEqualTo(200);
    assertThat(server.requests).containsExactly("GET /text", "GET /text");
  }

  @Test
  void tidegateFetch_refusedAgain_isGivenBack() {
    server.believesProofs = false;
    assertThat(run("return (await tidegateFetch('/text')).status")).isEqualTo(429);
    assertThat(server.requests).containsExactly("GET /text", "GET /text");
  }

  @Test
  void tidegateFetch_moreWorkThanAllowed_isGivenBack() {
    assertThat(run("return (await tidegateFetch('/text', {mostWork: 1})).status")).isEqualTo(429);
    assertThat(server.requests).containsExactly("GET /text");
  }

  @Test
  void tidegateFetch_anyOtherAnswer_isGivenBackUnread() {
    server.refusals.add("busy");
    assertThat(
            run(
                "const response = await tidegateFetch('/.tidegate/pass', {method: 'POST'});"
                    + "return response.status + (await response.text());"))
        .isEqualTo("429{\"status\":429,\"reason\":\"\"}");
    assertThat(run("return (await tidegateFetch('/open/text')).status")).isEqualTo(200);
    assertThat(server.requests).containsExactly("POST pass", "GET /open/text");
  }

  @Test
  void tidegateFetch_stream_buysAPassAndLeavesTheRestToTheCaller() {
    Object statuses =
        run(
            """
            const real = self.fetch; // browsers stream over HTTP/2 only
            self.fetch = (input, init) =>
              real(input, init?.body instanceof ReadableStream ? {...init, body: 'x'} : init);
            const body = () => new Blob(['x']).stream();
            const first = await tidegateFetch('/text', {method: 'POST', body: body()});
            const second = await tidegateFetch('/text', {method: 'POST', body: body()});
            return [first.status, second.status];
            """);
    assertThat(statuses).isEqualTo(List.of(429, 200));
    assertThat(server.requests).containsExactly("POST /text", "POST pass", "POST /text");
  }

  @Test
  void tidegateFetch_abort_endsTheCalculation() {
    server.work = 100_000_000_000L;
    Object name =
        run(
            """
            const controller = new AbortController();
            const onChallenge = ({ hashes }) => hashes > 0 && controller.abort();
            try {
              const mostWork = Infinity;
              await tidegateFetch('/text', { signal: controller.signal, onChallenge, mostWork });
            } catch (e) {
              return e.name;
            }
            """);
    assertThat(name).isEqualTo("AbortError");
    assertThat(server.requests).containsExactly("GET /text");
  }

  @Test
  void tidegateFetch_onChallenge_tellsTheProgress() {
    Object told =
        run(
            """
            const told = [];
            await tidegateFetch('/text', { onChallenge: (now) => told.push(now) });
            const { engine, ...first } = told[0];
            const last = told[told.length - 1];
            return [first, last.solved, typeof last.engine];
            """);
    assertThat(told)
        .isEqualTo(
            List.of(
                Map.of("work", 300_000, "puzzles", 16, "solved", 0, "hashes", 0, "ms", 0),
                16,
                "string"));
  }
}

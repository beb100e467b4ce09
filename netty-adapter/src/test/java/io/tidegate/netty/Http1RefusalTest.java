package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.tidegate.Outcome;
import io.tidegate.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Refused requests are answered without their bodies, and their connections stay in step or end.
 */
class Http1RefusalTest extends WireTest {

  private static final String POST = "POST /refused HTTP/1.1\r\nHost: a\r\n";

  @Test
  void refusal_keepsTheConnection_andSaysNothingOfIt() {
    Wire wire = wire().send(REFUSED);
    String answer = wire.received();
    assertThat(answer).startsWith("HTTP/1.1 429 Too Many Requests\r\n").endsWith("}");
    assertThat(answer).contains("Cache-Control: no-store\r\n", "content-length: ");
    assertThat(answer).doesNotContainIgnoringCase("connection:");
    wire.send(GET);
    assertThat(wire.seen).containsExactly("GET /ok", "end");
  }

  @Test
  void refusal_ofHead_hasNoBody() {
    Wire wire = wire().send(REFUSED.replace("GET", "HEAD"));
    assertThat(wire.received()).contains(" 429 ").endsWith("\r\n\r\n");
    assertThat(wire.send(REFUSED).received()).contains(" 429 ").endsWith("}");
  }

  @Test
  void connectionThatTheClientWantsClosed_isClosed() {
    Wire wire = wire().send("GET /refused HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assertThat(wire.received()).contains(" 429 ", "connection: close\r\n");
    assertThat(wire.isOpen()).isFalse();
  }

  @Test
  void http10_isClosed_unlessItAsksOtherwise() {
    Wire wire = wire().send("GET /refused HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assertThat(wire.received()).contains(" 429 ", "connection: keep-alive\r\n");
    assertThat(wire.isOpen()).isTrue();
    wire.send("GET /refused HTTP/1.0\r\n\r\n");
    assertThat(wire.received()).contains(" 429 ", "connection: close\r\n");
    assertThat(wire.isOpen()).isFalse();
  }

  @Test
  void announcedBody_isRefusedAtOnce_without100_andTheConnectionEnds() {
    Wire wire = wire().send(POST + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    assertThat(wire.received()).startsWith("HTTP/1.1 429 ").contains("connection: close\r\n");
    wire.send("one" + GET);
    assertThat(wire.seen).isEmpty();
    assertThat(wire.received()).isEmpty();
    assertThat(wire.isOpen()).isFalse();
  }

  @Test
  void body_isNotWaitedFor_andThrownAway() {
    Wire wire = wire().send(POST + "Content-Length: 65536\r\n\r\n");
    assertThat(wire.statuses()).containsExactly(429);
    wire.send("x".repeat(65_535));
    assertThat(wire.isOpen()).isTrue();
    wire.send("x" + GET);
    assertThat(wire.seen).containsExactly("GET /ok", "end");
  }

  @Test
  void bodyLongerThanIsThrownAway_costsTheConnection() {
    Wire wire = wire().send(POST + "Content-Length: 65537\r\n\r\n");
    assertThat(wire.received()).contains(" 429 ", "connection: close\r\n");
    assertThat(wire.isOpen()).as("so that the answer arrives before a reset").isTrue();
    wire.send("x".repeat(65_536));
    assertThat(wire.isOpen()).isTrue();
    wire.send("x" + GET);
    assertThat(wire.isOpen()).isFalse();
    assertThat(wire.seen).isEmpty();
  }

  @Test
  void bodyWithoutEnd_isThrownAwayForAsLongOnly() {
    Wire wire = wire().send(POST + "Content-Length: 1000000\r\n\r\n");
    wire.send("x".repeat(65_536));
    assertThat(wire.isOpen()).isTrue();
    wire.send("x");
    assertThat(wire.isOpen()).isFalse();
  }

  @Test
  void chunkedBody_isThrownAwayUpToTheSameLength() {
    Wire wire = wire().send(POST + "Transfer-Encoding: chunked\r\n\r\n");
    assertThat(wire.statuses()).containsExactly(429);
    wire.send("5\r\nhello\r\n0\r\n\r\n" + GET);
    assertThat(wire.seen).containsExactly("GET /ok", "end");
    wire.answer(200);
    wire.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
    wire.send("10000\r\n" + "x".repeat(65_536) + "\r\n");
    assertThat(wire.isOpen()).isTrue();
    wire.send("1\r\nx\r\n");
    assertThat(wire.isOpen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000_000})
  void bodyThatDoesNotCome_endsTheConnection(int length) {
    Wire wire = wire().send(POST + "Content-Length: " + length + "\r\n\r\n");
    assertThat(wire.statuses()).containsExactly(429);
    for (int i = 0; i < 3; i++) {
      wire.pass(Duration.ofMillis(600)).send("x");
      assertThat(wire.isOpen()).isTrue();
    }
    wire.pass(Duration.ofMillis(200));
    assertThat(wire.isOpen()).isFalse();
  }

  @Test
  void noDrain_closesForAnyBody() {
    Wire wire = wire(handler().maxDrain(0).build()).send(POST + "Content-Length: 1\r\n\r\n");
    assertThat(wire.received()).contains("connection: close\r\n");
    wire.send("x");
    assertThat(wire.isOpen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /ok HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "GET /ok HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET /ok HTTP/1.1\r\nHost: a\r\nA\0b: c\r\n\r\n",
        "GET /ok HTTP/1.1\r\nHost: a\r\nA : c\r\n\r\n",
        "nonsense\r\n\r\n"
      })
  void requestThatCannotBeRead_isAnsweredWith400AndCounted(String request) throws Exception {
    Wire wire = wire().send(request + GET);
    assertThat(wire.received())
        .startsWith("HTTP/1.1 400 ")
        .contains("connection: close\r\n", "RateLimit: ");
    assertThat(wire.isOpen()).isFalse();
    assertThat(wire.seen).isEmpty();
    assertThat(outcomes.next()).isEqualTo(new Outcome(400, false));
  }

  @Test
  void requestThatCannotBeRead_overQuota_isRefused() {
    Wire wire = wire().send("GET /refused HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n");
    assertThat(wire.received()).contains(" 429 ", "connection: close\r\n");
    assertThat(wire.isOpen()).isFalse();
  }

  @Test
  void hugeTargetAndHeader_areNamedForWhatTheyAre() {
    Wire wire = wire().send("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\n\r\n");
    assertThat(wire.statuses()).containsExactly(414);
    wire = wire().send("GET /ok HTTP/1.1\r\nA: " + "x".repeat(9_000) + "\r\n\r\n");
    assertThat(wire.statuses()).containsExactly(431);
    assertThat(wire.isOpen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\r\n", "-1\r\n", "3\r\nabcd", "fffffffffffffffff\r\n"})
  void badChunk_inAnAdmittedBody_neverLooksLikeItsEnd(String chunk) throws Exception {
    Wire wire = wire().send("POST /ok HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    wire.send("3\r\none\r\n" + chunk + "\r\n\r\n" + GET);
    assertThat(wire.seen).startsWith("POST /ok", "one").doesNotContain("end", "GET /ok");
    assertThat(wire.statuses()).containsExactly(400);
    assertThat(wire.isOpen()).isFalse();
    assertThat(outcomes.next()).isEqualTo(new Outcome(400, false));
  }

  @Test
  void badChunk_withinAResponse_closes() throws Exception {
    Wire wire = wire().send("POST /ok HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    wire.answer(100);
    wire.received();
    wire.write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    wire.send("x\r\n");
    assertThat(wire.statuses()).containsExactly(200);
    assertThat(wire.isOpen()).isFalse();
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
  }

  @Test
  void badChunk_inARefusedBody_closesBehindTheRefusal() {
    Wire wire = wire().send(POST + "Transfer-Encoding: chunked\r\n\r\nx\r\n");
    assertThat(wire.statuses()).containsExactly(429);
    assertThat(wire.isOpen()).isFalse();
  }

  @Test
  void clientThatGoes_inTheMiddleOfAHeader_isNotCounted() {
    Wire wire = wire().send("GET /ok HTTP/1.1\r\nHost");
    wire.channel.close();
    wire.channel.runPendingTasks();
    assertThat(gate.status().verdicts()).containsEntry(Verdict.Kind.ADMITTED, 0L);
  }

  @Test
  void applicationThatAnswersAfterTheEnd_isToldSo() {
    Wire wire = wire().send("POST /ok HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    wire.channel.pipeline().addFirst(new NeverFlushes());
    wire.send("x\r\n");
    var written = wire.channel.pipeline().lastContext().write(Wire.response(200));
    assertThat(written.isSuccess()).isFalse();
    assertThat(written.isDone()).isTrue();
  }

  /** So that the answer stays on its way. */
  private static final class NeverFlushes extends ChannelOutboundHandlerAdapter {
    @Override
    public void flush(ChannelHandlerContext ctx) {}
  }
}

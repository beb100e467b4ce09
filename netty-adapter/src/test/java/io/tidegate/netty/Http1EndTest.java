package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import io.tidegate.Outcome;
import io.tidegate.Permit;
import io.tidegate.SetupNotice;
import org.junit.jupiter.api.Test;

/** A permit is closed once, when its request ends. */
class Http1EndTest extends WireTest {

  private void assertEndedOnce(Wire wire, int status) throws Exception {
    assertThat(outcomes.next()).isEqualTo(new Outcome(status, false));
    wire.close();
    assertThat(outcomes.isEmpty()).isTrue();
  }

  private static HttpResponse head(int status) {
    return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
  }

  private static DefaultHttpContent part(String text) {
    return new DefaultHttpContent(Unpooled.copiedBuffer(text, ISO_8859_1));
  }

  @Test
  void wholeResponse_endsTheRequest() throws Exception {
    Wire wire = wire().send(GET);
    assertThat(outcomes.isEmpty()).isTrue();
    wire.answer(203);
    assertEndedOnce(wire, 203);
  }

  @Test
  void streamedResponse_endsTheRequestWithItsLastPart() throws Exception {
    Wire wire = wire().send(GET);
    wire.write(head(200));
    wire.write(part("one"));
    assertThat(outcomes.isEmpty()).isTrue();
    wire.write(LastHttpContent.EMPTY_LAST_CONTENT);
    assertEndedOnce(wire, 200);
  }

  @Test
  void response_thatIsNotFlushed_isNotTheEnd() throws Exception {
    Wire wire = wire().send(GET);
    wire.channel.pipeline().lastContext().write(Wire.response(200));
    assertThat(outcomes.isEmpty()).isTrue();
    wire.channel.flush();
    assertEndedOnce(wire, 200);
  }

  @Test
  void response_withVoidPromise_endsTheRequest() throws Exception {
    Wire wire = wire().send(GET);
    ChannelHandlerContext application = wire.channel.pipeline().lastContext();
    application.writeAndFlush(Wire.response(200), application.voidPromise());
    assertEndedOnce(wire, 200);
  }

  @Test
  void informationalResponses_areNotTheEnd_andStayAsTheyAre() throws Exception {
    Wire wire = wire().send(GET);
    wire.answer(100);
    wire.answer(103);
    wire.write(head(102));
    wire.write(LastHttpContent.EMPTY_LAST_CONTENT);
    String interim = wire.received();
    assertThat(interim).contains(" 100 ", " 103 ", " 102 ").doesNotContainIgnoringCase("ratelimit");
    assertThat(outcomes.isEmpty()).isTrue();
    wire.answer(200);
    assertThat(wire.received()).contains("RateLimit: \"outcomes\"");
    assertEndedOnce(wire, 200);
  }

  @Test
  void connectionThatCloses_beforeAResponse_endsWithZero() throws Exception {
    Wire wire = wire().send(GET);
    wire.channel.close();
    assertEndedOnce(wire, 0);
  }

  @Test
  void connectionThatCloses_withinAResponse_endsWithItsStatus() throws Exception {
    Wire wire = wire().send(GET);
    wire.write(head(206));
    wire.channel.close();
    assertEndedOnce(wire, 206);
  }

  @Test
  void handlerThatIsRemoved_endsTheRequest() throws Exception {
    Wire wire = wire().send(GET);
    wire.channel.pipeline().remove(Http1Connection.class);
    assertThat(TidegateHttpHandler.permit(wire.channel)).isNull();
    wire.answer(200);
    assertEndedOnce(wire, 0);
  }

  @Test
  void upgrade_endsTheRequestWithTheConnection_andPassesAllOn() throws Exception {
    Wire wire = wire().send("GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\n\r\n");
    FullHttpResponse response = Wire.response(101);
    response.headers().set("Upgrade", "x").set("Connection", "upgrade");
    wire.write(response);
    assertThat(outcomes.isEmpty()).isTrue();
    wire.channel.pipeline().remove(HttpServerCodec.class);
    wire.send("frame");
    assertThat(wire.seen).endsWith("frame");
    wire.write(Unpooled.copiedBuffer("answer", ISO_8859_1));
    assertThat(wire.received()).endsWith("answer");
    assertThat(TidegateHttpHandler.permit(wire.channel).isClosed()).isFalse();
    wire.channel.close();
    assertEndedOnce(wire, 101);
  }

  @Test
  void connect_accepted_endsTheRequestWithTheConnection() throws Exception {
    Wire wire = wire().send("CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n");
    wire.answer(200);
    assertThat(outcomes.isEmpty()).isTrue();
    wire.channel.close();
    assertEndedOnce(wire, 200);
  }

  @Test
  void connect_refusedByTheApplication_endsAtOnce() throws Exception {
    Wire wire = wire().send("CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n");
    wire.answer(405);
    assertThat(outcomes.next()).isEqualTo(new Outcome(405, false));
    wire.send(GET).answer(200);
    assertEndedOnce(wire, 200);
  }

  @Test
  void earlyResponse_endsTheRequest_andItsBodyStillPasses() throws Exception {
    Wire wire = wire().send("POST /ok HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\none");
    wire.answer(413);
    assertThat(outcomes.next()).isEqualTo(new Outcome(413, false));
    wire.send("two" + GET);
    assertThat(wire.seen).containsExactly("POST /ok", "one", "two", "end", "GET /ok", "end");
    wire.answer(200);
    assertEndedOnce(wire, 200);
  }

  @Test
  void permit_isTheRequestsWhileItIsServed() throws Exception {
    Wire wire = wire();
    assertThat(TidegateHttpHandler.permit(wire.channel)).isNull();
    wire.send(GET);
    Permit permit = TidegateHttpHandler.permit(wire.channel);
    permit.markFailed();
    wire.answer(200);
    assertThat(permit.isClosed()).isTrue();
    assertThat(TidegateHttpHandler.permit(wire.channel)).isNull();
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, true));
  }

  @Test
  void twoGates_bothDecideAndBothLearnTheEnd() throws Exception {
    WireTest inner = new WireTest() {};
    Wire wire = wire();
    wire.channel
        .pipeline()
        .addAfter(
            wire.channel.pipeline().context(Http1Connection.class).name(),
            null,
            inner.handler().build());
    for (int i = 0; i < 2; i++) {
      wire.send(GET);
      TidegateHttpHandler.permit(wire.channel).markFailed();
      wire.answer(200);
      assertThat(outcomes.next()).isEqualTo(new Outcome(200, true));
      assertThat(inner.outcomes.next()).isEqualTo(new Outcome(200, true));
    }
    wire.send(REFUSED);
    assertThat(wire.statuses()).endsWith(429);
    assertThat(inner.outcomes.isEmpty()).isTrue();
    assertThat(gate.status().notices()).doesNotContain(SetupNotice.FILTER_TWICE);
    inner.closeAll();
  }

  @Test
  void handlerOfTheSameGate_twice_decidesOnceAndSaysSo() throws Exception {
    Wire wire = wire();
    wire.channel.pipeline().addLast(handler().build());
    assertThat(gate.status().notices()).contains(SetupNotice.FILTER_TWICE);
    wire.send(GET).answer(200);
    assertEndedOnce(wire, 200);
  }

  @Test
  void headersThatCannotBeChanged_getTheFieldsInACopy() throws Exception {
    HttpHeaders fixed = new ReadOnlyHttpHeaders(false, "content-length", "3", "x-mine", "1");
    Wire wire = wire().send(GET);
    wire.write(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.OK,
            Unpooled.copiedBuffer("abc", ISO_8859_1),
            fixed,
            EmptyHttpHeaders.INSTANCE));
    assertThat(wire.received()).contains("RateLimit: ", "x-mine: 1").endsWith("abc");
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
    wire.send(GET);
    wire.write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, fixed));
    wire.write(part("abc"));
    wire.write(LastHttpContent.EMPTY_LAST_CONTENT);
    assertThat(wire.received()).contains("RateLimit: ", "x-mine: 1").endsWith("abc");
    assertEndedOnce(wire, 200);
  }

  @Test
  void exposedFields_areAddedToTheApplications() {
    Wire wire = wire().send("GET /ok HTTP/1.1\r\nHost: a\r\nOrigin: https://b\r\n\r\n");
    FullHttpResponse response = Wire.response(200);
    response.headers().set("Access-Control-Expose-Headers", "X-Mine").set("RateLimit", "stale");
    wire.write(response);
    assertThat(wire.received())
        .contains("Access-Control-Expose-Headers: X-Mine\r\n")
        .contains("Access-Control-Expose-Headers: RateLimit")
        .doesNotContain("stale");
  }

  @Test
  void messageWithoutRequest_passes() {
    Wire wire = wire();
    wire.answer(408);
    assertThat(wire.received()).contains(" 408 ").doesNotContain("RateLimit");
  }
}

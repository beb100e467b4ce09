package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.tidegate.Outcome;
import io.tidegate.netty.ConnectionEvent.Type;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How slow a sender may be, to the second. */
class SlowSenderTest extends WireTest {

  private static final String UPLOAD =
      "POST /ok HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private void assertTimedOut(Wire wire) {
    assertThat(wire.received()).startsWith("HTTP/1.1 408 ").contains("connection: close\r\n");
    assertThat(wire.isOpen()).isFalse();
    assertThat(eventTypes()).containsExactly(Type.SLOW_SENDER);
  }

  @Test
  void header_thatTakesTenSeconds_isTooLate() {
    Wire wire = wire().send("G");
    for (int i = 0; i < 9; i++) {
      wire.pass(seconds(1)).send("E");
    }
    assertThat(wire.isOpen()).isTrue();
    wire.pass(seconds(1));
    assertTimedOut(wire);
  }

  @Test
  void header_inTimeByAMoment_isTaken_andTheNextHasItsOwnTime() {
    Wire wire = wire();
    for (int i = 0; i < 3; i++) {
      wire.send(GET.substring(0, 20)).pass(Duration.ofMillis(9_950)).send(GET.substring(20));
      wire.answer(200);
    }
    assertThat(wire.statuses()).containsExactly(200, 200, 200);
    wire.pass(seconds(59));
    assertThat(wire.isOpen()).isTrue();
  }

  @Test
  void header_whileAResponseIsOutstanding_isNotTimed() {
    Wire wire = wire().send(GET).send("GET");
    wire.pass(seconds(30));
    assertThat(wire.isOpen()).isTrue();
    wire.answer(200);
    assertThat(wire.statuses()).containsExactly(200);
  }

  @Test
  void handshake_isNoHeader() {
    Wire wire = wire();
    wire.channel.pipeline().fireUserEventTriggered(SslHandshakeCompletionEvent.SUCCESS);
    wire.channel.pipeline().fireChannelReadComplete();
    wire.pass(seconds(30));
    assertThat(wire.isOpen()).isTrue();
  }

  @Test
  void bodyOfOneByteASecond_isTooSlowAfterTheGrace() throws Exception {
    Wire wire = wire().send(UPLOAD);
    for (int i = 0; i < 5; i++) {
      wire.pass(seconds(1)).send("x");
    }
    assertThat(wire.isOpen()).isTrue();
    wire.pass(seconds(1));
    assertTimedOut(wire);
    assertThat(wire.seen).doesNotContain("end");
    assertThat(outcomes.next()).isEqualTo(new Outcome(408, false));
  }

  @Test
  void bodyOf500BytesASecond_isFastEnough() {
    Wire wire = wire().send(UPLOAD);
    for (int i = 0; i < 300; i++) {
      wire.send("x".repeat(500)).pass(seconds(1));
    }
    assertThat(wire.isOpen()).isTrue();
  }

  @Test
  void bodyOf499BytesASecond_isTooSlowInTheEnd() {
    Wire wire = wire(handler().minBodyRate(500, seconds(1)).build()).send(UPLOAD);
    int seconds = 0;
    while (wire.isOpen() && seconds < 3_000) {
      wire.send("x".repeat(499)).pass(seconds(1));
      seconds++;
    }
    // It falls behind by one byte a second, and has the grace's worth and its first second's ahead.
    assertThat(seconds).isBetween(490, 1_010);
    assertTimedOut(wire);
  }

  @Test
  void bodyThatComesAtOnce_mayPauseForAsLongAsItEarned_butNotLongerThanIdle() {
    Wire wire = wire().send(UPLOAD + "x".repeat(500_000));
    wire.pass(seconds(60));
    assertThat(wire.isOpen()).isTrue();
    wire.send("x").pass(seconds(60));
    assertThat(wire.isOpen()).isTrue();
    wire.pass(seconds(10));
    assertTimedOut(wire);
  }

  @Test
  void pipelinedBody_isTimed_onceItsTurnHasCome() {
    Wire wire = wire().send(GET + UPLOAD + "x");
    wire.pass(seconds(30));
    wire.answer(200);
    wire.received();
    wire.pass(seconds(7));
    assertTimedOut(wire);
  }

  @Test
  void pipelinedBody_ofARefusedRequest_isDrainedInTime() {
    Wire wire = wire().send(GET + UPLOAD.replace("/ok", "/refused").replace("1000000", "1000"));
    wire.answer(200);
    assertThat(wire.isOpen()).isTrue();
    wire.pass(seconds(3));
    assertThat(wire.isOpen()).isFalse();
  }

  @Test
  void timeInWhichTheApplicationDoesNotRead_doesNotCount() {
    Wire wire = wire();
    wire.channel.config().setAutoRead(false);
    wire.send(UPLOAD).pass(seconds(100));
    assertThat(wire.isOpen()).isTrue();
    wire.channel.read();
    wire.pass(seconds(7));
    assertTimedOut(wire);
  }

  @Test
  void timeInWhichAResponseIsSent_doesNotCount() {
    Wire wire = wire().send(UPLOAD);
    wire.write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    wire.pass(seconds(100));
    assertThat(wire.isOpen()).isTrue();
    wire.write(LastHttpContent.EMPTY_LAST_CONTENT);
    wire.pass(seconds(7));
    assertThat(wire.isOpen()).isFalse();
    assertThat(wire.statuses()).as("it was answered").containsExactly(200);
  }

  @Test
  void bodyThatWaitsFor100_isNotTimedBeforeIt() {
    Wire wire = wire().send(UPLOAD.replace("Host", "Expect: 100-continue\r\nHost"));
    wire.pass(seconds(40));
    assertThat(wire.isOpen()).isTrue();
    wire.answer(100);
    wire.received();
    wire.pass(seconds(7));
    assertTimedOut(wire);
  }

  @Test
  void noRate_noLimit() {
    Wire wire = wire(handler().minBodyRate(0, seconds(1)).build()).send(UPLOAD);
    wire.pass(seconds(200));
    assertThat(wire.isOpen()).isTrue();
  }

  @Test
  void connectionThatSendsNothing_isClosedWithoutAWord() {
    Wire wire = wire();
    wire.pass(seconds(59));
    assertThat(wire.isOpen()).isTrue();
    wire.pass(seconds(16));
    assertThat(wire.isOpen()).isFalse();
    assertThat(wire.received()).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  void connectionThatIsServedSlowly_isNotIdle_norRightAfter() {
    Wire wire = wire().send(GET).pass(seconds(1_000));
    assertThat(wire.isOpen()).isTrue();
    wire.answer(200);
    wire.pass(seconds(59));
    assertThat(wire.isOpen()).isTrue();
    wire.pass(seconds(17));
    assertThat(wire.isOpen()).isFalse();
  }

  @Test
  void connectionThatIsUsedNowAndThen_isNotIdle() {
    Wire wire = wire();
    for (int i = 0; i < 20; i++) {
      wire.pass(seconds(50)).send(GET).answer(200);
    }
    assertThat(wire.isOpen()).isTrue();
  }

  @Test
  void afterAnUpgrade_nothingIsTimed() {
    Wire wire = wire().send("GET /ws HTTP/1.1\r\nHost: a\r\n\r\n");
    wire.answer(101);
    wire.pass(seconds(1_000));
    assertThat(wire.isOpen()).isTrue();
  }

  @Test
  void lateHeader_afterARefusal_isStillAnswered() {
    Wire wire = wire().send(REFUSED).send("GET /o");
    assertThat(wire.statuses()).containsExactly(429);
    wire.pass(seconds(10));
    assertTimedOut(wire);
  }
}

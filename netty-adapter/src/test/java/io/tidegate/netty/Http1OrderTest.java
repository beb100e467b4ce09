package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Verdict;
import io.tidegate.netty.ConnectionEvent.Type;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Pipelined requests are served one at a time, and answered in order. */
class Http1OrderTest extends WireTest {

  @Test
  void secondRequest_whileTheFirstIsServed_waits() {
    Wire wire = wire().send(GET + "GET /second HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(wire.seen).containsExactly("GET /ok", "end");
    wire.answer(200);
    assertThat(wire.seen).containsExactly("GET /ok", "end", "GET /second", "end");
    wire.answer(201);
    assertThat(wire.statuses()).containsExactly(200, 201);
  }

  @Test
  void refusal_behindASlowAnswer_doesNotOvertakeIt() {
    Wire wire = wire().send(GET + REFUSED + GET + REFUSED);
    assertThat(wire.received()).isEmpty();
    assertThat(gate.status().verdicts()).containsEntry(Verdict.Kind.THROTTLED, 0L);
    wire.answer(200);
    assertThat(wire.statuses()).containsExactly(200, 429);
    wire.answer(201);
    assertThat(wire.statuses()).containsExactly(201, 429);
  }

  @Test
  void bodiesOfWaitingRequests_stayWithThem() {
    Wire wire =
        wire().send(GET + post("/a", "one") + post("/refused", "two") + post("/b", "three"));
    wire.answer(200);
    assertThat(wire.seen).containsExactly("GET /ok", "end", "POST /a", "one", "end");
    wire.answer(200);
    assertThat(wire.seen).endsWith("POST /b", "three", "end");
    wire.answer(200);
    assertThat(wire.statuses()).containsExactly(200, 200, 429, 200);
  }

  private static String post(String path, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void whileRequestsWait_nothingIsRead() {
    Wire wire = wire().send(GET);
    int before = wire.reads;
    wire.send(GET);
    assertThat(wire.reads).isEqualTo(before);
    wire.answer(200);
    assertThat(wire.reads).isEqualTo(before + 1);
    assertThat(wire.seen).hasSize(4);
  }

  /** A transport that reads by itself goes on without being asked. */
  @Test
  void whileRequestsWait_automaticReadingIsOff() {
    Wire wire = wire().send(GET);
    assertThat(wire.channel.config().isAutoRead()).as("to learn of its end").isTrue();
    wire.send(GET + GET);
    assertThat(wire.channel.config().isAutoRead()).isFalse();
    wire.answer(200);
    assertThat(wire.channel.config().isAutoRead()).isFalse();
    wire.answer(200);
    assertThat(wire.channel.config().isAutoRead()).isTrue();
    assertThat(wire.seen).hasSize(6);
  }

  @Test
  void automaticReading_thatWasOff_staysOff() {
    Wire wire = wire();
    wire.channel.config().setAutoRead(false);
    wire.send(GET + GET);
    wire.answer(200);
    wire.answer(200);
    assertThat(wire.channel.config().isAutoRead()).isFalse();
  }

  @Test
  void automaticReading_ofAnotherProtocol_goesOn() {
    Wire wire = wire().send(GET + GET);
    wire.write(Wire.response(101));
    assertThat(wire.channel.config().isAutoRead()).isTrue();
  }

  @Test
  void automaticReading_ofAnApplicationAlone_goesOn() {
    Wire wire = wire().send(GET + GET);
    wire.channel.pipeline().remove(Http1Connection.class);
    assertThat(wire.channel.config().isAutoRead()).isTrue();
  }

  @Test
  void refusals_withoutAutoRead_goOnReading() {
    Wire wire = wire();
    wire.channel.config().setAutoRead(false);
    int before = wire.reads;
    wire.send(REFUSED);
    assertThat(wire.statuses()).containsExactly(429);
    assertThat(wire.reads).isEqualTo(before + 1);
    wire.send(GET);
    assertThat(wire.reads).as("the application's to ask").isEqualTo(before + 1);
  }

  @Test
  void manyRequests_inOnePiece_areServedByAnApplicationThatAnswersAtOnce() {
    Wire wire = wire();
    wire.onRequest = request -> wire.channel.pipeline().lastContext().write(Wire.response(200));
    wire.send(String.join("", Collections.nCopies(500, GET + REFUSED)));
    wire.channel.flush();
    assertThat(wire.statuses()).hasSize(1_000);
    assertThat(wire.seen).hasSize(1_000);
    assertThat(wire.isOpen()).isTrue();
    assertThat(events).isEmpty();
  }

  @Test
  void moreThanMayWait_areNotTaken_andTheConnectionEndsAfterTheOthers() {
    Wire wire = wire(handler().maxPipelined(3).build());
    wire.send(String.join("", Collections.nCopies(50, GET)));
    assertThat(eventTypes()).containsExactly(Type.PIPELINE_FULL);
    for (int i = 0; i < 4; i++) {
      assertThat(wire.isOpen()).isTrue();
      wire.answer(200);
    }
    assertThat(wire.statuses()).containsExactly(200, 200, 200, 200);
    assertThat(wire.seen).hasSize(8);
    assertThat(wire.isOpen()).isFalse();
  }

  /** To close a socket with something unread may cost the client the answers before it. */
  @Test
  void ofWhatIsNotTaken_aLittleIsReadAndThrownAway() {
    Wire wire = wire(handler().maxPipelined(3).maxDrain(10_000).build());
    wire.send(String.join("", Collections.nCopies(30, GET)));
    assertThat(wire.channel.config().isAutoRead()).isTrue();
    wire.send(String.join("", Collections.nCopies(30, GET)));
    assertThat(wire.channel.config().isAutoRead()).isFalse();
    wire.answer(200);
    assertThat(wire.channel.config().isAutoRead()).isFalse();
    assertThat(wire.seen).hasSize(4);
  }

  @Test
  void afterWhatCannotBeDecoded_nothingMoreIsRead() {
    Wire wire = wire(handler().maxPipelined(3).build());
    wire.send(String.join("", Collections.nCopies(5, GET)));
    assertThat(wire.channel.config().isAutoRead()).isTrue();
    wire.send("nonsense\r\n\r\n");
    assertThat(wire.channel.config().isAutoRead()).isFalse();
  }

  @Test
  void automaticReading_thatTheApplicationTurnsOff_staysOff() {
    Wire wire = wire();
    wire.onRequest = request -> wire.channel.config().setAutoRead(!request.uri().equals("/second"));
    wire.send(GET + "POST /second HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx");
    int before = wire.reads;
    wire.answer(200);
    assertThat(wire.seen).endsWith("POST /second", "x");
    assertThat(wire.channel.config().isAutoRead()).isFalse();
    assertThat(wire.reads).isEqualTo(before);
  }

  @Test
  void clientThatDoesNotReadItsAnswers_isNotServedUntilItDoes() {
    Wire wire = wire();
    wire.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    wire.channel.runPendingTasks();
    wire.send(REFUSED + GET);
    assertThat(wire.received()).isEmpty();
    wire.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    wire.channel.runPendingTasks();
    assertThat(wire.statuses()).containsExactly(429);
    assertThat(wire.seen).containsExactly("GET /ok", "end");
  }

  @Test
  void waitingRequests_whenTheConnectionCloses_areForgotten() {
    Wire wire = wire().send(GET + post("/a", "one") + REFUSED);
    wire.channel.close();
    wire.channel.runPendingTasks();
    assertThat(wire.seen).containsExactly("GET /ok", "end");
    assertThat(gate.status().verdicts())
        .containsEntry(Verdict.Kind.ADMITTED, 1L)
        .containsEntry(Verdict.Kind.THROTTLED, 0L);
  }

  @Test
  void waitingRequests_whenTheHandlerIsRemoved_passUndecided() {
    Wire wire = wire().send(GET + REFUSED);
    wire.channel.pipeline().remove(Http1Connection.class);
    assertThat(wire.seen).containsExactly("GET /ok", "end", "GET /refused", "end");
  }
}

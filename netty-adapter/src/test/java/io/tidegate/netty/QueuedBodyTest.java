package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Bulkhead;
import io.tidegate.Gate;
import io.tidegate.overload.Slots;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client sends while its request waits for a slot. */
class QueuedBodyTest extends WireTest {

  private static final String UPLOAD =
      "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";

  private final Slots slots =
      closing(Slots.builder(1).maxWait(Duration.ofMinutes(10)).ticker(ticker).build());
  private final TidegateHttpHandler behindSlots =
      new TidegateHttpHandler(
          closing(Gate.builder().ticker(ticker).bulkhead(Bulkhead.builder(slots).build()).build()));

  private Wire first;

  @BeforeEach
  void takeTheOnlySlot() {
    first = wire(behindSlots).send(GET);
    assertThat(first.seen).containsExactly("GET /ok", "end");
  }

  /** Who does not read does not learn that the client has gone. */
  @Test
  void whileLittleOfABodyWaits_theConnectionIsRead() {
    Wire queued = wire(behindSlots).send(UPLOAD + "x");
    assertThat(slots.report().waiting()).isEqualTo(1);
    assertThat(queued.channel.config().isAutoRead()).isTrue();
    queued.channel.close();
    queued.channel.runPendingTasks();
    assertThat(slots.report().waiting()).isZero();
  }

  @Test
  void pipelinedRequest_onceItWaitsForASlotItself_isReadAfter() {
    wire(behindSlots).send(GET);
    first.send(GET);
    assertThat(first.channel.config().isAutoRead()).isFalse();
    first.answer(200);
    assertThat(slots.report().waiting()).isEqualTo(1);
    assertThat(first.channel.config().isAutoRead()).as("to learn of its end").isTrue();
  }

  @Test
  void requestWithoutABody_refusedAfterItWaited_isClosedAtOnceIfItIsTheLast() {
    Wire queued = wire(behindSlots).send(GET.replace("Host", "Connection: close\r\nHost"));
    assertThat(slots.report().waiting()).isEqualTo(1);
    slots.close();
    queued.channel.runPendingTasks();
    assertThat(queued.statuses()).hasSize(1);
    assertThat(queued.isOpen()).isFalse();
  }

  @Test
  void whileMuchOfABodyWaits_theConnectionIsNotRead_andGoesOnAfterwards() {
    Wire queued = wire(behindSlots).send(UPLOAD).send("x".repeat(70_000));
    assertThat(queued.channel.config().isAutoRead()).isFalse();
    assertThat(queued.seen).isEmpty();
    first.answer(200);
    queued.channel.runPendingTasks();
    assertThat(queued.channel.config().isAutoRead()).isTrue();
    queued.send("x".repeat(30_000));
    assertThat(queued.seen).first().isEqualTo("POST /upload");
    assertThat(String.join("", queued.seen)).endsWith("xend").hasSize(100_000 + 15);
    queued.answer(201);
    assertThat(queued.statuses()).containsExactly(201);
  }
}

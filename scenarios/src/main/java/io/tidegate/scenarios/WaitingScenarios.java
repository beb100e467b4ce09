package io.tidegate.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Bulkhead;
import io.tidegate.Gate;
import io.tidegate.GateStatus;
import io.tidegate.Match;
import io.tidegate.overload.Slots;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests that wait for a slot, without a thread. */
abstract class WaitingScenarios extends Scenario {

  private final Starter starter;
  private final CountDownLatch release = new CountDownLatch(1);
  private @Nullable Gate gate;

  WaitingScenarios(Starter starter) {
    this.starter = starter;
  }

  private void start(Duration maxWait) throws Exception {
    Slots slots = Slots.builder(1).maxWait(maxWait).build();
    closing(slots);
    closing(release::countDown);
    Match guarded = Match.path("/free").not();
    gate = gate(Gate.builder().bulkhead(Bulkhead.builder(slots).match(guarded).build()));
    Endpoint slow =
        exchange -> {
          release.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
          exchange.answer(200, "slow");
        };
    Endpoint broken =
        exchange -> {
          throw new IllegalStateException("broken on purpose");
        };
    start(
        starter,
        gate,
        Map.of("/slow", slow, "/hello", hello(), "/free", hello(), "/broken", broken));
  }

  private CompletableFuture<HttpResponse<String>> send(String path, String body) {
    return client()
        .sendAsync(
            request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private Slots.Report report() {
    GateStatus status = Objects.requireNonNull(gate, "gate").status();
    return Objects.requireNonNull(status.slots(), "slots");
  }

  private void await(Predicate<Slots.Report> what) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!what.test(report())) {
      assertThat(System.nanoTime() - end).as("still %s", report()).isNegative();
      TimeUnit.MILLISECONDS.sleep(5); // a real server's threads get there in their own time
    }
  }

  @Test
  void requestsThatWait_areServedInTheEnd_withTheirBodies() throws Exception {
    start(Duration.ofMinutes(10));
    CompletableFuture<HttpResponse<String>> slow = send("/slow", "");
    await(report -> report.inUse() == 1);
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiting.add(send("/hello", "x".repeat(i * 100)));
    }
    await(report -> report.waiting() == 5);
    assertThat(served).hasValue(0);
    assertThat(get("/free").statusCode()).as("needs no slot").isEqualTo(200);
    release.countDown();
    assertThat(slow.get(20, TimeUnit.SECONDS).body()).isEqualTo("slow");
    for (int i = 0; i < 5; i++) {
      assertThat(waiting.get(i).get(20, TimeUnit.SECONDS).body()).isEqualTo("hello, " + i * 100);
    }
    await(report -> report.inUse() == 0);
  }

  @Test
  void requestThatWaitsTooLong_isRefused() throws Exception {
    start(Duration.ofMillis(100));
    CompletableFuture<HttpResponse<String>> slow = send("/slow", "");
    await(report -> report.inUse() == 1);
    HttpResponse<String> late = send("/hello", "x").get(20, TimeUnit.SECONDS);
    assertThat(late.statusCode()).isEqualTo(503);
    assertThat(late.headers().firstValue("Retry-After")).isPresent();
    assertThat(late.headers().firstValue("Content-Type")).contains("application/problem+json");
    release.countDown();
    assertThat(slow.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    await(report -> report.inUse() == 0);
    assertThat(send("/hello", "x").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void manyAtOnce_leakNoSlot() throws Exception {
    start(Duration.ofMinutes(10));
    release.countDown();
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      all.add(send("/hello", "x"));
    }
    int ok = 0;
    for (CompletableFuture<HttpResponse<String>> one : all) {
      int status = one.get(20, TimeUnit.SECONDS).statusCode();
      assertThat(status).isIn(200, 503);
      ok += status == 200 ? 1 : 0;
    }
    assertThat(ok).isGreaterThanOrEqualTo(9).isEqualTo(served.get());
    await(report -> report.inUse() == 0 && report.waiting() == 0);
  }

  @Test
  void clientsThatVanishWhileTheyWait_leaveNothingBehind() throws Exception {
    start(Duration.ofMinutes(10));
    CompletableFuture<HttpResponse<String>> slow = send("/slow", "");
    await(report -> report.inUse() == 1);
    List<RawConnection> gone = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      gone.add(connect().send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    await(report -> report.waiting() == 5);
    for (RawConnection connection : gone) {
      connection.reset();
    }
    release.countDown();
    assertThat(slow.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    await(report -> report.inUse() == 0 && report.waiting() == 0);
    assertThat(send("/hello", "x").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void clientThatVanishesWhileItIsServed_givesItsSlotBack() throws Exception {
    start(Duration.ofMinutes(10));
    RawConnection gone = connect().send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    await(report -> report.inUse() == 1);
    CompletableFuture<HttpResponse<String>> next = send("/hello", "x");
    await(report -> report.waiting() == 1 || report.inUse() == 0);
    gone.reset();
    release.countDown();
    assertThat(next.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    await(report -> report.inUse() == 0);
  }

  @Test
  void endpointThatThrows_givesItsSlotBack_atOnceAndAfterAWait() throws Exception {
    start(Duration.ofMinutes(10));
    for (int i = 0; i < 3; i++) {
      assertThat(send("/broken", "").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
    }
    await(report -> report.inUse() == 0);
    CompletableFuture<HttpResponse<String>> slow = send("/slow", "");
    await(report -> report.inUse() == 1);
    CompletableFuture<HttpResponse<String>> broken = send("/broken", "");
    await(report -> report.waiting() == 1);
    release.countDown();
    assertThat(slow.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(broken.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
    await(report -> report.inUse() == 0);
  }

  @Test
  void endpointThatHangs_hasOthersRefusedInTime_andServedWhenItEnds() throws Exception {
    start(Duration.ofMillis(50));
    CompletableFuture<HttpResponse<String>> hangs = send("/slow", "");
    await(report -> report.inUse() == 1);
    for (int i = 0; i < 3; i++) {
      assertThat(send("/hello", "x").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
    }
    assertThat(get("/free").statusCode()).isEqualTo(200);
    release.countDown();
    assertThat(hangs.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    await(report -> report.inUse() == 0);
    assertThat(send("/hello", "x").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }
}

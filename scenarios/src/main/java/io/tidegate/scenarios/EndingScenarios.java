package io.tidegate.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Outcome;
import io.tidegate.Rule;
import io.tidegate.limit.Quota;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How requests end, and what the gate learns of it. */
abstract class EndingScenarios extends Scenario {

  private final Starter starter;

  EndingScenarios(Starter starter) {
    this.starter = starter;
  }

  private static final Rule LOGIN =
      Rule.named("login").quota(Quota.perMinute(2)).chargeWhen(Outcome::failed).build();

  @Test
  void loginThatFails_isCharged_andOneThatSucceedsIsFree() throws Exception {
    Endpoint login = exchange -> exchange.answer(exchange.body().equals("right") ? 200 : 401, "");
    start(starter, gate(LOGIN), Map.of("/login", login));
    for (int i = 0; i < 5; i++) {
      assertThat(post("/login", "right").statusCode()).isEqualTo(200);
    }
    assertThat(post("/login", "wrong").statusCode()).isEqualTo(401);
    assertThat(post("/login", "right").statusCode()).isEqualTo(200);
    assertThat(post("/login", "wrong").statusCode()).isEqualTo(401);
    assertThat(post("/login", "right").statusCode()).isEqualTo(429);
  }

  @Test
  void failureThatOnlyTheEndpointKnowsOf_isCharged() throws Exception {
    Endpoint login =
        exchange -> {
          exchange.markFailed();
          exchange.answer(200, "wrong password");
        };
    start(starter, gate(LOGIN), Map.of("/login", login));
    assertThat(get("/login").statusCode()).isEqualTo(200);
    assertThat(get("/login").statusCode()).isEqualTo(200);
    assertThat(get("/login").statusCode()).isEqualTo(429);
  }

  @Test
  void endpointThatThrows_endsItsRequestWith500() throws Exception {
    Outcomes outcomes = new Outcomes();
    Endpoint broken =
        exchange -> {
          throw new IllegalStateException("broken on purpose");
        };
    start(starter, gate(outcomes.rule(9)), Map.of("/broken", broken, "/hello", hello()));
    assertThat(get("/broken").statusCode()).isEqualTo(500);
    assertThat(outcomes.next()).isEqualTo(new Outcome(500, false));
    assertAdmittedSoon("/hello");
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
    assertThat(outcomes.isEmpty()).isTrue();
  }

  @Test
  void streamedResponse_keepsItsPermitUntilTheLastByte() throws Exception {
    Outcomes outcomes = new Outcomes();
    CountDownLatch last = new CountDownLatch(1);
    Endpoint stream =
        exchange -> {
          exchange.send("first");
          last.await();
          exchange.send("last");
        };
    start(starter, gate(outcomes.ruleOfOneAtOnce()), Map.of("/stream", stream));
    HttpResponse<InputStream> response =
        client().send(request("/stream").build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(new String(response.body().readNBytes(5), StandardCharsets.ISO_8859_1))
        .isEqualTo("first");
    assertThat(get("/stream").statusCode()).isEqualTo(429);
    assertThat(outcomes.isEmpty()).isTrue();
    last.countDown();
    assertThat(new String(response.body().readAllBytes(), StandardCharsets.ISO_8859_1))
        .isEqualTo("last");
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
    assertAdmittedSoon("/stream");
  }

  @Test
  void clientThatGoesAway_givesItsPermitBack() throws Exception {
    Outcomes outcomes = new Outcomes();
    Endpoint endless =
        exchange -> {
          long end = System.nanoTime() + PATIENCE.toNanos();
          while (System.nanoTime() - end < 0) {
            exchange.send("more ".repeat(2_000));
          }
        };
    start(
        starter, gate(outcomes.ruleOfOneAtOnce()), Map.of("/endless", endless, "/hello", hello()));
    RawConnection client = connect();
    client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(get("/hello").statusCode()).isEqualTo(429);
    client.reset();
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
    assertAdmittedSoon("/hello");
  }

  /** The endpoint learns by an exception that the body ends early. */
  @Test
  void clientThatGoesAway_inTheMiddleOfItsBody_givesItsPermitBack() throws Exception {
    Outcomes outcomes = new Outcomes();
    CountDownLatch reading = new CountDownLatch(1);
    Endpoint reader =
        exchange -> {
          reading.countDown();
          exchange.answer(200, exchange.body());
        };
    start(starter, gate(outcomes.ruleOfOneAtOnce()), Map.of("/read", reader, "/hello", hello()));
    RawConnection client = connect();
    client.send("POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf");
    reading.await();
    client.reset();
    assertThat(outcomes.next().status()).isNotEqualTo(200);
    assertAdmittedSoon("/hello");
  }

  @Test
  void keepAliveConnection_endsRequestsOneByOne() throws Exception {
    Outcomes outcomes = new Outcomes();
    start(starter, gate(outcomes.rule(5)), Map.of("/hello", hello()));
    try (RawConnection client = connect()) {
      for (int i = 0; i < 5; i++) {
        client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
      }
    } catch (IOException e) {
      throw new AssertionError("the connection was closed", e);
    }
  }
}

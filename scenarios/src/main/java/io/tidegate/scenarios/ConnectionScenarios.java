package io.tidegate.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.limit.Quota;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Refusals leave a connection in step: either the next request on it is answered as itself, or the
 * connection is closed. Never is what is left of a body taken for a request.
 */
abstract class ConnectionScenarios extends Scenario {

  private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

  /** A body that is a request, if read as one. */
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

  private final Starter starter;

  ConnectionScenarios(Starter starter) {
    this.starter = starter;
  }

  @BeforeEach
  void startRefusing() throws Exception {
    Rule rule =
        Rule.named("post").match(Match.path("/post")).quota(Quota.perDay(1)).cost(2).build();
    Endpoint next = exchange -> exchange.answer(200, "next");
    start(starter, gate(rule), Map.of("/post", hello(), "/next", next, "/smuggled", hello()));
  }

  private void assertNextIsAnsweredOrClosed(RawConnection client) {
    RawConnection.Answer answer;
    try {
      answer = client.send(NEXT).read();
    } catch (IOException e) {
      return; // closed
    }
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("next");
  }

  @Test
  void smallBody_refused_connectionGoesOn() throws Exception {
    RawConnection client = connect();
    for (int i = 0; i < 3; i++) {
      client.send(
          "POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: "
              + SMUGGLED.length()
              + "\r\n\r\n"
              + SMUGGLED);
      assertThat(client.read().status()).isEqualTo(429);
      RawConnection.Answer next = client.send(NEXT).read();
      assertThat(next.body()).isEqualTo("next");
    }
    assertThat(served).hasValue(0);
  }

  @Test
  void chunkedBody_refused_connectionStaysInStep() throws Exception {
    RawConnection client = connect();
    client.send(
        "POST /post HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(SMUGGLED.length())
            + "\r\n"
            + SMUGGLED
            + "\r\n0\r\n\r\n");
    assertThat(client.read().status()).isEqualTo(429);
    assertNextIsAnsweredOrClosed(client);
    assertThat(served).hasValue(0);
  }

  @Test
  void tenMegabytes_refused_answerArrivesAndConnectionStaysInStep() throws Exception {
    byte[] body =
        SMUGGLED.repeat(10_000_000 / SMUGGLED.length()).getBytes(StandardCharsets.ISO_8859_1);
    RawConnection client = connect();
    client.send("POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n");
    // Half of a body is enough to be refused; a server must not wait for the rest.
    client.send(Arrays.copyOf(body, 50_000));
    assertThat(client.read().status()).isEqualTo(429);
    try {
      client.send(Arrays.copyOfRange(body, 50_000, body.length));
    } catch (IOException e) {
      assertThat(served).hasValue(0);
      return; // closed
    }
    assertNextIsAnsweredOrClosed(client);
    assertThat(served).hasValue(0);
  }

  @Test
  void bodyThatIsAnnouncedOnly_isRefusedWithoutBeingAskedFor() throws Exception {
    RawConnection client = connect();
    client.send("POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n");
    client.send("Expect: 100-continue\r\n\r\n");
    assertThat(client.read().status()).isEqualTo(429); // and not 100
  }

  @Test
  void head_refused_connectionGoesOn() throws Exception {
    RawConnection client = connect();
    client.send("HEAD /post HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(429);
    assertThat(client.send(NEXT).read().body()).isEqualTo("next");
  }

  @Test
  void pipelinedRequests_areAnsweredInOrder() throws Exception {
    RawConnection client = connect();
    String refused = "POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
    client.send(NEXT + refused + NEXT + "HEAD /post HTTP/1.1\r\nHost: a\r\n\r\n" + NEXT);
    assertThat(client.read().body()).isEqualTo("next");
    assertThat(client.read().status()).isEqualTo(429);
    assertThat(client.read().body()).isEqualTo("next");
    assertThat(client.readHead().status()).isEqualTo(429);
    assertThat(client.read().body()).isEqualTo("next");
  }

  @Test
  void manyRefusals_useOneConnection() throws Exception {
    RawConnection client = connect();
    for (int i = 0; i < 50; i++) {
      client.send("GET /post HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(429);
    }
    assertThat(served).hasValue(0);
  }
}

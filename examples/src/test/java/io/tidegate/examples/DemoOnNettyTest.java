package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** The demo on Netty, which speaks HTTP/2, too. */
class DemoOnNettyTest extends DemoServerTest {

  DemoOnNettyTest() {
    super("netty");
  }

  private record Answer(int status, String version, HttpHeaders head, String body) {}

  /** Speaks HTTP/2 from the first byte on. */
  private Answer post(String address, String path, String body, String authorization) {
    return HttpClient.create()
        .protocol(HttpProtocol.H2C)
        .host("127.0.0.1")
        .port(port())
        .bindAddress(() -> new java.net.InetSocketAddress(address, 0))
        .headers(fields -> fields.set("Authorization", authorization))
        .post()
        .uri(path)
        .send(ByteBufFlux.fromString(Mono.just(body)))
        .responseSingle(
            (response, content) ->
                content
                    .asString()
                    .defaultIfEmpty("")
                    .map(
                        text ->
                            new Answer(
                                response.status().code(),
                                response.version().text(),
                                response.responseHeaders(),
                                text)))
        .block();
  }

  @Test
  void http2_flood_isToldAllAndStreamsGoOn() {
    String address = "127.0.0.31";
    for (int i = 1; i <= 5; i++) {
      Answer answer = post(address, "/register", account("two-" + i, "high-tide"), "none");
      assertThat(answer.status()).isEqualTo(201);
    }
    Answer refusal = post(address, "/register", account("two-6", "high-tide"), "none");
    assertThat(refusal.version()).isEqualTo("HTTP/2.0");
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.head().get("Retry-After")).matches("[1-9]|1[0-2]");
    assertThat(refusal.head().get("Content-Type")).isEqualTo("application/problem+json");

    String body = HELLO.replace("{\"model\"", "{\"stream\":true,\"model\"");
    Answer stream = post(address, "/v1/chat/completions", body, "Bearer demo-key");
    assertThat(stream.status()).isEqualTo(200);
    assertThat(stream.head().getAll("RateLimit")).asString().contains("\"chat.demo\";r=");
    assertThat(List.of(stream.body().split("\n\n"))).hasSize(25).endsWith("data: [DONE]");
  }

  @Test
  void http2_bodyThatIsTooLong_is413() {
    Answer answer = post("127.0.0.32", "/register", "x".repeat(JsonBodies.MOST_BYTES + 1), "none");
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains("longer than 65536 bytes");
  }
}

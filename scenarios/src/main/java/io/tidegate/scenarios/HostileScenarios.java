package io.tidegate.scenarios;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that were written to get around a gate, or to make it say what it should not. */
abstract class HostileScenarios extends Scenario {

  private final Starter starter;

  HostileScenarios(Starter starter) {
    this.starter = starter;
  }

  /** A server may refuse to read such a path at all; the endpoint must not be reached by it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/hello",
        "/v1/hello?x=1",
        "/v1/hello/",
        "/v1/hello//",
        "//v1//hello",
        "/v1/./hello",
        "/v1/../v1/hello",
        "/../v1/hello",
        "/v1/x/..;y=1/hello",
        "/v1/%2e%2e/v1/hello",
        "/v1/hello;v=1",
        "/v1;a=b;c/hello",
        "/v1/hello;jsessionid=0",
        "/v1/%68ello",
        "/%76%31/hell%6F",
        "/v1%2fhello",
        "/v1%2Fhello",
        "/v1%5chello",
        "/v1\\hello",
        "/x/%2e%2e/v1/hello",
        "/v1/hello%3Bv=1",
        "/v1/hello/%2e",
        "/v1/hello?/../other",
        "http://elsewhere.example/v1/hello"
      })
  void oddPath_overQuota_doesNotReachEndpoint(String path) throws Exception {
    Rule rule =
        Rule.named("hello").match(Match.path("/v1/hello/**")).quota(Quota.perDay(1)).build();
    start(starter, gate(rule), Map.of("/v1/hello", hello(), "/other", hello()));
    assertThat(get("/v1/hello").statusCode()).isEqualTo(200);
    RawConnection client = connect();
    String host = path.startsWith("http") ? "elsewhere.example" : "127.0.0.1";
    client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    assertThat(client.read().status()).isIn(400, 404, 429);
    assertThat(served).hasValue(1);
  }

  @Test
  void methodInLowerCase_overQuota_doesNotReachEndpoint() throws Exception {
    start(starter, gate(rule("all", 1)), Map.of("/hello", hello()));
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    RawConnection client = connect();
    client.send("get /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(client.read().status()).isBetween(400, 499);
    assertThat(served).hasValue(1);
  }

  @Test
  void whatAClientSends_isNeverInTheAnswer() throws Exception {
    ClientResolver clients =
        ClientResolver.builder().trust("127.0.0.0/8").header("X-Forwarded-For").build();
    Rule rule = Rule.named("hello").per(KeyBy.apiKey()).quota(Quota.perDay(1)).build();
    start(starter, gate(Gate.builder().clients(clients).rule(rule)), Map.of("/hello", hello()));
    String evil = "evil%0d%0aX-Evil:%201";
    for (int status : new int[] {200, 429}) {
      RawConnection.Answer answer =
          connect()
              .send("GET /hello?" + evil + " HTTP/1.1\r\nHost: a\r\n")
              .send("X-Forwarded-For: " + evil + "\r\n")
              .send("Origin: " + evil + "\r\n")
              .send("Authorization: Bearer " + evil + "\r\n")
              .send("User-Agent: " + evil + "\r\n\r\n")
              .read();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.fields().firstValue("X-Evil")).isEmpty();
      assertThat(answer.toString()).doesNotContainIgnoringCase("evil");
    }
  }

  /** Bytes that a server passes on, or refuses to read: no matter, but no 500 and no way around. */
  @Test
  void randomFields_overQuota_neverReachEndpointOrFail() throws Exception {
    ClientResolver clients =
        ClientResolver.builder().trust("127.0.0.0/8").header("X-Forwarded-For").build();
    Rule rule = Rule.named("hello").together().quota(Quota.perDay(1)).build();
    start(starter, gate(Gate.builder().clients(clients).rule(rule)), Map.of("/hello", hello()));
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    int refused = 0;
    for (long seed = 1; seed <= 60; seed++) {
      int status = ask(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
      assertThat(status).as("seed %d", seed).isIn(400, 429);
      assertThat(served).as("seed %d", seed).hasValue(1);
      refused += status == 429 ? 1 : 0;
    }
    assertThat(refused).as("requests that got to the gate").isPositive();
  }

  private int ask(RandomGenerator random) throws IOException {
    boolean wild = random.nextInt(3) == 0;
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes("GET /hello HTTP/1.1\r\nHost: a\r\n".getBytes(US_ASCII));
    for (String name : new String[] {"X-Forwarded-For", "Origin", "Authorization", "Cookie"}) {
      request.writeBytes((name + ": ").getBytes(US_ASCII));
      request.writeBytes(value(random, wild ? 0 : ' '));
      request.writeBytes("\r\n".getBytes(US_ASCII));
    }
    request.writeBytes("\r\n".getBytes(US_ASCII));
    try (RawConnection client = connect()) {
      return client.send(request.toByteArray()).read().status();
    }
  }

  /** Any bytes from the least on, but for line breaks. */
  private static byte[] value(RandomGenerator random, int least) {
    byte[] value = new byte[random.nextInt(200)];
    for (int i = 0; i < value.length; i++) {
      int octet = random.nextInt(least, 256);
      value[i] = (byte) (octet == '\r' || octet == '\n' || octet == 0x7f ? ',' : octet);
    }
    return value;
  }

  @Test
  void hugeForwardingHeader_isReadFromItsEnd() throws Exception {
    ClientResolver clients =
        ClientResolver.builder().trust("127.0.0.0/8").header("X-Forwarded-For").build();
    start(
        starter,
        gate(Gate.builder().clients(clients).rule(rule("hello", 1))),
        Map.of("/hello", hello()));
    String hops = "203.0.113.7, ".repeat(400);
    assertThat(get("/hello", "X-Forwarded-For", hops + "192.0.2.1").statusCode()).isEqualTo(200);
    assertThat(get("/hello", "X-Forwarded-For", hops + "192.0.2.1").statusCode()).isEqualTo(429);
    assertThat(get("/hello", "X-Forwarded-For", hops + "192.0.2.2").statusCode()).isEqualTo(200);
  }
}

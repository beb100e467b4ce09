package io.tidegate.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whom a request is counted against. */
abstract class AskingScenarios extends Scenario {

  private static final String HEADER = "X-Forwarded-For";

  private final Starter starter;

  AskingScenarios(Starter starter) {
    this.starter = starter;
  }

  private void startBehindProxy(String header) throws Exception {
    ClientResolver clients = ClientResolver.builder().trust("127.0.0.0/8").header(header).build();
    Gate gate = gate(Gate.builder().clients(clients).rule(rule("hello", 1)));
    start(starter, gate, Map.of("/hello", hello()));
  }

  @Test
  void otherAddress_behindTrustedProxy_goesOn() throws Exception {
    startBehindProxy(HEADER);
    assertThat(get("/hello", HEADER, "192.0.2.1").statusCode()).isEqualTo(200);
    assertThat(get("/hello", HEADER, "192.0.2.1").statusCode()).isEqualTo(429);
    assertThat(get("/hello", HEADER, "192.0.2.2").statusCode()).isEqualTo(200);
    assertThat(get("/hello", HEADER, "2001:db8::1").statusCode()).isEqualTo(200);
    assertThat(get("/hello", HEADER, "2001:db8::2").statusCode()).isEqualTo(429);
  }

  @Test
  void forgedHops_leftOfTheProxysOwn_changeNothing() throws Exception {
    startBehindProxy(HEADER);
    assertThat(get("/hello", HEADER, "203.0.113.1, 192.0.2.1").statusCode()).isEqualTo(200);
    assertThat(get("/hello", HEADER, "203.0.113.2, 192.0.2.1").statusCode()).isEqualTo(429);
  }

  @Test
  void severalLines_areReadAsOneList() throws Exception {
    startBehindProxy(HEADER);
    assertThat(get("/hello", HEADER, "203.0.113.1", HEADER, "192.0.2.1").statusCode())
        .isEqualTo(200);
    assertThat(get("/hello", HEADER, "203.0.113.2", HEADER, "192.0.2.1").statusCode())
        .isEqualTo(429);
    assertThat(get("/hello", HEADER, "192.0.2.1", HEADER, "203.0.113.1").statusCode())
        .isEqualTo(200);
  }

  @Test
  void forwardedHeader_isRead() throws Exception {
    startBehindProxy("Forwarded");
    assertThat(get("/hello", "Forwarded", "for=192.0.2.1;proto=http").statusCode()).isEqualTo(200);
    assertThat(get("/hello", "Forwarded", "FOR=\"192.0.2.1:4711\"").statusCode()).isEqualTo(429);
    assertThat(get("/hello", "Forwarded", "for=\"[2001:db8::1]\"").statusCode()).isEqualTo(200);
  }

  @Test
  void forwardingHeader_withoutTrustedProxy_changesNothing() throws Exception {
    start(starter, gate(rule("hello", 1)), Map.of("/hello", hello()));
    assertThat(get("/hello", HEADER, "192.0.2.1").statusCode()).isEqualTo(200);
    assertThat(get("/hello", HEADER, "192.0.2.2").statusCode()).isEqualTo(429);
  }

  @Test
  void apiKeys_countApart_andWithoutKeyTheRuleDoesNotApply() throws Exception {
    Rule rule = Rule.named("key").per(KeyBy.apiKey()).quota(Quota.perMinute(1)).build();
    start(starter, gate(rule), Map.of("/hello", hello()));
    assertThat(get("/hello", "authorization", "bearer one").statusCode()).isEqualTo(200);
    assertThat(get("/hello", "Authorization", "Bearer one").statusCode()).isEqualTo(429);
    assertThat(get("/hello", "Authorization", "Bearer two").statusCode()).isEqualTo(200);
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    assertThat(get("/hello").statusCode()).isEqualTo(200);
  }

  @Test
  void host_inAnyCaseWithPort_matches() throws Exception {
    Rule rule =
        Rule.named("api").match(Match.host("api.example.com")).quota(Quota.perMinute(2)).build();
    start(starter, gate(rule), Map.of("/hello", hello()));
    RawConnection client = connect();
    String[] hosts = {"api.example.com", "API.Example.com:8080", "www.example.com"};
    int[] statuses = {200, 200, 200};
    for (int i = 0; i < hosts.length; i++) {
      client.send("GET /hello HTTP/1.1\r\nHost: " + hosts[i] + "\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(statuses[i]);
    }
    client.send("GET /hello HTTP/1.1\r\nHost: api.example.com:80\r\n\r\n");
    assertThat(client.read().status()).isEqualTo(429);
  }
}

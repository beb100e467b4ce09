package io.tidegate;

import static io.tidegate.TestGates.admitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.client.ClientResolver;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Set-ups that look unsafe are noticed, and said once. */
class GateNoticeTest {

  private static final Rule RULE = Rule.named("r").quota(Quota.perMinute(3)).build();

  @RegisterExtension final TestGates gates = new TestGates();

  private Gate behindProxies() {
    ClientResolver clients =
        ClientResolver.builder().header("X-Forwarded-For").trust("10.0.0.0/8").build();
    return gates.open(Gate.builder().clients(clients).rule(RULE));
  }

  private static FakeRequest from(String address, String forwarded) {
    return FakeRequest.get("/").from(address).header("X-Forwarded-For", forwarded);
  }

  private static void noticed(Gate gate, SetupNotice... expected) {
    gate.keep();
    assertThat(gate.status().notices()).containsExactlyInAnyOrder(expected);
  }

  @Test
  void goodSetUp_isNotNoticed() {
    Gate gate = behindProxies();
    for (int i = 0; i < 1_000; i++) {
      gate.enter(from("10.0.0.1", "198.51.100.1"));
    }
    noticed(gate);
    Gate direct = gates.of(RULE);
    admitted(direct, 1_000, FakeRequest.get("/"));
    noticed(direct);
  }

  @Test
  void headerOfAnUntrustedPeer_isNoticed() {
    Gate gate = behindProxies();
    gate.enter(from("203.0.113.7", "198.51.100.1"));
    noticed(gate, SetupNotice.UNTRUSTED_PROXY);
  }

  @Test
  void headerThatCannotBeRead_isNoticedAndTheProxyIsCounted() {
    Gate gate = behindProxies();
    int admitted = 0;
    for (int i = 0; i < 9; i++) {
      admitted += admitted(gate, 1, from("10.0.0.1", "junk" + i));
    }
    assertThat(admitted).isEqualTo(3);
    noticed(gate, SetupNotice.MALFORMED_PROXY_HEADER);
  }

  @Test
  void proxyBeforeAGateThatKnowsOfNone_isNoticed() {
    for (String header : new String[] {"X-Forwarded-For", "Forwarded"}) {
      Gate gate = gates.of(RULE);
      for (int i = 0; i < 2_000; i++) {
        gate.enter(FakeRequest.get("/").header(header, "for=198.51.100.1"));
      }
      noticed(gate, SetupNotice.UNTRUSTED_PROXY);
    }
  }

  @Test
  void serverThatTellsNoAddress_isNoticed() {
    Gate gate = gates.of(RULE);
    admitted(gate, 2_000, FakeRequest.get("/").from(null));
    noticed(gate, SetupNotice.UNKNOWN_PEER);
  }

  @Test
  void moreKeysThanRoom_areNoticed() {
    Gate gate = gates.of(Rule.named("r").quota(Quota.perMinute(3)).maxKeys(1).exact().build());
    admitted(gate, 1, FakeRequest.get("/").from("203.0.113.1"));
    noticed(gate);
    admitted(gate, 1, FakeRequest.get("/").from("203.0.113.2"));
    noticed(gate, SetupNotice.STORE_FULL);
  }

  @Test
  void tableThatAFloodWouldFill_isNoticed() {
    Rule.Builder rule = Rule.named("r").quota(Quota.perMinute(6));
    noticed(gates.of(rule.build()));
    noticed(gates.of(rule.maxKeys(100_000).build()));
    noticed(gates.of(rule.maxKeys(90_000).build()), SetupNotice.TABLE_SMALL);
    noticed(gates.of(rule.maxKeys(90_000).exact().build()));
  }

  @Test
  void notice_isLoggedOnceWithCodeAndMend() {
    Gate gate = gates.of(RULE);
    try (CapturedLog log = new CapturedLog()) {
      for (int i = 0; i < 100; i++) {
        gate.notice(SetupNotice.FILTER_TWICE);
      }
      gate.notice(SetupNotice.STORE_FULL);
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().get(0)).contains("TG002", "register it once");
    }
    noticed(gate, SetupNotice.FILTER_TWICE, SetupNotice.STORE_FULL);
  }

  @Test
  void codes_areUniqueAndEachHasASentence() {
    assertThat(SetupNotice.values())
        .extracting(SetupNotice::code)
        .doesNotHaveDuplicates()
        .allMatch(code -> code.matches("TG[0-9]{3}"));
    assertThat(Arrays.stream(SetupNotice.values()).map(SetupNotice::text))
        .allMatch(text -> text.length() > 40);
  }

  @Test
  void notices_areASnapshot() {
    Set<SetupNotice> before = gates.of().status().notices();
    assertThatThrownBy(() -> before.add(SetupNotice.STORE_FULL))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void housekeeping_forgetsKeysThatOweNothing() {
    Gate gate = gates.of(RULE);
    for (int i = 0; i < 200; i++) {
      admitted(gate, 1, FakeRequest.get("/").from("198.51.100." + i));
    }
    assertThat(TestGates.counts(gate, "r").keys()).isEqualTo(200);
    gates.ticker.advance(Duration.ofMinutes(2));
    gate.keep();
    assertThat(TestGates.counts(gate, "r").keys()).isZero();
  }
}

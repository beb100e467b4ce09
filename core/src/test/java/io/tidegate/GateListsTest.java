package io.tidegate;

import static io.tidegate.TestGates.admitted;
import static io.tidegate.TestGates.counts;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.ClientKey;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.IpAddress;
import io.tidegate.client.NetworkSet;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who passes unlimited, who never passes, and what is not asked at all. */
class GateListsTest {

  private static final Rule RULE = Rule.named("r").quota(Quota.perMinute(3)).build();
  private static final ClientKey CLIENT = ClientKey.address(IpAddress.parse(FakeRequest.CLIENT));

  @RegisterExtension final TestGates gates = new TestGates();

  private static FakeRequest from(String address) {
    return FakeRequest.get("/").from(address);
  }

  @Test
  void allowed_passesUnlimitedAndUncounted() {
    Gate gate = gates.open(Gate.builder().rule(RULE).allow("203.0.113.0/24", "2001:db8::/32"));
    assertThat(admitted(gate, 100, from("203.0.113.7"))).isEqualTo(100);
    assertThat(admitted(gate, 100, from("2001:db8:9::1"))).isEqualTo(100);
    assertThat(admitted(gate, 100, from("203.0.114.7"))).isEqualTo(3);
    assertThat(counts(gate, "r").admitted()).isEqualTo(3);
    assertThat(Reply.of(gate.enter(from("203.0.113.7"))).fields()).isEmpty();
  }

  @Test
  void denied_is403WithoutRetryAfter() {
    List<GateEvent> heard = new ArrayList<>();
    Gate.Builder builder = Gate.builder().rule(RULE).listener(heard::add);
    Gate gate = gates.open(builder.deny("203.0.113.0/24", "2001:db8::/32"));
    for (String address : new String[] {"203.0.113.7", "::ffff:203.0.113.9", "2001:db8::1"}) {
      Verdict verdict = gate.enter(from(address));
      Reply reply = Reply.of(verdict);
      assertThat(verdict.kind()).isEqualTo(Verdict.Kind.DENIED);
      assertThat(verdict.rule()).isNull();
      assertThat(verdict.retryAfter()).isEmpty();
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.fields()).containsOnlyKeys("Cache-Control");
      assertThat(reply.problem().get("status").asInt()).isEqualTo(403);
    }
    assertThat(gate.enter(from("203.0.112.7")).admitted()).isTrue();
    assertThat(heard).hasSize(3).allMatch(event -> event.type() == GateEvent.Type.DENIED);
    assertThat(gate.status().verdicts()).containsEntry(Verdict.Kind.DENIED, 3L);
    assertThat(counts(gate, "r").refused()).isZero();
  }

  @Test
  void allowWinsOverDenyAndBan() {
    Gate gate = gates.open(Gate.builder().rule(RULE).deny("203.0.113.0/24").allow("203.0.113.7"));
    gate.penaltyBox().ban(CLIENT, Duration.ofHours(1));
    assertThat(gate.enter(from("203.0.113.7")).admitted()).isTrue();
    assertThat(gate.enter(from("203.0.113.8")).kind()).isEqualTo(Verdict.Kind.DENIED);
  }

  @Test
  void listsCalledTwice_addUp() {
    Gate gate =
        gates.open(
            Gate.builder().allow("10.0.0.1").allow("10.0.0.2").deny("10.0.0.3").deny("::/0"));
    assertThat(gate.enter(from("10.0.0.1")).admitted()).isTrue();
    assertThat(gate.enter(from("10.0.0.2")).admitted()).isTrue();
    assertThat(gate.enter(from("10.0.0.3")).admitted()).isFalse();
    assertThat(gate.enter(from("2001:db8::1")).admitted()).isFalse();
  }

  @Test
  void replacedLists_countAtOnceAndKeepTheRest() {
    Gate gate = gates.open(Gate.builder().rule(RULE).deny("203.0.113.7"));
    assertThat(admitted(gate, 2, from("203.0.113.8"))).isEqualTo(2);
    gate.replaceDenied(NetworkSet.of("203.0.113.8"));
    assertThat(gate.enter(from("203.0.113.7")).admitted()).isTrue();
    assertThat(gate.enter(from("203.0.113.8")).kind()).isEqualTo(Verdict.Kind.DENIED);
    gate.replaceAllowed(NetworkSet.of("203.0.113.8"));
    assertThat(admitted(gate, 50, from("203.0.113.8"))).isEqualTo(50);
    gate.replaceAllowed(NetworkSet.empty());
    gate.replaceDenied(NetworkSet.empty());
    assertThat(admitted(gate, 50, from("203.0.113.8"))).as("owes as before").isEqualTo(1);
  }

  @Test
  void replacedRules_keepTheLists() {
    Gate gate = gates.open(Gate.builder().rule(RULE).deny("203.0.113.7").allow("203.0.113.8"));
    gate.replaceRules(List.of(RULE));
    assertThat(gate.enter(from("203.0.113.7")).kind()).isEqualTo(Verdict.Kind.DENIED);
    assertThat(admitted(gate, 9, from("203.0.113.8"))).isEqualTo(9);
  }

  @Test
  void spoofedHeader_neitherAllowsNorDenies() {
    ClientResolver behind =
        ClientResolver.builder().header("X-Forwarded-For").trust("10.0.0.0/8").build();
    Gate gate =
        gates.open(Gate.builder().clients(behind).rule(RULE).allow("192.0.2.1").deny("192.0.2.2"));
    FakeRequest forged = from("203.0.113.7").header("X-Forwarded-For", "192.0.2.1");
    assertThat(admitted(gate, 9, forged)).isEqualTo(3);
    FakeRequest prefixed = from("10.0.0.1").header("X-Forwarded-For", "192.0.2.1, 203.0.113.8");
    assertThat(admitted(gate, 9, prefixed)).isEqualTo(3);
    FakeRequest real = from("10.0.0.1").header("X-Forwarded-For", "192.0.2.2");
    assertThat(gate.enter(real).kind()).isEqualTo(Verdict.Kind.DENIED);
  }

  @Test
  void preflight_isFreeAndUncounted() {
    Gate gate = gates.of(RULE);
    assertThat(admitted(gate, 50, FakeRequest.preflight("/"))).isEqualTo(50);
    assertThat(admitted(gate, 50, FakeRequest.get("/"))).isEqualTo(3);
    assertThat(admitted(gate, 50, FakeRequest.preflight("/"))).isEqualTo(50);
    assertThat(counts(gate, "r").admitted()).isEqualTo(3);
  }

  @Test
  void preflightFlood_isChargedInTheEnd() {
    Gate gate = gates.of(RULE);
    assertThat(admitted(gate, 5_000, FakeRequest.preflight("/"))).isLessThanOrEqualTo(603);
    assertThat(admitted(gate, 9, FakeRequest.preflight("/").from("203.0.113.8"))).isEqualTo(9);
  }

  @Test
  void preflight_ofTheBannedOrDenied_isRefused() {
    Gate gate = gates.open(Gate.builder().rule(RULE).deny("203.0.113.8"));
    gate.penaltyBox().ban(CLIENT, Duration.ofMinutes(1));
    assertThat(gate.enter(FakeRequest.preflight("/")).kind()).isEqualTo(Verdict.Kind.BANNED);
    assertThat(gate.enter(FakeRequest.preflight("/").from("203.0.113.8")).kind())
        .isEqualTo(Verdict.Kind.DENIED);
  }

  @Test
  void fakePreflight_isCharged() {
    FakeRequest[] fakes = {
      FakeRequest.of("OPTIONS", "/"),
      FakeRequest.of("OPTIONS", "/").header("Origin", "https://a.example"),
      FakeRequest.of("OPTIONS", "/").header("Access-Control-Request-Method", "POST"),
      FakeRequest.of("options", "/")
          .header("Origin", "https://a.example")
          .header("Access-Control-Request-Method", "POST"),
      FakeRequest.post("/")
          .header("Origin", "https://a.example")
          .header("Access-Control-Request-Method", "POST")
    };
    for (FakeRequest fake : fakes) {
      assertThat(admitted(gates.of(RULE), 9, fake)).as("%s", fake).isEqualTo(3);
    }
  }

  @Test
  void exempt_passesWhateverElseIsSaid() {
    Gate.Builder builder = Gate.builder().rule(RULE).deny("203.0.113.8");
    Gate gate = gates.open(builder.exempt(Match.get("/healthz")).exempt(Match.get("/readyz")));
    gate.penaltyBox().ban(CLIENT, Duration.ofMinutes(1));
    for (String path : new String[] {"/healthz", "/readyz", "/healthz/", "/%68ealthz"}) {
      assertThat(admitted(gate, 50, FakeRequest.get(path))).as(path).isEqualTo(50);
      assertThat(admitted(gate, 50, FakeRequest.get(path).from("203.0.113.8"))).isEqualTo(50);
    }
    assertThat(gate.enter(FakeRequest.post("/healthz")).admitted()).isFalse();
    assertThat(counts(gate, "r").admitted()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/login/x%2f..%2f..%2fhealthz",
        "/login/../healthz",
        "/login/..;/healthz",
        "/healthz/../login",
        "/login/..\\healthz",
        "/healthz%2f..%2flogin"
      })
  void exempt_pathWithSeveralReadings_isNotExempt(String path) {
    Gate gate = gates.open(Gate.builder().rule(RULE).exempt(Match.path("/healthz/**")));
    assertThat(admitted(gate, 9, FakeRequest.get(path))).isEqualTo(3);
  }
}

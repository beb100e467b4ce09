package io.tidegate;

import static io.tidegate.TestGates.admitted;
import static io.tidegate.TestGates.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.client.ClientKey;
import io.tidegate.client.IpAddress;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Code of the user's that fails, and requests that do: decided by policy, counted, never thrown.
 */
class GateFailureTest {

  private static final FakeRequest REQUEST = FakeRequest.get("/");
  private static final String SECRET = "what the client sent";

  @RegisterExtension final TestGates gates = new TestGates();

  static Stream<Throwable> failures() {
    return Stream.of(
        new IllegalStateException(SECRET),
        new NullPointerException(SECRET),
        new StackOverflowError(SECRET),
        new NoClassDefFoundError(SECRET),
        new ExceptionInInitializerError(SECRET),
        new AssertionError(SECRET),
        new IOException(SECRET));
  }

  /** Throws anything, checked or not, as other languages on this machine do. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable, R> R fail(Throwable failure) throws T {
    throw (T) failure;
  }

  private static Rule.Builder rule(FailurePolicy policy) {
    return Rule.named("r").quota(Quota.perMinute(2)).onFailure(policy);
  }

  private void assertDecided(Rule.Builder rule, FailurePolicy policy, int admittedIfOpen) {
    Rule beside = Rule.named("beside").quota(Quota.perMinute(50)).build();
    Gate gate = gates.of(rule.onFailure(policy).build(), beside);
    int admitted = admitted(gate, 10, REQUEST);
    assertThat(admitted).isEqualTo(policy == FailurePolicy.OPEN ? admittedIfOpen : 0);
    assertThat(counts(gate, "r").failures()).isEqualTo(10);
    assertThat(gate.status().failures()).isEqualTo(10);
    assertThat(counts(gate, "beside").admitted()).as("beside").isEqualTo(admitted);
    if (policy == FailurePolicy.CLOSED) {
      Verdict refused = gate.enter(REQUEST);
      assertThat(refused.kind()).isEqualTo(Verdict.Kind.OVERLOADED);
      assertThat(refused.rule()).isEqualTo("r");
      assertThat(refused.retryAfter()).contains(Duration.ofSeconds(5));
      assertThat(gate.status().verdicts()).containsEntry(Verdict.Kind.OVERLOADED, 11L);
    }
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failingMatch_isDecidedByThePolicy(Throwable failure) {
    for (FailurePolicy policy : FailurePolicy.values()) {
      Match match = Match.where(request -> fail(failure));
      assertDecided(rule(policy).match(match), policy, 10);
    }
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failingKey_isDecidedByThePolicy(Throwable failure) {
    for (FailurePolicy policy : FailurePolicy.values()) {
      assertDecided(rule(policy).per(client -> fail(failure)), policy, 10);
    }
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failingPlan_openIsTheRulesOwnQuota(Throwable failure) {
    for (FailurePolicy policy : FailurePolicy.values()) {
      Rule.Builder rule = rule(policy).plan("p", Quota.perDay(500));
      assertDecided(rule.planBy(request -> fail(failure)), policy, 2);
    }
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failingCost_openIsOne(Throwable failure) {
    for (FailurePolicy policy : FailurePolicy.values()) {
      assertDecided(rule(policy).cost(request -> fail(failure)), policy, 2);
    }
  }

  @Test
  void negativeCost_isAFailure() {
    for (FailurePolicy policy : FailurePolicy.values()) {
      assertDecided(rule(policy).cost(request -> -1), policy, 2);
      assertDecided(rule(policy).cost(request -> Long.MIN_VALUE), policy, 2);
    }
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failingChargeWhen_keepsTheCharge(Throwable failure) {
    Gate gate = gates.of(rule(FailurePolicy.OPEN).chargeWhen(outcome -> fail(failure)).build());
    assertThat(admitted(gate, 10, REQUEST)).isEqualTo(2);
    assertThat(counts(gate, "r").failures()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failingBody_standardOneGoesOut(Throwable failure) {
    Rule rule = rule(FailurePolicy.OPEN).refusalBody("text/plain", v -> fail(failure)).build();
    Gate gate = gates.of(rule);
    admitted(gate, 2, REQUEST);
    assertThat(Reply.of(gate.enter(REQUEST)).problem().get("status").asInt()).isEqualTo(429);
    assertThat(counts(gate, "r").failures()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failingListener_isCountedAndChangesNothing(Throwable failure) {
    Gate.Builder builder = Gate.builder().listener(event -> fail(failure));
    Gate gate = gates.open(builder.rule(rule(FailurePolicy.CLOSED).build()).deny("192.0.2.1"));
    assertThat(admitted(gate, 10, REQUEST)).isEqualTo(2);
    assertThat(gate.status().failures()).isEqualTo(8);
    assertThat(gate.status().verdicts()).containsEntry(Verdict.Kind.THROTTLED, 8L);
    assertThat(gate.enter(FakeRequest.get("/").from("192.0.2.1")).kind())
        .isEqualTo(Verdict.Kind.DENIED);
  }

  @Test
  void fatalError_isNotSwallowed() {
    Gate gate =
        gates.of(
            rule(FailurePolicy.OPEN).match(Match.where(r -> fail(new OutOfMemoryError()))).build());
    assertThatThrownBy(() -> gate.enter(REQUEST)).isInstanceOf(OutOfMemoryError.class);
  }

  /** A request whose every method throws. */
  private static GateRequest broken(Throwable failure) {
    return (GateRequest)
        Proxy.newProxyInstance(
            GateFailureTest.class.getClassLoader(),
            new Class<?>[] {GateRequest.class},
            (proxy, method, arguments) -> {
              throw failure;
            });
  }

  @Test
  void brokenRequest_isDecidedByTheGatesPolicy() {
    for (FailurePolicy policy : FailurePolicy.values()) {
      Gate.Builder builder = Gate.builder().onFailure(policy).allow("192.0.2.1");
      Gate gate = gates.open(builder.rule(rule(FailurePolicy.OPEN).build()));
      for (int i = 0; i < 300; i++) {
        Verdict verdict = gate.enter(broken(new IllegalStateException(SECRET)));
        assertThat(verdict.admitted()).isEqualTo(policy == FailurePolicy.OPEN);
        assertThat(verdict.rule()).isNull();
        Reply reply = Reply.of(verdict);
        if (verdict.admitted()) {
          verdict.permit().close(200);
        } else {
          assertThat(reply.status()).isEqualTo(503);
          assertThat(reply.retryAfter()).isEqualTo(5);
        }
      }
      assertThat(gate.status().failures()).isGreaterThanOrEqualTo(300);
    }
  }

  @Test
  void brokenRequest_beforeEachPartOfTheGate_neverThrows() {
    Rule own = rule(FailurePolicy.CLOSED).per(KeyBy.principal()).match(Match.path("/a")).build();
    Gate gate =
        gates.open(
            Gate.builder()
                .rule(own)
                .rule(Rule.named("address").quota(Quota.perDay(1)).build())
                .exempt(Match.path("/healthz"))
                .deny("192.0.2.0/24"));
    gate.penaltyBox().ban(ClientKey.principal("x"), Duration.ofHours(1));
    for (String method : List.of("method", "path", "basePath", "peer", "header", "principal")) {
      GateRequest request =
          (GateRequest)
              Proxy.newProxyInstance(
                  GateFailureTest.class.getClassLoader(),
                  new Class<?>[] {GateRequest.class},
                  (proxy, called, arguments) -> {
                    if (called.getName().equals(method)) {
                      throw new IllegalStateException(SECRET);
                    }
                    return called.invoke(FakeRequest.get("/a"), arguments);
                  });
      for (int i = 0; i < 100; i++) {
        Reply.of(gate.enter(request));
      }
      assertThat(gate.status().failures()).as(method).isPositive();
    }
  }

  @Test
  void keyThatFailsAfterItsFirstCall_admitsNobodyWhoWasRefused() {
    int[] calls = new int[1];
    KeyBy flaky =
        client -> {
          calls[0]++;
          return calls[0] % 2 == 1 ? KeyBy.address().key(client) : fail(new AssertionError());
        };
    for (FailurePolicy policy : FailurePolicy.values()) {
      Rule rule = rule(policy).per(flaky).build();
      Gate gate = gates.open(Gate.builder().rule(rule).listener(event -> {}));
      int admitted = 0;
      for (int i = 0; i < 1_000; i++) {
        calls[0] = 0;
        admitted += gate.enter(REQUEST).admitted() ? 1 : 0;
      }
      assertThat(admitted).as("%s", policy).isEqualTo(2);
    }
  }

  @Test
  void log_isBoundedAndWithoutTheMessage() {
    Gate gate =
        gates.of(
            rule(FailurePolicy.OPEN)
                .match(Match.where(r -> fail(new IllegalStateException(SECRET))))
                .build());
    try (CapturedLog log = new CapturedLog()) {
      for (int i = 0; i < 1_000; i++) {
        gate.enter(REQUEST);
      }
      assertThat(log.lines()).hasSize(6);
      assertThat(log.text())
          .contains("Rule r failed", "java.lang.IllegalStateException", "GateFailureTest")
          .doesNotContain(SECRET);
      gates.ticker.advance(Duration.ofSeconds(10));
      gate.enter(REQUEST);
      gate.enter(REQUEST);
      assertThat(log.lines()).hasSize(7);
      assertThat(log.lines().get(6)).contains("994 more");
      gates.ticker.advance(Duration.ofHours(1));
      for (int i = 0; i < 100; i++) {
        gate.enter(REQUEST);
      }
      assertThat(log.lines()).as("no more than six at once").hasSize(13);
    }
  }

  @Test
  void banLog_isBoundedAndMasked() {
    BanPolicy ban = BanPolicy.after(1, Duration.ofMinutes(1)).banFor(Duration.ofHours(1));
    Rule rule = Rule.named("r").quota(Quota.perDay(1)).ban(ban).build();
    Gate gate = gates.of(rule);
    try (CapturedLog log = new CapturedLog()) {
      for (int i = 0; i < 100; i++) {
        FakeRequest request = FakeRequest.get("/").from("203.0.113." + i);
        gate.enter(request);
        gate.enter(request);
      }
      assertThat(gate.penaltyBox().list()).hasSize(100);
      assertThat(log.lines()).hasSize(6).allMatch(line -> line.contains("203.0.113.0/24"));
    }
    assertThat(IpAddress.parse("203.0.113.7").masked()).isEqualTo("203.0.113.0/24");
  }
}

package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.Price;
import io.tidegate.challenge.Solver;
import io.tidegate.limit.Quota;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What tests of a gate with challenges share. */
abstract class ChallengeGates {

  static final byte[] SECRET =
      "a secret of 32 bytes for tests..".getBytes(StandardCharsets.US_ASCII);
  static final String PROOF = "Tidegate-Proof";
  static final String PASS = "Tidegate-Pass";

  @RegisterExtension final TestGates gates = new TestGates();

  Instant now = Instant.parse("2026-11-25T12:00:00Z");
  long epoch;

  Challenges.Builder challenges() {
    return Challenges.builder(KeyRing.of("k", SECRET))
        .clock(() -> now)
        .epochs(account -> epoch)
        .price(Price.builder().hashesPerSecond(1_000).build()); // 100 digests: quick to solve
  }

  Gate gate(Rule... rules) {
    return gate(challenges(), rules);
  }

  Gate gate(Challenges.Builder challenges, Rule... rules) {
    Gate.Builder builder = Gate.builder().challenges(challenges.build());
    for (Rule rule : rules) {
      builder.rule(rule);
    }
    return gates.open(builder);
  }

  static Rule.Builder once(String name) {
    return Rule.named(name).quota(Quota.perHour(1));
  }

  static FakeRequest post() {
    return FakeRequest.post("/register");
  }

  static String solved(Reply refusal) {
    return Solver.solve(refusal.problem().at("/challenge/token").asText(), () -> false);
  }

  static Reply reply(Gate gate, FakeRequest request) {
    return Reply.of(gate.enter(request));
  }

  /** Buys a visitor's pass for a request's sender, in the form for programs. */
  static String buyPass(Gate gate, Reply refusal, String from) {
    Reply bought =
        reply(
            gate,
            FakeRequest.post("/.tidegate/pass-token").from(from).header(PROOF, solved(refusal)));
    assertThat(bought.status()).isEqualTo(200);
    return bought.body().replaceAll(".*\"pass\":\"([^\"]+)\".*", "$1");
  }

  static String memberCookie(Gate gate, FakeRequest request, String account) {
    Verdict verdict = gate.enter(request);
    String cookie = verdict.permit().remember(account).orElseThrow();
    verdict.permit().close(200);
    return cookie.substring(0, cookie.indexOf(';'));
  }
}

package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.challenge.Verification;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A price in place of a closed door: proofs of work. */
class GateChallengeTest extends ChallengeGates {

  private static long priceOf(Gate gate, String path) {
    gate.enter(FakeRequest.get(path));
    return reply(gate, FakeRequest.get(path)).problem().at("/challenge/work").asLong();
  }

  @Test
  void inCalm_nobodyIsAsked() {
    Gate gate = gate(once("r").challenge().build());
    Reply reply = reply(gate, post());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.fields()).doesNotContainKeys("Tidegate-Challenge", "Set-Cookie");
  }

  @Test
  void refusal_ofAChallengingRule_carriesAChallenge() {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    Verdict verdict = gate.enter(post());
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.CHALLENGED);
    Reply reply = Reply.of(verdict);
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.retryAfter()).isPositive();
    assertThat(reply.problem().at("/challenge/pass").asText()).isEqualTo("/.tidegate/pass");
    assertThat(reply.problem().at("/challenge/header").asText()).isEqualTo(PROOF);
    assertThat(reply.fields()).containsEntry("Tidegate-Challenge", "/.tidegate/challenge");
  }

  @Test
  void withoutChallenges_theRuleThrottles() {
    Gate gate = gates.of(once("r").challenge().build());
    gate.enter(post());
    assertThat(gate.enter(post()).kind()).isEqualTo(Verdict.Kind.THROTTLED);
  }

  @Test
  void proof_admitsOneRequest_andNoSecond() {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    String proof = solved(reply(gate, post()));
    assertThat(gate.enter(post().header(PROOF, proof)).admitted()).isTrue();
    Reply again = reply(gate, post().header(PROOF, proof));
    assertThat(again.status()).isEqualTo(429);
    assertThat(again.problem().at("/reason").asText()).isEqualTo("replayed");
    assertThat(TestGates.counts(gate, "r").paid()).isEqualTo(1);
  }

  @Test
  void proof_doesNotLowerADebt() {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    String proof = solved(reply(gate, post()));
    assertThat(gate.enter(post().header(PROOF, proof)).admitted()).isTrue();
    assertThat(gate.enter(post()).admitted()).as("without a proof").isFalse();
  }

  @Test
  void proof_inCalm_isKept() {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    String proof = solved(reply(gate, post()));
    gates.ticker.advance(Duration.ofHours(1));
    assertThat(gate.enter(post().header(PROOF, proof)).admitted()).isTrue();
    assertThat(gate.enter(post()).admitted()).isFalse();
    assertThat(gate.enter(post().header(PROOF, proof)).admitted()).as("not spent").isTrue();
    assertThat(TestGates.counts(gate, "r").paid()).isEqualTo(1);
  }

  @Test
  void proof_paysOnlyForRulesThatChallenge() {
    Gate gate = gate(once("sold").challenge().build(), once("not-sold").build());
    gate.enter(post());
    Verdict verdict = gate.enter(post());
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.THROTTLED);
    assertThat(Reply.of(verdict).problem().has("challenge")).isFalse();
  }

  @Test
  void proof_leavesTheOtherRulesCharged() {
    Gate gate =
        gate(once("sold").challenge().build(), Rule.named("all").quota(Quota.perHour(2)).build());
    gate.enter(post());
    String proof = solved(reply(gate, post()));
    assertThat(gate.enter(post().header(PROOF, proof)).admitted()).isTrue();
    assertThat(gate.enter(post()).rule()).isNotNull();
    assertThat(gate.enter(post()).kind()).as("both refuse").isEqualTo(Verdict.Kind.THROTTLED);
  }

  @ParameterizedTest
  @CsvSource({"203.0.113.200, true", "198.51.100.7, false"})
  void proof_countsInTheNetworkThatItWasIssuedFor(String from, boolean counts) {
    Gate gate =
        gate(
            once("r").per(KeyBy.prefix(8, 8)).challenge().build(),
            Rule.named("s").together().quota(Quota.perHour(1)).challenge().build());
    gate.enter(post());
    String proof = solved(reply(gate, post()));
    assertThat(gate.enter(post().from(from).header(PROOF, proof)).admitted()).isEqualTo(counts);
  }

  @Test
  void requestThatCostsMoreThanEver_isNotForSale() {
    Gate gate = gate(once("r").cost(request -> 5).challenge().build());
    Verdict verdict = gate.enter(post());
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.THROTTLED);
    assertThat(verdict.retryAfter()).isEmpty();
  }

  @Test
  void price_risesWithTheDebtAndThePressure() {
    double[] pressure = {0};
    Gate gate =
        gate(
            challenges().pressure(() -> pressure[0]),
            Rule.named("little")
                .match(Match.get("/a"))
                .quota(Quota.of(1, Duration.ofSeconds(2)))
                .challenge()
                .build(),
            Rule.named("much")
                .match(Match.get("/b"))
                .quota(Quota.of(1, Duration.ofSeconds(20)))
                .challenge()
                .build());
    long little = priceOf(gate, "/a");
    long much = priceOf(gate, "/b");
    pressure[0] = 0.3;
    long littlePressed = priceOf(gate, "/a");
    pressure[0] = 1;
    long most = priceOf(gate, "/a");
    assertThat(little).isGreaterThan(100).isLessThan(much).isLessThan(littlePressed);
    assertThat(much).isLessThan(most);
    assertThat(most).isEqualTo(2_000);
  }

  @Test
  void pressure_ofTheGateItself_isTheShareThatIsAsked() {
    Pressure pressure = new Pressure(null, null, new Reports(null, gates.ticker), gates.ticker);
    Map<Verdict.Kind, Long> counts = new HashMap<>();
    counts.put(Verdict.Kind.ADMITTED, 100L);
    pressure.keep(counts);
    assertThat(pressure.value()).isZero();
    for (int i = 0; i < 300; i++) {
      pressure.asked();
    }
    counts.put(Verdict.Kind.ADMITTED, 200L);
    pressure.keep(counts);
    assertThat(pressure.value()).isEqualTo(0.75);
    pressure.keep(counts);
    assertThat(pressure.value()).isBetween(0.5, 0.7);
    for (int i = 0; i < 60; i++) {
      pressure.keep(counts);
    }
    assertThat(pressure.value()).isZero();
  }

  @Test
  void oneAddress_doesNotSetThePriceForAll() {
    Gate gate = gate(once("r").challenge().build());
    for (int i = 0; i < 1_000; i++) {
      gate.enter(post());
    }
    gate.keep();
    assertThat(gate.status().toll().pressure()).isZero();
  }

  @Test
  void allTogether_doSetThePrice() {
    Gate gate = gate(once("r").together().challenge().build());
    for (int i = 0; i < 1_000; i++) {
      gate.enter(post());
    }
    gate.keep();
    assertThat(gate.status().toll().pressure()).isGreaterThan(0.9);
  }

  @Test
  void pressureThatThrows_isNone() {
    Challenges.Builder failing =
        challenges()
            .pressure(
                () -> {
                  throw new IllegalStateException("no metrics");
                });
    Gate gate = gate(failing, once("r").challenge().build());
    gate.enter(post());
    assertThat(reply(gate, post()).status()).isEqualTo(429);
    assertThat(gate.status().failures()).isPositive();
  }

  @Test
  void p14_proofsThatAreNone_areRefusedWithAReason() {
    Gate gate = gate(once("r").challenge().build());
    for (String proof : new String[] {"", "x", "\u0000", "A".repeat(100_000), "a.b"}) {
      Reply reply = reply(gate, FakeRequest.post("/.tidegate/pass").header(PROOF, proof));
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.problem().at("/reason").asText()).isEqualTo("malformed");
      assertThat(reply.problem().at("/challenge/token").asText()).isNotEmpty();
      assertThat(reply.fields()).as("p12").doesNotContainKey("Set-Cookie");
    }
  }

  @Test
  void p8_neighboursJunk_doesNotKeepOthersFromPaying() {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    for (int i = 0; i < 2_000; i++) {
      assertThat(reply(gate, FakeRequest.post("/.tidegate/pass").header(PROOF, "junk")).status())
          .isEqualTo(403);
      gate.enter(post().header(PROOF, "junk"));
    }
    String proof = solved(reply(gate, post()));
    assertThat(gate.enter(post().header(PROOF, proof)).admitted()).isTrue();
  }

  @Test
  void p14_guardThatFails_letsNobodyIn() {
    Challenges.Builder failing =
        challenges()
            .replayGuard(
                (high, low, seconds) -> {
                  throw new IllegalStateException("no connection");
                });
    Gate gate = gate(failing, once("sold").challenge().build());
    gate.enter(post());
    String proof = solved(reply(gate, post()));
    for (int i = 0; i < 10; i++) {
      assertThat(gate.enter(post().header(PROOF, proof)).admitted()).isFalse();
    }
    Reply full = reply(gate, FakeRequest.post("/.tidegate/pass").header(PROOF, proof));
    assertThat(full.status()).isEqualTo(503);
    assertThat(full.retryAfter()).isPositive();
  }

  @Test
  void status_saysWhatWasAskedAndPaid() {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    String proof = solved(reply(gate, post()));
    gate.enter(post().header(PROOF, proof));
    gate.enter(post().header(PROOF, proof));
    GateStatus.TollCounts toll = gate.status().toll();
    assertThat(toll).isNotNull();
    assertThat(toll.issued()).isEqualTo(1);
    assertThat(toll.proofs().get(Verification.Outcome.ACCEPTED)).isEqualTo(1);
    assertThat(toll.proofs().get(Verification.Outcome.REPLAYED)).isEqualTo(1);
    assertThat(toll.pressure()).isZero();
    assertThat(toll.price()).isEqualTo(Duration.ofMillis(100));
    assertThat(gates.of(once("r").build()).status().toll()).isNull();
  }

  @Test
  void ruleNamedLikeOurOwn_isRefused() {
    Rule.Builder ours = once("visitor-pass");
    assertThatThrownBy(() -> gate(ours.build())).hasMessageContaining("visitor-pass");
    assertThat(gates.of(ours.build()).rules()).hasSize(1);
  }

  @Test
  void reasons_areWordsForClients() {
    assertThat(OwnPaths.reason(Verification.Outcome.FROM_THE_FUTURE)).isEqualTo("from-the-future");
  }
}

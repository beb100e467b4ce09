package io.tidegate;

import static io.tidegate.TestGates.admitted;
import static io.tidegate.TestGates.counts;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules on trial: they count as if they were real, and do nothing. */
class GateShadowTest {

  private static final FakeRequest REQUEST = FakeRequest.get("/");

  @RegisterExtension final TestGates gates = new TestGates();

  private static Rule.Builder shadow() {
    return Rule.named("shadow").quota(Quota.perMinute(3)).shadow();
  }

  private static Rule real(long perMinute) {
    return Rule.named("real").quota(Quota.perMinute(perMinute)).build();
  }

  @Test
  void shadow_refusesNobodyAndCountsAsIfItDid() {
    Gate gate = gates.of(shadow().build());
    assertThat(admitted(gate, 10, REQUEST)).isEqualTo(10);
    assertThat(counts(gate, "shadow").admitted()).isEqualTo(3);
    assertThat(counts(gate, "shadow").wouldRefuse()).isEqualTo(7);
    assertThat(counts(gate, "shadow").refused()).isZero();
    gates.ticker.advance(Duration.ofSeconds(20));
    admitted(gate, 2, REQUEST);
    assertThat(counts(gate, "shadow").admitted()).isEqualTo(4);
  }

  @Test
  void severalQuotas_eachHasItsSay() {
    for (Quota[] quotas :
        new Quota[][] {
          {Quota.perMinute(2), Quota.perDay(5)}, {Quota.perDay(5), Quota.perMinute(2)}
        }) {
      Gate gate = gates.of(shadow().quota(quotas).build());
      for (int minute = 0; minute < 4; minute++) {
        admitted(gate, 10, REQUEST);
        gates.ticker.advance(Duration.ofMinutes(1));
      }
      assertThat(counts(gate, "shadow").admitted()).isEqualTo(5);
      assertThat(counts(gate, "shadow").wouldRefuse()).isEqualTo(35);
    }
  }

  @Test
  void shadow_isNotToldToClients() {
    Gate gate = gates.of(shadow().build(), real(5));
    for (int i = 0; i < 7; i++) {
      Reply reply = Reply.of(gate.enter(REQUEST));
      assertThat(reply.left()).containsOnlyKeys("real");
      assertThat(reply.toString()).doesNotContain("shadow");
    }
    Gate alone = gates.of(shadow().build());
    assertThat(Reply.of(alone.enter(REQUEST)).fields()).isEmpty();
  }

  @Test
  void shadow_isNotChargedForWhatRealRulesRefuse() {
    for (boolean shadowFirst : new boolean[] {true, false}) {
      Rule shadow = shadow().quota(Quota.perMinute(100)).build();
      Gate gate = shadowFirst ? gates.of(shadow, real(2)) : gates.of(real(2), shadow);
      assertThat(admitted(gate, 50, REQUEST)).isEqualTo(2);
      assertThat(counts(gate, "shadow").admitted()).isEqualTo(2);
      assertThat(counts(gate, "shadow").wouldRefuse()).isZero();
    }
  }

  @Test
  void exhaustedShadow_takesNothingFromRealRules() {
    Gate gate = gates.of(shadow().build(), real(5));
    assertThat(admitted(gate, 50, REQUEST)).isEqualTo(5);
    assertThat(counts(gate, "real").refused()).isEqualTo(45);
    assertThat(counts(gate, "shadow").wouldRefuse()).isEqualTo(2);
  }

  @Test
  void shadowOfHighCost_neverRefuses() {
    Gate gate = gates.of(shadow().cost(Long.MAX_VALUE).build());
    assertThat(admitted(gate, 5, REQUEST)).isEqualTo(5);
    assertThat(counts(gate, "shadow").wouldRefuse()).isEqualTo(5);
  }

  @Test
  void shadowOnAnOutcome_givesBack() {
    Gate gate = gates.of(shadow().chargeWhen(Outcome::failed).build());
    assertThat(admitted(gate, 20, REQUEST)).isEqualTo(20);
    assertThat(counts(gate, "shadow").wouldRefuse()).isZero();
    for (int i = 0; i < 5; i++) {
      gate.enter(REQUEST).permit().close(401);
    }
    assertThat(counts(gate, "shadow").wouldRefuse()).isEqualTo(2);
  }

  @Test
  void shadowWithABan_bansNobody() {
    BanPolicy ban = BanPolicy.after(1, Duration.ofMinutes(1)).banFor(Duration.ofHours(1));
    Gate gate = gates.of(shadow().ban(ban).build());
    assertThat(admitted(gate, 50, REQUEST)).isEqualTo(50);
    assertThat(gate.penaltyBox().list()).isEmpty();
    assertThat(counts(gate, "shadow").bans()).isZero();
  }

  @Test
  void brokenShadow_failsOpenWhateverItsPolicy() {
    Rule rule =
        shadow()
            .match(
                Match.where(
                    request -> {
                      throw new IllegalStateException();
                    }))
            .onFailure(FailurePolicy.CLOSED)
            .build();
    Rule cost =
        Rule.named("cost")
            .quota(Quota.perDay(1))
            .cost(request -> -1)
            .onFailure(FailurePolicy.CLOSED)
            .shadow()
            .build();
    Gate gate = gates.of(rule, cost);
    assertThat(admitted(gate, 5, REQUEST)).isEqualTo(5);
    assertThat(counts(gate, "shadow").failures()).isEqualTo(5);
    assertThat(counts(gate, "cost").failures()).isEqualTo(5);
  }

  @Test
  void shadow_refusals_areHeardOf() {
    List<GateEvent> heard = new ArrayList<>();
    Gate gate = gates.open(Gate.builder().listener(heard::add).rule(shadow().build()));
    admitted(gate, 5, REQUEST);
    assertThat(heard)
        .hasSize(2)
        .allSatisfy(
            event -> {
              assertThat(event.type()).isEqualTo(GateEvent.Type.WOULD_THROTTLE);
              assertThat(event.rule()).isEqualTo("shadow");
              assertThat(event.retryAfter()).isEqualTo(Duration.ofSeconds(20));
              assertThat(event.client()).hasToString("203.0.113.0/24");
            });
  }

  @Test
  void shadowMadeReal_goesOnWithItsDebts() {
    Gate gate = gates.of(shadow().build());
    admitted(gate, 2, REQUEST);
    gate.replaceRules(List.of(Rule.named("shadow").quota(Quota.perMinute(3)).build()));
    assertThat(admitted(gate, 10, REQUEST)).isEqualTo(1);
  }
}

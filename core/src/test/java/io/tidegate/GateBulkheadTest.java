package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.Price;
import io.tidegate.challenge.Solver;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import io.tidegate.overload.Priority;
import io.tidegate.overload.Slots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Slots, who goes first, and who gets none while the service is pressed. */
class GateBulkheadTest {

  private static final Duration MOMENT = Duration.ofMillis(60);

  @RegisterExtension final TestGates gates = new TestGates();

  private final List<Slots> opened = new ArrayList<>();
  private Slots slots = slots(2);

  private Slots slots(int count) {
    Slots made = Slots.builder(count).maxWait(Duration.ofHours(1)).ticker(gates.ticker).build();
    opened.add(made);
    return made;
  }

  @AfterEach
  void closeSlots() {
    opened.forEach(Slots::close);
  }

  private Gate gate(Rule... rules) {
    Bulkhead bulkhead =
        Bulkhead.builder(slots)
            .match(Match.path("/work"))
            .priority(Match.where(request -> "ops".equals(request.principal())), Priority.CONTROL)
            .priority(Match.where(request -> "batch".equals(request.principal())), Priority.BATCH)
            .build();
    Challenges challenges =
        Challenges.builder(KeyRing.random())
            .price(Price.builder().hashesPerSecond(1_000).build())
            .build();
    Gate.Builder builder = Gate.builder().bulkhead(bulkhead).challenges(challenges);
    List.of(rules).forEach(builder::rule);
    return gates.open(builder);
  }

  private static FakeRequest work() {
    return FakeRequest.get("/work");
  }

  private static FakeRequest as(String principal) {
    return work().principal(principal);
  }

  /** A request that waits, and what it is told. */
  private static final class Patient extends Waiting {
    @Nullable Verdict told;

    @Override
    protected void decided(Verdict verdict) {
      assertThat(told).as("told once").isNull();
      told = verdict;
    }

    Verdict told() {
      return Objects.requireNonNull(told, "told");
    }
  }

  private static Patient waiting(Gate gate, GateRequest request) {
    Patient patient = new Patient();
    assertThat(gate.enter(request, patient)).as("waits").isNull();
    return patient;
  }

  /** Has so much asked of a full house that the sea rises. */
  private List<Permit> press(Gate gate) {
    List<Permit> held = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Verdict verdict = gate.enter(work().from("192.0.2.1"));
      if (verdict.admitted()) {
        held.add(verdict.permit());
      }
      gates.ticker.advance(MOMENT);
    }
    assertThat(gate.status().sea()).isNotEqualTo(Sea.CALM);
    return held;
  }

  @Test
  void slot_isHeldUntilThePermitIsClosed() {
    Gate gate = gate();
    Permit first = gate.enter(work()).permit();
    gate.enter(work());
    Reply refused = Reply.of(gate.enter(work()));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.retryAfter()).isBetween(1L, 4L);
    first.close(200);
    first.close(200);
    assertThat(gate.enter(work()).admitted()).isTrue();
    assertThat(gate.enter(work()).admitted()).as("closed twice, freed once").isFalse();
  }

  @Test
  void requestsOutsideTheBulkhead_needNoSlot() {
    Gate gate = gate();
    assertThat(TestGates.admitted(gate, 10, FakeRequest.get("/other"))).isEqualTo(10);
    assertThat(slots.report().inUse()).isZero();
  }

  @Test
  void refusalForWantOfASlot_givesBackWhatWasCharged() {
    Gate gate = gate(Rule.named("r").quota(Quota.perDay(3)).exact().build());
    Permit first = gate.enter(work()).permit();
    gate.enter(work());
    assertThat(gate.enter(work()).kind()).isEqualTo(Verdict.Kind.OVERLOADED);
    assertThat(gate.enter(work()).kind()).isEqualTo(Verdict.Kind.OVERLOADED);
    first.close(200);
    assertThat(gate.enter(work()).admitted()).as("the third of the day").isTrue();
  }

  @Test
  void refusalByALimit_takesNoSlot() {
    Gate gate = gate(Rule.named("r").quota(Quota.perDay(1)).build());
    gate.enter(work()).permit().close(200);
    assertThat(gate.enter(work()).kind()).isEqualTo(Verdict.Kind.THROTTLED);
    assertThat(slots.report().inUse()).isZero();
  }

  @Test
  void waitingRequest_isDecidedWhenASlotComesBack() {
    Gate gate = gate();
    Permit first = gate.enter(work()).permit();
    gate.enter(work());
    Patient patient = waiting(gate, work());
    assertThat(patient.told).isNull();
    first.close(200);
    assertThat(patient.told().admitted()).isTrue();
    assertThat(slots.report().inUse()).isEqualTo(2);
    patient.told().permit().close(200);
    assertThat(slots.report().inUse()).isEqualTo(1);
    assertThat(gate.status().verdicts().get(Verdict.Kind.ADMITTED)).isEqualTo(3);
  }

  @Test
  void requestThatNeedNotWait_hasItsVerdictAtOnce() {
    Gate gate = gate();
    Patient patient = new Patient();
    Verdict verdict = gate.enter(work(), patient);
    assertThat(verdict).isNotNull();
    assertThat(verdict.admitted()).isTrue();
    assertThat(patient.cancel()).isFalse();
    assertThat(patient.told).isNull();
  }

  @Test
  void betterClass_goesFirst_whoeverCameFirst() {
    Gate gate = gate();
    Permit first = gate.enter(work()).permit();
    Permit second = gate.enter(work()).permit();
    Patient batch = waiting(gate, as("batch"));
    Patient anonymous = waiting(gate, work());
    Patient control = waiting(gate, as("ops"));
    first.close(200);
    assertThat(control.told().admitted()).isTrue();
    second.close(200);
    assertThat(anonymous.told().admitted()).isTrue();
    assertThat(batch.told).isNull();
  }

  @Test
  void member_goesBeforeStrangers() {
    Gate gate = gate();
    Verdict login = gate.enter(FakeRequest.post("/login").secure());
    String cookie = login.permit().remember("ann").orElseThrow();
    String pair = cookie.substring(0, cookie.indexOf(';'));
    Permit first = gate.enter(work()).permit();
    gate.enter(work());
    Patient stranger = waiting(gate, work());
    Patient member = waiting(gate, work().secure().header("Cookie", pair));
    first.close(200);
    assertThat(member.told().admitted()).isTrue();
    assertThat(stranger.told).isNull();
  }

  @Test
  void clientThatHasGone_waitsNoMore() {
    Gate gate = gate(Rule.named("r").quota(Quota.perDay(4)).exact().build());
    Permit first = gate.enter(work()).permit();
    gate.enter(work());
    Patient gone = waiting(gate, work());
    Patient next = waiting(gate, work());
    assertThat(gone.cancel()).isTrue();
    assertThat(gone.cancel()).isFalse();
    first.close(200);
    assertThat(gone.told).isNull();
    assertThat(next.told().admitted()).isTrue();
  }

  @Test
  void evicted_isRefusedAndGetsItsChargeBack() {
    Gate gate = gate(Rule.named("r").quota(Quota.perDay(100)).exact().build());
    gate.enter(work());
    gate.enter(work());
    Patient batch = waiting(gate, as("batch"));
    for (int i = 0; i < 8; i++) {
      waiting(gate, as("ops"));
    }
    assertThat(batch.told().kind()).isEqualTo(Verdict.Kind.OVERLOADED);
    assertThat(Reply.of(batch.told()).status()).isEqualTo(503);
  }

  @Test
  void whatDecidedThrows_freesTheSlot() {
    Gate gate = gate();
    Permit first = gate.enter(work()).permit();
    gate.enter(work());
    Waiting failing =
        new Waiting() {
          @Override
          protected void decided(Verdict verdict) {
            throw new IllegalStateException("event loop is gone");
          }
        };
    assertThat(gate.enter(work(), failing)).isNull();
    first.close(200);
    assertThat(slots.report().inUse()).isEqualTo(1);
    assertThat(gate.status().failures()).isEqualTo(1);
  }

  @Test
  void inCalm_strangersAreServed() {
    Gate gate = gate();
    for (int i = 0; i < 100; i++) {
      Verdict verdict = gate.enter(work());
      assertThat(verdict.admitted()).isTrue();
      verdict.permit().close(200);
      gates.ticker.advance(MOMENT);
    }
    assertThat(gate.status().sea()).isEqualTo(Sea.CALM);
  }

  @Test
  void pressed_strangersWhoHaveNotPaid_getNotEvenAnIdleSlot() {
    Gate gate = gate();
    press(gate).forEach(permit -> permit.close(200));
    assertThat(slots.report().inUse()).isZero();
    Verdict stranger = gate.enter(work());
    assertThat(stranger.kind()).isEqualTo(Verdict.Kind.OVERLOADED);
    Reply offered = Reply.of(stranger);
    assertThat(offered.status()).isEqualTo(503);
    String token = offered.problem().at("/challenge/token").asText();
    String proof = Solver.solve(token, () -> false);
    assertThat(gate.enter(work().header("Tidegate-Proof", proof)).admitted()).isTrue();
    assertThat(gate.enter(work().header("Tidegate-Proof", proof)).admitted()).as("once").isFalse();
  }

  @Test
  void pressed_whoIsKnown_isServed() {
    Gate gate = gate();
    Verdict login = gate.enter(FakeRequest.post("/login").secure());
    String cookie = login.permit().remember("ann").orElseThrow();
    press(gate).forEach(permit -> permit.close(200));
    FakeRequest member = work().secure().header("Cookie", cookie.substring(0, cookie.indexOf(';')));
    assertThat(gate.enter(member).admitted()).isTrue();
    assertThat(gate.enter(as("ops")).admitted()).isTrue();
  }

  @Test
  void sea_fallsCalmWhenTheFloodEnds() {
    Gate gate = gate();
    press(gate).forEach(permit -> permit.close(200));
    int steps = 0;
    while (gate.status().sea() != Sea.CALM) {
      gates.ticker.advance(MOMENT);
      steps++;
      assertThat(steps).isLessThan(60);
    }
    assertThat(MOMENT.multipliedBy(steps)).isLessThan(Duration.ofSeconds(2));
    Verdict stranger = gate.enter(work());
    assertThat(stranger.admitted()).isTrue();
  }

  @Test
  void sea_staysHighWhileStrangersKeepComing_thoughTheyAreTurnedAway() {
    Gate gate = gate();
    press(gate).forEach(permit -> permit.close(200));
    for (int i = 0; i < 200; i++) {
      Verdict member = gate.enter(as("ops")); // half of the slots in use by somebody
      for (int j = 0; j < 20; j++) {
        assertThat(gate.enter(work()).admitted()).as("moment %d", i).isFalse();
      }
      gates.ticker.advance(MOMENT);
      member.permit().close(200);
    }
    assertThat(gate.status().sea()).isNotEqualTo(Sea.CALM);
  }

  @Test
  void price_risesWhileThoseWhoPaidAreRefused() {
    Gate gate = gate();
    double before = pressure(gate);
    gate.enter(as("ops"));
    gate.enter(as("ops"));
    for (int i = 0; i < 100; i++) {
      FakeRequest paid = work().header("Tidegate-Pass", pass(gate));
      assertThat(gate.enter(paid).admitted()).isFalse();
      gates.ticker.advance(MOMENT);
      gate.status();
    }
    assertThat(pressure(gate)).isGreaterThan(before).isEqualTo(1);
  }

  private static String pass(Gate gate) {
    FakeRequest ask = FakeRequest.get("/.tidegate/challenge");
    String token = Reply.of(gate.enter(ask)).body().replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
    FakeRequest buy =
        FakeRequest.post("/.tidegate/pass-token")
            .header("Tidegate-Proof", Solver.solve(token, () -> false));
    return Reply.of(gate.enter(buy)).body().replaceAll(".*\"pass\":\"([^\"]+)\".*", "$1");
  }

  @Test
  void price_risesWhileThoseWhoPaidWaitInVain() {
    slots = slots(1);
    Gate gate = gate();
    String pass = pass(gate);
    gate.enter(as("ops"));
    Patient evicted = waiting(gate, work().header("Tidegate-Pass", pass));
    Patient second = waiting(gate, work().header("Tidegate-Pass", pass));
    for (int i = 0; i < 8; i++) {
      gate.enter(as("ops"), new Patient());
    }
    assertThat(second.told().kind()).isEqualTo(Verdict.Kind.OVERLOADED);
    assertThat(evicted.told).as("a newcomer keeps a place").isNull();
    gates.ticker.advance(MOMENT);
    gate.status();
    assertThat(pressure(gate)).isPositive();
  }

  @Test
  void pressed_whoPaysAndFindsNoSlot_isNotAskedAgain() {
    Gate gate = gate();
    press(gate);
    Reply offered = Reply.of(gate.enter(work()));
    String proof = Solver.solve(offered.problem().at("/challenge/token").asText(), () -> false);
    Reply full = Reply.of(gate.enter(work().header("Tidegate-Proof", proof)));
    assertThat(full.status()).isEqualTo(503);
    assertThat(full.problem().has("challenge")).isFalse();
  }

  private static double pressure(Gate gate) {
    return Objects.requireNonNull(gate.status().toll(), "toll").pressure();
  }

  @Test
  void tenants_takeTurns() {
    slots = slots(1);
    Bulkhead bulkhead = Bulkhead.builder(slots).tenants(KeyBy.principal()).build();
    Gate gate = gates.open(Gate.builder().bulkhead(bulkhead));
    Permit running = gate.enter(as("greedy")).permit();
    Patient greedy = waiting(gate, as("greedy"));
    Patient greedyAgain = waiting(gate, as("greedy"));
    Patient modest = waiting(gate, as("modest"));
    running.close(200);
    greedy.told().permit().close(200);
    assertThat(modest.told().admitted()).isTrue();
    assertThat(greedyAgain.told).isNull();
  }

  @Test
  void tenantsWithoutAKey_areKnownByTheirPasses() {
    slots = slots(1);
    Gate gate =
        gates.open(
            Gate.builder()
                .challenges(
                    Challenges.builder(KeyRing.random())
                        .price(Price.builder().hashesPerSecond(1_000).build())
                        .build())
                .bulkhead(Bulkhead.builder(slots).tenants(KeyBy.principal()).build()));
    String greedyPass = pass(gate);
    String modestPass = pass(gate);
    Permit running = gate.enter(work().header("Tidegate-Pass", greedyPass)).permit();
    Patient greedy = waiting(gate, work().header("Tidegate-Pass", greedyPass));
    Patient greedyAgain = waiting(gate, work().header("Tidegate-Pass", greedyPass));
    Patient modest = waiting(gate, work().header("Tidegate-Pass", modestPass));
    running.close(200);
    greedy.told().permit().close(200);
    assertThat(modest.told().admitted()).isTrue();
    assertThat(greedyAgain.told).isNull();
  }

  @Test
  void status_hasTheSlots() {
    Gate gate = gate();
    gate.enter(work());
    GateStatus status = gate.status();
    assertThat(status.slots()).isNotNull();
    assertThat(status.slots().inUse()).isEqualTo(1);
    assertThat(status.slots().slots()).isEqualTo(2);
    assertThat(gates.of().status().slots()).isNull();
    assertThat(gates.of().status().sea()).isEqualTo(Sea.CALM);
  }
}

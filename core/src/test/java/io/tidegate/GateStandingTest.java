package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.Price;
import io.tidegate.challenge.Solver;
import io.tidegate.limit.Quota;
import io.tidegate.overload.Priority;
import io.tidegate.overload.Slots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was paid is worth a place in line while the service is pressed, and which one. */
class GateStandingTest {

  private static final Duration MOMENT = Duration.ofMillis(60);
  private static final double CALM = 0;
  private static final double FLOOD = 1;

  @RegisterExtension final TestGates gates = new TestGates();

  private final Slots slots = Slots.builder(2).ticker(gates.ticker).build();

  /** What the price follows. */
  private double pressure = CALM;

  private Instant now = Instant.parse("2026-11-24T12:00:00Z");

  @AfterEach
  void closeSlots() {
    slots.close();
  }

  /** A gate that is pressed, with both slots free. */
  private Gate pressed() {
    Gate gate =
        gates.open(
            Gate.builder()
                .bulkhead(
                    Bulkhead.builder(slots)
                        .match(Match.path("/work"))
                        .priority(Match.header("Batch", "yes"), Priority.BATCH)
                        .priority(Match.header("Customer", "yes"), Priority.ESTABLISHED)
                        .build())
                .challenges(
                    Challenges.builder(KeyRing.random())
                        .price(Price.builder().hashesPerSecond(1_000).build())
                        .visitorBudget(Quota.perHour(20))
                        .pressure(() -> pressure)
                        .clock(() -> now)
                        .build())
                .rule(
                    Rule.named("sold")
                        .match(Match.header("Sold", "yes"))
                        .together()
                        .quota(Quota.perDay(1))
                        .challenge()
                        .build()));
    gate.enter(FakeRequest.get("/other").header("Sold", "yes"));
    List<Permit> held = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Verdict verdict = gate.enter(work());
      if (verdict.admitted()) {
        held.add(verdict.permit());
      }
      gates.ticker.advance(MOMENT);
    }
    held.forEach(permit -> permit.close(200));
    assertThat(gate.status().sea()).isNotEqualTo(Sea.CALM);
    return gate;
  }

  private static FakeRequest work() {
    return FakeRequest.get("/work").from("192.0.2.1");
  }

  /** A proof for what a busy gate asks now. */
  private static String proof(Gate gate) {
    Reply offered = Reply.of(gate.enter(work()));
    return Solver.solve(offered.problem().at("/challenge/token").asText(), () -> false);
  }

  private static String pass(Gate gate) {
    FakeRequest buy =
        FakeRequest.post("/.tidegate/pass-token")
            .from("192.0.2.1")
            .header("Tidegate-Proof", proof(gate));
    return Reply.of(gate.enter(buy)).body().replaceAll(".*\"pass\":\"([^\"]+)\".*", "$1");
  }

  private static FakeRequest with(String pass) {
    return work().header("Tidegate-Pass", pass);
  }

  private static FakeRequest proving(String proof) {
    return work().header("Tidegate-Proof", proof);
  }

  private long served(Priority priority) {
    return slots.report().classes().get(priority).granted();
  }

  private static void serve(Verdict verdict) {
    assertThat(verdict.admitted()).isTrue();
    verdict.permit().close(200);
  }

  @Test
  void proofAtThePriceOfTheMoment_makesANewcomer() {
    Gate gate = pressed();
    pressure = FLOOD;
    serve(gate.enter(proving(proof(gate))));
    assertThat(served(Priority.NEWCOMER)).isEqualTo(1);
  }

  @Test
  void proofThatWasCheap_countsBehindThosePayingThePriceOfTheFlood() {
    Gate gate = pressed();
    long before = served(Priority.ANONYMOUS);
    String cheap = proof(gate);
    pressure = FLOOD;
    serve(gate.enter(proving(cheap)));
    assertThat(served(Priority.NEWCOMER)).isZero();
    assertThat(served(Priority.ANONYMOUS)).isEqualTo(before + 1);
  }

  /** A phone that solves for two seconds may see the price double meanwhile. */
  @Test
  void proofAtHalfThePrice_isStillFair() {
    Gate gate = pressed();
    pressure = 0.77; // 20 to the power of this is 10, half of what a full flood asks
    String half = proof(gate);
    pressure = FLOOD;
    serve(gate.enter(proving(half)));
    assertThat(served(Priority.NEWCOMER)).isEqualTo(1);
  }

  @Test
  void cheapProofWithoutASlot_isAskedForTheRest() {
    Gate gate = pressed();
    String cheap = proof(gate);
    pressure = FLOOD;
    serve(gate.enter(proving(proof(gate))));
    gate.enter(proving(proof(gate)));
    gate.enter(proving(proof(gate)));
    Reply full = Reply.of(gate.enter(proving(cheap)));
    assertThat(full.status()).isEqualTo(503);
    assertThat(full.problem().has("challenge")).isTrue();
  }

  @Test
  void passThatWasCheap_standsBehindAsWell_untilItsHolderPaysMore() {
    Gate gate = pressed();
    String cheap = pass(gate);
    pressure = FLOOD;
    serve(gate.enter(with(cheap)));
    assertThat(served(Priority.NEWCOMER)).isZero();
    serve(gate.enter(with(cheap).header("Tidegate-Proof", proof(gate))));
    assertThat(served(Priority.NEWCOMER)).isEqualTo(1);
  }

  @Test
  void batch_staysBatchForACheapProof() {
    Gate gate = pressed();
    String cheap = proof(gate);
    pressure = FLOOD;
    serve(gate.enter(proving(cheap).header("Batch", "yes")));
    assertThat(served(Priority.BATCH)).isEqualTo(1);
  }

  @Test
  void passAtThePriceOfTheMoment_paysForOnePlace_asAProofDoes() {
    Gate gate = pressed();
    pressure = FLOOD;
    String pass = pass(gate);
    serve(gate.enter(with(pass)));
    Verdict second = gate.enter(with(pass));
    assertThat(second.kind()).isEqualTo(Verdict.Kind.OVERLOADED);
    assertThat(Reply.of(second).problem().has("challenge")).isTrue();
    serve(gate.enter(with(pass(gate))));
    assertThat(served(Priority.NEWCOMER)).isEqualTo(2);
  }

  /** From 2 seconds on a phone to 400 milliseconds: five places. */
  @Test
  void passThatWasDear_paysForAsManyPlacesAsItsWorkWouldBuyNow() {
    Gate gate = pressed();
    pressure = FLOOD;
    String pass = pass(gate);
    pressure = Math.log(4) / Math.log(20);
    for (int i = 0; i < 5; i++) {
      serve(gate.enter(with(pass)));
    }
    assertThat(gate.enter(with(pass)).admitted()).isFalse();
    assertThat(served(Priority.NEWCOMER)).isEqualTo(5);
  }

  @Test
  void passThatIsNeededForALimitToo_paysForBoth() {
    Gate gate = pressed();
    pressure = FLOOD;
    serve(gate.enter(with(pass(gate)).header("Sold", "yes")));
    assertThat(served(Priority.NEWCOMER)).isEqualTo(1);
  }

  @Test
  void tryThatFindsNoSlot_takesThePlaceToo() {
    Gate gate = pressed();
    pressure = FLOOD;
    String pass = pass(gate);
    Permit first = gate.enter(proving(proof(gate))).permit();
    gate.enter(proving(proof(gate)));
    Reply full = Reply.of(gate.enter(with(pass)));
    assertThat(full.problem().has("challenge")).as("has paid").isFalse();
    first.close(200);
    Reply stranger = Reply.of(gate.enter(with(pass)));
    assertThat(stranger.problem().has("challenge")).as("has to pay again").isTrue();
  }

  @Test
  void passElsewhere_paysTwice() {
    Gate gate = pressed();
    pressure = FLOOD;
    String pass = pass(gate);
    pressure = Math.log(4) / Math.log(20);
    FakeRequest away = FakeRequest.get("/work").from("198.51.100.1").header("Tidegate-Pass", pass);
    serve(gate.enter(away));
    serve(gate.enter(away));
    assertThat(gate.enter(away).admitted()).isFalse();
  }

  @Test
  void customerWithoutASlot_isNotAskedToPay() {
    Gate gate = pressed();
    FakeRequest customer = work().header("Customer", "yes");
    gate.enter(customer);
    gate.enter(customer);
    Reply full = Reply.of(gate.enter(customer));
    assertThat(full.status()).isEqualTo(503);
    assertThat(full.problem().has("challenge")).as("it would stand no better").isFalse();
  }

  @Test
  void whoWaitedForHisPass_hasPaidTheMost() {
    Gate gate = pressed();
    pressure = FLOOD;
    FakeRequest wait = FakeRequest.get("/.tidegate/wait").from("192.0.2.1");
    String page = Reply.of(gate.enter(wait)).body();
    String ticket = page.replaceAll("(?s).*(/\\.tidegate/wait/[A-Za-z0-9_-]+).*", "$1");
    now = now.plusSeconds(21);
    Reply waited = Reply.of(gate.enter(FakeRequest.get(ticket).from("192.0.2.1")));
    String cookie = waited.fields().get("Set-Cookie");
    assertThat(cookie).isNotNull();
    serve(gate.enter(work().header("Cookie", cookie.substring(0, cookie.indexOf(';')))));
    assertThat(served(Priority.NEWCOMER)).isEqualTo(1);
  }
}

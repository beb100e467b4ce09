package io.tidegate;

import static io.tidegate.TestGates.admitted;
import static io.tidegate.TestGates.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.limit.Quota;
import io.tidegate.limit.WhenFull;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules that are replaced under way. */
class GateReplaceTest {

  private static final FakeRequest REQUEST = FakeRequest.get("/");

  @RegisterExtension final TestGates gates = new TestGates();

  private static Rule.Builder rule(long perMinute) {
    return Rule.named("r").quota(Quota.perMinute(perMinute));
  }

  @Test
  void sameRule_keepsDebtsAndCounters() {
    Gate gate = gates.of(rule(3).build());
    admitted(gate, 2, REQUEST);
    gate.replaceRules(List.of(rule(3).build()));
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(1);
    assertThat(counts(gate, "r").admitted()).isEqualTo(3);
    assertThat(counts(gate, "r").refused()).isEqualTo(8);
    assertThat(gate.status().verdicts()).containsEntry(Verdict.Kind.ADMITTED, 3L);
  }

  @Test
  void largerQuota_keepsTheDebt() {
    Gate gate = gates.of(rule(3).build());
    admitted(gate, 3, REQUEST);
    gate.replaceRules(List.of(rule(6).build()));
    assertThat(gate.enter(REQUEST).retryAfter()).contains(Duration.ofSeconds(10));
    gates.ticker.advance(Duration.ofSeconds(30));
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(3);
  }

  @Test
  void smallerQuota_keepsTheDebt() {
    Gate gate = gates.of(rule(6).build());
    admitted(gate, 3, REQUEST);
    gate.replaceRules(List.of(rule(3).build()));
    assertThat(admitted(gate, 9, REQUEST)).as("half a minute is owed").isEqualTo(1);
  }

  @Test
  void shorterWindow_locksNobodyOutForLongerThanItsOwn() {
    Gate gate = gates.of(Rule.named("r").quota(Quota.perDay(3)).build());
    admitted(gate, 3, REQUEST);
    gate.replaceRules(List.of(rule(3).build()));
    gate.enter(REQUEST);
    gates.ticker.advance(Duration.ofMinutes(2));
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(3);
  }

  @Test
  void renamedRule_startsAnew() {
    Gate gate = gates.of(rule(3).build());
    admitted(gate, 3, REQUEST);
    gate.replaceRules(List.of(Rule.named("s").quota(Quota.perMinute(3)).build()));
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(3);
    assertThat(counts(gate, "s").admitted()).isEqualTo(3);
    gate.replaceRules(List.of(rule(3).build()));
    assertThat(admitted(gate, 9, REQUEST)).as("what is gone, is gone").isEqualTo(3);
  }

  @Test
  void quotasInAnotherOrder_keepTheirOwnDebts() {
    Quota minute = Quota.perMinute(3);
    Quota day = Quota.perDay(4);
    Gate gate = gates.of(Rule.named("r").quota(minute, day).build());
    admitted(gate, 3, REQUEST);
    gate.replaceRules(List.of(Rule.named("r").quota(day, minute).build()));
    assertThat(admitted(gate, 9, REQUEST)).isZero();
    gates.ticker.advance(Duration.ofMinutes(1));
    assertThat(admitted(gate, 9, REQUEST)).as("what the day leaves").isEqualTo(1);
  }

  @Test
  void quotaAddedBefore_takesNoOtherOnesDebt() {
    Gate gate = gates.of(Rule.named("r").quota(Quota.perDay(4)).build());
    admitted(gate, 3, REQUEST);
    Rule both = Rule.named("r").quota(Quota.perMinute(3), Quota.perDay(4)).build();
    gate.replaceRules(List.of(both));
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(1);
    assertThat(gate.enter(REQUEST).retryAfter().orElseThrow()).isGreaterThan(Duration.ofHours(1));
  }

  @Test
  void slidingWindow_sameWindowGoesOn_anotherStartsAnew() {
    Gate gate = gates.of(rule(3).slidingWindow().build());
    admitted(gate, 3, REQUEST);
    gate.replaceRules(List.of(rule(4).slidingWindow().build()));
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(1);
    Rule hourly = Rule.named("r").quota(Quota.perHour(3)).slidingWindow().build();
    gate.replaceRules(List.of(hourly));
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(3);
  }

  @Test
  void slidingLog_sameWindowGoesOn_anotherStartsAnew() {
    Gate gate = gates.of(rule(3).slidingLog().build());
    admitted(gate, 3, REQUEST);
    gate.replaceRules(List.of(rule(5).slidingLog().build()));
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(2);
    gate.replaceRules(List.of(Rule.named("r").quota(Quota.perHour(3)).slidingLog().build()));
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(3);
  }

  @Test
  void otherWayToCountOrRoom_startsAnewWithItsCounters() {
    for (Rule next :
        new Rule[] {rule(3).slidingWindow().build(), rule(3).whenFull(WhenFull.REFUSE).build()}) {
      Gate gate = gates.of(rule(3).build());
      admitted(gate, 3, REQUEST);
      gate.replaceRules(List.of(next));
      assertThat(admitted(gate, 9, REQUEST)).isEqualTo(3);
      assertThat(counts(gate, "r").admitted()).as("counters go on").isEqualTo(6);
    }
  }

  @Test
  void otherMaxKeys_keepsDebtsAndCountsByTheNewRoom() {
    FakeRequest other = FakeRequest.get("/").from("192.0.2.1");
    Gate gate = gates.of(rule(3).maxKeys(100).exact().build());
    admitted(gate, 3, REQUEST);
    gate.replaceRules(List.of(rule(3).maxKeys(1).exact().build()));
    assertThat(admitted(gate, 9, REQUEST)).isZero();
    admitted(gate, 1, other);
    assertThat(counts(gate, "r").crowdedOut()).as("room for one").isEqualTo(1);
    gate.replaceRules(List.of(rule(3).maxKeys(100).exact().build()));
    assertThat(admitted(gate, 9, REQUEST)).isZero();
    assertThat(admitted(gate, 9, other)).as("with what it owes").isEqualTo(2);
  }

  @Test
  void tableOfAnotherSize_keepsDebts() {
    Rule.Builder rule = Rule.named("r").quota(Quota.perMinute(3));
    Gate gate = gates.of(rule.build());
    admitted(gate, 2, REQUEST);
    for (int maxKeys : new int[] {1_000_000, 1, 77, 100_000}) {
      gate.replaceRules(List.of(rule.maxKeys(maxKeys).build()));
    }
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(1);
  }

  @Test
  void tableUnderAnotherQuota_keepsDebtsCutToTheLongest() {
    Gate gate = gates.of(Rule.named("r").quota(Quota.perMinute(3)).build());
    admitted(gate, 3, REQUEST);
    gate.replaceRules(List.of(Rule.named("r").quota(Quota.perSecond(2)).build()));
    assertThat(admitted(gate, 9, REQUEST)).isZero();
    gates.ticker.advance(Duration.ofSeconds(1));
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(2);
  }

  @Test
  void badReplacement_leavesTheRoomAsItWas() {
    Gate gate = gates.of(rule(3).maxKeys(1).exact().build());
    admitted(gate, 1, REQUEST);
    List<Rule> bad = List.of(rule(3).maxKeys(100).exact().build(), rule(3).build());
    assertThatIllegalArgumentException().isThrownBy(() -> gate.replaceRules(bad));
    admitted(gate, 1, FakeRequest.get("/").from("192.0.2.1"));
    assertThat(counts(gate, "r").crowdedOut()).as("still room for one").isEqualTo(1);
  }

  @Test
  void plans_keepTheirDebtsByName() {
    Rule before =
        rule(1).plan("a", Quota.perDay(3)).plan("b", Quota.perDay(3)).planBy(r -> "a").build();
    Rule after = rule(1).plan("a", Quota.perDay(5)).planBy(r -> "a").build();
    Gate gate = gates.of(before);
    admitted(gate, 3, REQUEST);
    gate.replaceRules(List.of(after));
    gates.ticker.advance(Duration.ofHours(24).dividedBy(5));
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(1);
  }

  @Test
  void badReplacement_leavesTheOldRules() {
    Gate gate = gates.of(rule(3).build());
    admitted(gate, 2, REQUEST);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> gate.replaceRules(List.of(rule(9).build(), rule(8).build())))
        .withMessage("rule: r (expected: a name used once)");
    assertThat(admitted(gate, 9, REQUEST)).isEqualTo(1);
    assertThat(gate.rules()).extracting(Rule::name).containsExactly("r");
  }

  @Test
  void replaceRule_replacesOneOrAddsIt() {
    Rule other = Rule.named("other").match(Match.path("/o")).quota(Quota.perMinute(2)).build();
    Gate gate = gates.of(rule(3).match(Match.path("/")).build(), other);
    admitted(gate, 2, REQUEST);
    admitted(gate, 1, FakeRequest.get("/o"));
    Rule wider = rule(4).match(Match.path("/")).build();
    gate.replaceRule(wider);
    assertThat(gate.rules()).containsExactly(wider, other);
    Rule third = Rule.named("third").quota(Quota.perDay(100)).build();
    gate.replaceRule(third);
    assertThat(gate.rules()).containsExactly(wider, other, third);
    assertThat(admitted(gate, 9, FakeRequest.get("/o"))).as("it kept its debts").isEqualTo(1);
  }

  @Test
  void permitUnderWay_settlesAndIsNotCountedTwice() {
    Rule.Builder before = rule(3).chargeWhen(Outcome::failed);
    Gate gate = gates.of(before.build());
    List<Permit> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      open.add(gate.enter(REQUEST).permit());
    }
    gate.replaceRules(List.of(before.slidingWindow().build()));
    open.forEach(permit -> permit.close(200));
    assertThat(admitted(gate, 1, REQUEST)).isEqualTo(1);
    gate.replaceRules(List.of(rule(3).chargeWhen(Outcome::failed).build()));
    for (int i = 0; i < 3; i++) {
      gate.enter(REQUEST).permit().close(500);
    }
    assertThat(gate.enter(REQUEST).admitted()).isFalse();
  }

  @Test
  void thousandReplacementsUnderTraffic_loseAndAdmitNothing() throws Exception {
    Rule[] rules = {
      Rule.named("r").quota(Quota.perDay(400), Quota.perHour(700)).build(),
      Rule.named("r").quota(Quota.perHour(700), Quota.perDay(400)).build()
    };
    Gate gate = gates.of(rules[0]);
    AtomicBoolean done = new AtomicBoolean();
    List<Integer> admitted =
        Threads.run(
            3,
            thread -> {
              int mine = 0;
              if (thread == 0) {
                for (int i = 1; i <= 1_000; i++) {
                  gate.replaceRules(List.of(rules[i % 2]));
                }
                done.set(true);
              } else {
                while (!done.get()) {
                  mine += admitted(gate, 1, REQUEST);
                }
              }
              return mine;
            });
    int total = admitted.stream().mapToInt(Integer::intValue).sum();
    total += admitted(gate, 1_000, REQUEST);
    assertThat(total).isEqualTo(400);
    assertThat(counts(gate, "r").admitted()).isEqualTo(400);
    assertThat(gate.status().failures()).isZero();
  }

  @Test
  void replacedRules_areNotHeldOnTo() {
    Gate gate = gates.of();
    List<WeakReference<Rule>> old = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Rule rule = rule(3).cost(new OneEach()).build();
      old.add(new WeakReference<>(rule));
      gate.replaceRules(List.of(rule));
      admitted(gate, 1, REQUEST);
    }
    old.remove(old.size() - 1);
    for (int i = 0; i < 50 && old.stream().anyMatch(rule -> rule.get() != null); i++) {
      System.gc();
    }
    assertThat(old).extracting(WeakReference::get).containsOnlyNulls();
    assertThat(gate.rules()).hasSize(1);
  }

  /** A cost that belongs to one rule only. */
  private static final class OneEach implements ToLongFunction<GateRequest> {
    @Override
    public long applyAsLong(GateRequest request) {
      return 1;
    }
  }
}

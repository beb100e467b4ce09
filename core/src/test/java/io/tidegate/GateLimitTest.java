package io.tidegate;

import static io.tidegate.TestGates.admitted;
import static io.tidegate.TestGates.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets how much. */
class GateLimitTest {

  @RegisterExtension final TestGates gates = new TestGates();

  private static Rule.Builder rule(String name) {
    return Rule.named(name).quota(Quota.perMinute(3));
  }

  private static FakeRequest from(String address) {
    return FakeRequest.get("/").from(address);
  }

  @Test
  void quota_isPerAddress() {
    Gate gate = gates.of(rule("r").build());
    assertThat(admitted(gate, 10, from("203.0.113.7"))).isEqualTo(3);
    assertThat(admitted(gate, 10, from("203.0.113.8"))).isEqualTo(3);
    assertThat(counts(gate, "r").admitted()).isEqualTo(6);
    assertThat(counts(gate, "r").refused()).isEqualTo(14);
    assertThat(counts(gate, "r").keys()).isEqualTo(2);
    assertThat(gate.status().verdicts())
        .containsEntry(Verdict.Kind.ADMITTED, 6L)
        .containsEntry(Verdict.Kind.THROTTLED, 14L);
  }

  @Test
  void verdict_refused_saysWhoAndHowLong() {
    Gate gate = gates.of(rule("r").build());
    admitted(gate, 3, from("203.0.113.7"));
    Verdict refused = gate.enter(from("203.0.113.7"));
    assertThat(refused.kind()).isEqualTo(Verdict.Kind.THROTTLED);
    assertThat(refused.admitted()).isFalse();
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.rule()).isEqualTo("r");
    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(20));
    assertThatIllegalStateException().isThrownBy(refused::permit);
  }

  @Test
  void verdict_admitted_isItsOwnPermitAndNamesNobody() {
    Verdict admitted = gates.of(rule("r").build()).enter(from("203.0.113.7"));
    assertThat(admitted.kind()).isEqualTo(Verdict.Kind.ADMITTED);
    assertThat(admitted.status()).isEqualTo(200);
    assertThat(admitted.rule()).isNull();
    assertThat(admitted.retryAfter()).isEmpty();
    assertThat(admitted.contentType()).isEmpty();
    assertThat(admitted.body()).isEmpty();
    assertThat(admitted.permit()).isSameAs(admitted.permit());
    assertThat(admitted.permit().isClosed()).isFalse();
  }

  @Test
  void noRule_admitsAll() {
    assertThat(admitted(gates.of(), 1_000, from("203.0.113.7"))).isEqualTo(1_000);
  }

  @Test
  void otherPath_isNotCounted() {
    Gate gate = gates.of(rule("r").match(Match.path("/a")).build());
    assertThat(admitted(gate, 10, FakeRequest.get("/b"))).isEqualTo(10);
    assertThat(admitted(gate, 10, FakeRequest.get("/a"))).isEqualTo(3);
    assertThat(admitted(gate, 10, FakeRequest.get("/b"))).isEqualTo(10);
  }

  @Test
  void severalRules_refusalByOne_leavesTheOthersAsTheyWere() {
    Rule tight = Rule.named("tight").match(Match.path("/a")).quota(Quota.perMinute(2)).build();
    Rule wide = Rule.named("wide").quota(Quota.perMinute(5)).build();
    for (Rule[] order : new Rule[][] {{tight, wide}, {wide, tight}}) {
      Gate gate = gates.of(order);
      assertThat(admitted(gate, 50, FakeRequest.get("/a"))).isEqualTo(2);
      assertThat(admitted(gate, 50, FakeRequest.get("/b"))).as("what wide has left").isEqualTo(3);
      assertThat(counts(gate, "wide").refused()).as("refused by wide").isEqualTo(47);
      assertThat(counts(gate, "tight").refused()).isEqualTo(48);
    }
  }

  @Test
  void severalQuotas_refusalByOne_leavesTheOthersAsTheyWere() {
    Rule both = Rule.named("both").quota(Quota.perMinute(2), Quota.perDay(5)).build();
    for (boolean swapped : new boolean[] {false, true}) {
      Rule rule =
          swapped ? Rule.named("both").quota(Quota.perDay(5), Quota.perMinute(2)).build() : both;
      Gate gate = gates.of(rule);
      int day = 0;
      for (int minute = 0; minute < 3; minute++) {
        int inMinute = admitted(gate, 50, from("203.0.113.7"));
        assertThat(inMinute).as("minute %d", minute).isEqualTo(minute < 2 ? 2 : 1);
        day += inMinute;
        gates.ticker.advance(Duration.ofMinutes(1));
      }
      assertThat(day).isEqualTo(5);
      assertThat(counts(gate, "both").admitted()).as("counted once a request").isEqualTo(5);
    }
  }

  @Test
  void severalRefuse_longestWaitDecides() {
    Rule minute = Rule.named("minute").quota(Quota.perMinute(1)).build();
    Rule hour = Rule.named("hour").quota(Quota.perHour(1)).build();
    Rule second = Rule.named("second").quota(Quota.perSecond(1)).build();
    for (Rule[] order : new Rule[][] {{minute, hour, second}, {second, hour, minute}}) {
      Gate gate = gates.of(order);
      admitted(gate, 1, from("203.0.113.7"));
      Verdict refused = gate.enter(from("203.0.113.7"));
      assertThat(refused.rule()).isEqualTo("hour");
      assertThat(refused.retryAfter()).contains(Duration.ofHours(1));
    }
  }

  @Test
  void neverBeatsAnyWait() {
    Rule hour = Rule.named("hour").quota(Quota.perHour(1)).build();
    Rule cost = Rule.named("cost").quota(Quota.perHour(5)).cost(6).build();
    Gate gate = gates.of(cost, hour);
    Verdict refused = gate.enter(from("203.0.113.7"));
    assertThat(refused.rule()).isEqualTo("cost");
    assertThat(refused.retryAfter()).isEmpty();
    assertThat(Reply.of(refused).fields()).doesNotContainKey("Retry-After");
    assertThat(counts(gate, "hour").keys()).as("charged nothing").isZero();
  }

  @Test
  void toldWait_isExactToTheNanosecond() {
    Rule bucket = Rule.named("bucket").quota(Quota.of(7, Duration.ofSeconds(3))).build();
    Rule counter = Rule.named("counter").quota(Quota.perMinute(5)).slidingWindow().build();
    Rule log = Rule.named("log").quota(Quota.perMinute(4)).slidingLog().build();
    for (Rule one : new Rule[] {bucket, counter, log}) {
      for (long cost = 1; cost <= 2; cost++) {
        assertWaitIsExact(one, cost);
      }
    }
  }

  private void assertWaitIsExact(Rule limit, long cost) {
    Rule.Builder builder = Rule.named(limit.name()).quota(limit.quotas.get(0)).cost(cost);
    if (limit.name().equals("counter")) {
      builder.slidingWindow();
    } else if (limit.name().equals("log")) {
      builder.slidingLog();
    }
    Gate gate = gates.of(builder.build());
    SplittableRandom random = new SplittableRandom(cost);
    int refusals = 0;
    for (int round = 0; round < 200; round++) {
      gates.ticker.advanceNanos(random.nextLong(200_000_000));
      Verdict verdict = gate.enter(from("203.0.113.7"));
      if (verdict.admitted()) {
        continue;
      }
      refusals++;
      long wait = verdict.retryAfter().orElseThrow().toNanos();
      gates.ticker.advanceNanos(wait - 1);
      assertThat(gate.enter(from("203.0.113.7")).admitted())
          .as("%s, cost %d, round %d, 1 ns before %d", limit, cost, round, wait)
          .isFalse();
      gates.ticker.advanceNanos(1);
      assertThat(gate.enter(from("203.0.113.7")).admitted())
          .as("%s, cost %d, round %d, after %d ns", limit, cost, round, wait)
          .isTrue();
    }
    assertThat(refusals).isGreaterThan(30);
  }

  @Test
  void cost_isChargedExactly() {
    Rule.Builder rule = Rule.named("r").quota(Quota.perMinute(10));
    Gate gate = gates.of(rule.cost(request -> request.path().length()).build());
    assertThat(admitted(gate, 9, FakeRequest.get("/23"))).isEqualTo(3);
    assertThat(admitted(gate, 9, FakeRequest.get("/2"))).as("1 is left").isZero();
    assertThat(admitted(gate, 9, FakeRequest.get("/"))).isEqualTo(1);
  }

  @Test
  void cost_zero_isFreeAlsoOnceTheQuotaIsUsedUp() {
    Rule rule = rule("r").cost(request -> request.path().equals("/free") ? 0 : 1).build();
    Gate gate = gates.of(rule);
    assertThat(admitted(gate, 10, FakeRequest.get("/paid"))).isEqualTo(3);
    assertThat(admitted(gate, 10, FakeRequest.get("/free"))).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 1_000_000, Long.MAX_VALUE})
  void cost_aboveTheBurst_isNeverAdmittedAndTakesNothing(long cost) {
    for (Rule rule :
        new Rule[] {
          rule("r").cost(r -> r.path().equals("/big") ? cost : 1).build(),
          rule("r").cost(r -> r.path().equals("/big") ? cost : 1).slidingWindow().build(),
          rule("r").cost(r -> r.path().equals("/big") ? cost : 1).slidingLog().build()
        }) {
      Gate gate = gates.of(rule);
      Verdict refused = gate.enter(FakeRequest.get("/big"));
      assertThat(refused.kind()).isEqualTo(Verdict.Kind.THROTTLED);
      assertThat(refused.retryAfter()).isEmpty();
      assertThat(admitted(gate, 10, FakeRequest.get("/"))).isEqualTo(3);
    }
  }

  @Test
  void cost_equalToTheBurst_isAdmittedOnceFull() {
    Gate gate = gates.of(rule("r").cost(3).build());
    assertThat(admitted(gate, 3, from("203.0.113.7"))).isEqualTo(1);
    gates.ticker.advance(Duration.ofMinutes(1));
    assertThat(admitted(gate, 3, from("203.0.113.7"))).isEqualTo(1);
  }

  @Test
  void keysDiffer_eachRuleCountsItsOwn() {
    Rule address = Rule.named("address").quota(Quota.perMinute(4)).build();
    Rule user = Rule.named("user").per(KeyBy.principal()).quota(Quota.perMinute(2)).build();
    Gate gate = gates.of(address, user);
    assertThat(admitted(gate, 9, from("203.0.113.7").principal("ann"))).isEqualTo(2);
    assertThat(admitted(gate, 9, from("203.0.113.8").principal("ann"))).isZero();
    assertThat(admitted(gate, 9, from("203.0.113.7").principal("bob"))).isEqualTo(2);
    assertThat(admitted(gate, 9, from("203.0.113.7").principal("cid"))).isZero();
    assertThat(counts(gate, "address").refused()).isEqualTo(9);
  }

  @Test
  void sameTextOfAnotherKind_isSomebodyElse() {
    Rule user = Rule.named("user").per(KeyBy.principal()).quota(Quota.perMinute(1)).build();
    Rule tenant = Rule.named("tenant").per(KeyBy.header("X-T")).quota(Quota.perMinute(1)).build();
    Gate gate = gates.of(user, tenant);
    Map<String, Boolean> verdicts = new LinkedHashMap<>();
    verdicts.put("ann", gate.enter(FakeRequest.get("/").principal("x")).admitted());
    verdicts.put("tenant", gate.enter(FakeRequest.get("/").header("X-T", "x")).admitted());
    assertThat(verdicts).containsEntry("ann", true).containsEntry("tenant", true);
    assertThat(gate.enter(FakeRequest.get("/").header("X-T", "x")).admitted()).isFalse();
  }
}

package io.tidegate;

import static io.tidegate.TestGates.admitted;
import static io.tidegate.TestGates.counts;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.ClientKey;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import io.tidegate.limit.WhenFull;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Against whom requests are counted, and on what plan. */
class GateKeyTest {

  @RegisterExtension final TestGates gates = new TestGates();

  private static Rule.Builder rule() {
    return Rule.named("r").quota(Quota.perMinute(3));
  }

  private static FakeRequest from(String address) {
    return FakeRequest.get("/").from(address);
  }

  @Test
  void together_countsAllUnderOne() {
    Gate gate = gates.of(rule().together().build());
    assertThat(admitted(gate, 2, from("203.0.113.7"))).isEqualTo(2);
    assertThat(admitted(gate, 9, from("198.51.100.1").principal("ann"))).isEqualTo(1);
    assertThat(admitted(gate, 9, from("2001:db8::1"))).isZero();
    assertThat(counts(gate, "r").keys()).isEqualTo(1);
  }

  @Test
  void togetherInTwoRules_areTwoLimits() {
    Rule a = Rule.named("a").match(Match.path("/a")).together().quota(Quota.perMinute(1)).build();
    Rule b = Rule.named("b").match(Match.path("/b")).together().quota(Quota.perMinute(1)).build();
    Gate gate = gates.of(a, b);
    assertThat(admitted(gate, 9, FakeRequest.get("/a"))).isEqualTo(1);
    assertThat(admitted(gate, 9, FakeRequest.get("/b"))).isEqualTo(1);
  }

  @Test
  void keyThatDoesNotApply_ruleDoesNot() {
    Gate gate = gates.of(rule().per(KeyBy.principal()).build());
    assertThat(admitted(gate, 50, from("203.0.113.7"))).isEqualTo(50);
    assertThat(admitted(gate, 50, from("203.0.113.7").principal(" "))).isEqualTo(50);
    assertThat(admitted(gate, 50, from("203.0.113.7").principal("ann"))).isEqualTo(3);
    assertThat(counts(gate, "r").admitted()).isEqualTo(3);
  }

  @Test
  void ipv6_neighboursInA64_shareOneLimit() {
    Gate gate = gates.of(rule().build());
    assertThat(admitted(gate, 2, from("2001:db8:1:2::1"))).isEqualTo(2);
    assertThat(admitted(gate, 9, from("2001:db8:1:2:ffff::9"))).isEqualTo(1);
    assertThat(admitted(gate, 9, from("2001:db8:1:3::1"))).isEqualTo(3);
  }

  @Test
  void ipv4InIpv6_isTheSameAddress() {
    Gate gate = gates.of(rule().build());
    assertThat(admitted(gate, 9, from("203.0.113.7"))).isEqualTo(3);
    assertThat(admitted(gate, 9, from("::ffff:203.0.113.7"))).isZero();
  }

  @Test
  void noAddress_sharesOneLimitAndIsNobodyElse() {
    Gate gate = gates.of(rule().build());
    assertThat(admitted(gate, 9, from(null))).isEqualTo(3);
    assertThat(admitted(gate, 9, from("::"))).as("the same as none").isZero();
    assertThat(admitted(gate, 9, from("::1"))).isEqualTo(3);
  }

  @Test
  void prefix_countsANetwork() {
    Gate gate = gates.of(rule().per(KeyBy.prefix(24, 48)).build());
    assertThat(admitted(gate, 2, from("203.0.113.7"))).isEqualTo(2);
    assertThat(admitted(gate, 9, from("203.0.113.250"))).isEqualTo(1);
    assertThat(admitted(gate, 9, from("203.0.114.7"))).isEqualTo(3);
  }

  @Test
  void pairOfKeys_countsBothTogether() {
    KeyBy both = KeyBy.pair(KeyBy.principal(), KeyBy.address());
    Gate gate = gates.of(rule().per(both).build());
    assertThat(admitted(gate, 9, from("203.0.113.7").principal("ann"))).isEqualTo(3);
    assertThat(admitted(gate, 9, from("203.0.113.8").principal("ann"))).isEqualTo(3);
    assertThat(admitted(gate, 9, from("203.0.113.7").principal("bob"))).isEqualTo(3);
    assertThat(admitted(gate, 9, from("203.0.113.7"))).as("no pair").isEqualTo(9);
  }

  @Test
  void keyOfTheUsersOwn_counts() {
    KeyBy host =
        client -> {
          String asked = client.header("X-Host");
          return asked == null ? null : ClientKey.text("host", asked);
        };
    Gate gate = gates.of(rule().per(host).build());
    assertThat(admitted(gate, 9, from("203.0.113.7").header("X-Host", "a"))).isEqualTo(3);
    assertThat(admitted(gate, 9, from("203.0.113.8").header("X-Host", "a"))).isZero();
    assertThat(admitted(gate, 9, from("203.0.113.8").header("X-Host", "b"))).isEqualTo(3);
  }

  private static Rule planned() {
    return rule()
        .per(KeyBy.principal())
        .plan("pro", Quota.perMinute(5), Quota.perDay(7))
        .plan("team", Quota.perMinute(20))
        .planBy(request -> request.header("X-Plan"))
        .build();
  }

  private static FakeRequest on(String plan) {
    FakeRequest request = FakeRequest.get("/").principal("ann");
    return plan == null ? request : request.header("X-Plan", plan);
  }

  @Test
  void plan_hasItsOwnQuotas() {
    Gate gate = gates.of(planned());
    assertThat(admitted(gate, 50, on("pro"))).isEqualTo(5);
    gates.ticker.advance(Duration.ofMinutes(1));
    assertThat(admitted(gate, 50, on("pro"))).as("what the day leaves").isEqualTo(2);
    assertThat(admitted(gate, 50, on("team"))).isEqualTo(20);
  }

  @Test
  void plan_nullOrUnknown_isTheRulesOwnQuota() {
    Gate gate = gates.of(planned());
    assertThat(admitted(gate, 2, on(null))).isEqualTo(2);
    assertThat(admitted(gate, 50, on("gold"))).isEqualTo(1);
    assertThat(admitted(gate, 50, on("PRO"))).isZero();
  }

  @Test
  void plan_switchedToAndFro_givesNoFreshQuota() {
    Gate gate = gates.of(planned());
    int admitted = 0;
    for (int i = 0; i < 50; i++) {
      admitted += admitted(gate, 1, on("pro")) + admitted(gate, 1, on("team"));
      admitted += admitted(gate, 1, on(null));
    }
    assertThat(admitted).isEqualTo(5 + 20 + 3);
  }

  @Test
  void planTold_isNamedAfterRuleAndPlan() {
    Gate gate = gates.of(planned());
    assertThat(Reply.of(gate.enter(on("pro"))).left())
        .containsEntry("r.pro.1", 4L)
        .containsEntry("r.pro.2", 6L)
        .hasSize(2);
    assertThat(Reply.of(gate.enter(on("team"))).left()).containsOnlyKeys("r.team");
  }

  @Test
  void slidingLog_neverAdmitsMoreInAnyWindow() {
    Gate gate = gates.of(rule().slidingLog().build());
    assertThat(admitted(gate, 9, from("203.0.113.7"))).isEqualTo(3);
    gates.ticker.advance(Duration.ofSeconds(59));
    assertThat(admitted(gate, 9, from("203.0.113.7"))).isZero();
    gates.ticker.advance(Duration.ofSeconds(1));
    assertThat(admitted(gate, 9, from("203.0.113.7"))).isEqualTo(3);
  }

  @Test
  void slidingWindow_fadesTheWindowBefore() {
    Gate gate = gates.of(rule().slidingWindow().build());
    assertThat(admitted(gate, 9, from("203.0.113.7"))).isEqualTo(3);
    gates.ticker.advance(Duration.ofSeconds(60));
    assertThat(admitted(gate, 9, from("203.0.113.7"))).isZero();
    gates.ticker.advance(Duration.ofSeconds(20));
    assertThat(admitted(gate, 9, from("203.0.113.7"))).isEqualTo(1);
  }

  @Test
  void moreKeysThanRoom_areDecidedAsTheRuleSays() {
    for (WhenFull whenFull : WhenFull.values()) {
      Gate gate = gates.of(rule().maxKeys(1).whenFull(whenFull).build());
      assertThat(admitted(gate, 9, from("203.0.113.1"))).as("%s", whenFull).isEqualTo(3);
      int newcomer = admitted(gate, 9, from("203.0.113.2"));
      assertThat(newcomer)
          .as("%s", whenFull)
          .isEqualTo(whenFull == WhenFull.SHARE ? 3 : whenFull == WhenFull.REFUSE ? 0 : 9);
      assertThat(counts(gate, "r").crowdedOut()).as("%s", whenFull).isPositive();
    }
  }

  @Test
  void forwardedClient_isCountedByItsOwnAddress() {
    ClientResolver behind =
        ClientResolver.builder().header("X-Forwarded-For").trust("10.0.0.0/8").build();
    Gate gate = gates.open(Gate.builder().clients(behind).rule(rule().build()));
    FakeRequest one = from("10.0.0.1").header("X-Forwarded-For", "198.51.100.1");
    FakeRequest two = from("10.0.0.1").header("X-Forwarded-For", "198.51.100.2");
    assertThat(admitted(gate, 9, one)).isEqualTo(3);
    assertThat(admitted(gate, 9, two)).isEqualTo(3);
  }

  @Test
  void spoofedHops_changeNobodysAddress() {
    ClientResolver behind =
        ClientResolver.builder().header("X-Forwarded-For").trust("10.0.0.0/8").build();
    Gate gate = gates.open(Gate.builder().clients(behind).rule(rule().build()));
    int admitted = 0;
    for (int i = 0; i < 50; i++) {
      String hops = "192.0.2." + i + ", 198.51.100.1";
      admitted += admitted(gate, 1, from("10.0.0.1").header("X-Forwarded-For", hops));
      FakeRequest direct = from("203.0.113.7").header("X-Forwarded-For", "192.0.2." + i);
      admitted += admitted(gate, 1, direct);
    }
    assertThat(admitted).as("three through the proxy, three past it").isEqualTo(6);
  }
}

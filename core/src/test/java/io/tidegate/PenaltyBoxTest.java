package io.tidegate;

import static io.tidegate.TestGates.admitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.ClientKey;
import io.tidegate.client.IpAddress;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.ManualTicker;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bans by hand. */
class PenaltyBoxTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Rule BY_KEY =
      Rule.named("key").per(KeyBy.apiKey()).quota(Quota.perMinute(100)).build();

  @RegisterExtension final TestGates gates = new TestGates();

  private static FakeRequest from(String address) {
    return FakeRequest.get("/").from(address);
  }

  private static ClientKey address(String literal) {
    return ClientKey.address(IpAddress.parse(literal));
  }

  @Test
  void banned_isRefusedEverywhereUntilExactlyItsEnd() {
    Gate gate = gates.of();
    gate.penaltyBox().ban(address("203.0.113.7"), HOUR);
    for (String path : new String[] {"/", "/a", "/healthz"}) {
      Verdict verdict = gate.enter(FakeRequest.get(path).from("203.0.113.7"));
      assertThat(verdict.kind()).isEqualTo(Verdict.Kind.BANNED);
      assertThat(verdict.rule()).isNull();
      assertThat(verdict.retryAfter()).contains(HOUR);
      assertThat(Reply.of(verdict).retryAfter()).isEqualTo(3_600);
    }
    gates.ticker.advance(HOUR.minusNanos(1));
    Verdict last = gate.enter(from("203.0.113.7"));
    assertThat(last.retryAfter()).contains(Duration.ofNanos(1));
    assertThat(Reply.of(last).retryAfter()).as("never 0").isEqualTo(1);
    gates.ticker.advanceNanos(1);
    assertThat(gate.enter(from("203.0.113.7")).admitted()).isTrue();
    assertThat(gate.penaltyBox().list()).isEmpty();
  }

  @Test
  void ban_hitsNobodyElse() {
    Gate gate = gates.of(BY_KEY);
    gate.penaltyBox().ban(address("203.0.113.7"), HOUR);
    gate.penaltyBox().ban(ClientKey.apiKey("stolen"), HOUR);
    assertThat(gate.enter(from("203.0.113.8")).admitted()).isTrue();
    assertThat(gate.enter(from("203.0.113.6")).admitted()).isTrue();
    assertThat(gate.enter(from("::")).admitted()).isTrue();
    assertThat(gate.enter(from("203.0.113.8").header("Authorization", "Bearer mine")).admitted())
        .isTrue();
    assertThat(gate.enter(from("203.0.113.8").header("Authorization", "Bearer stolen")).kind())
        .isEqualTo(Verdict.Kind.BANNED);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 32, 64, 203.0.113.7, true",
    "203.0.113.7, 32, 64, ::ffff:203.0.113.7, true",
    "203.0.113.7, 32, 64, 203.0.113.6, false",
    "203.0.113.7, 24, 64, 203.0.113.200, true",
    "203.0.113.7, 24, 64, 203.0.112.200, false",
    "203.0.113.7, 0, 64, 198.51.100.1, true",
    "203.0.113.7, 0, 64, 2001:db8::1, false",
    "2001:db8:1:2::7, 32, 64, 2001:db8:1:2:ffff::1, true",
    "2001:db8:1:2::7, 32, 64, 2001:db8:1:3::7, false",
    "2001:db8:1:2::7, 32, 48, 2001:db8:1:3::7, true",
    "2001:db8:1:2::7, 32, 128, 2001:db8:1:2::8, false",
    "2001:db8:1:2::7, 32, 0, 203.0.113.7, false",
    "2001:db8:1:2::7, 32, 0, 4001::1, true",
    "::, 32, 64, ::1, false",
    "::, 32, 64, ::, true"
  })
  void ban_ofANetwork_isHeldToByNoRuleThatCountsSo(
      String banned, int ipv4Bits, int ipv6Bits, String client, boolean hit) {
    Gate gate = gates.of();
    gate.penaltyBox().ban(ClientKey.prefix(IpAddress.parse(banned), ipv4Bits, ipv6Bits), HOUR);
    assertThat(gate.enter(from(client)).admitted()).isEqualTo(!hit);
  }

  @Test
  void severalBans_theLongestIsTold() {
    for (boolean wideFirst : new boolean[] {true, false}) {
      Gate gate = gates.of(BY_KEY);
      ClientKey network = ClientKey.prefix(IpAddress.parse("203.0.113.7"), 24, 48);
      gate.penaltyBox().ban(wideFirst ? network : address("203.0.113.7"), HOUR);
      gate.penaltyBox().ban(wideFirst ? address("203.0.113.7") : network, HOUR.multipliedBy(2));
      assertThat(gate.enter(from("203.0.113.7")).retryAfter()).contains(HOUR.multipliedBy(2));
      gate.penaltyBox().ban(ClientKey.apiKey("k"), HOUR.multipliedBy(3));
      assertThat(gate.enter(from("203.0.113.7").header("Authorization", "Bearer k")).retryAfter())
          .contains(HOUR.multipliedBy(3));
    }
  }

  @Test
  void ban_again_takesThePlaceOfTheFirst() {
    PenaltyBox box = gates.of().penaltyBox();
    box.ban(address("203.0.113.7"), HOUR);
    box.ban(address("203.0.113.7"), Duration.ofMinutes(1));
    assertThat(box.list()).singleElement().extracting(Ban::left).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void unban_letsOutAtOnceAndSaysWhetherAnybodyWasIn() {
    Gate gate = gates.of();
    gate.penaltyBox().ban(address("203.0.113.7"), HOUR);
    assertThat(gate.penaltyBox().unban(address("203.0.113.8"))).isFalse();
    assertThat(gate.enter(from("203.0.113.7")).admitted()).isFalse();
    assertThat(gate.penaltyBox().unban(address("203.0.113.7"))).isTrue();
    assertThat(gate.penaltyBox().unban(address("203.0.113.7"))).isFalse();
    assertThat(gate.enter(from("203.0.113.7")).admitted()).isTrue();
  }

  @Test
  void unban_afterTheEnd_saysNobodyWasIn() {
    PenaltyBox box = gates.of().penaltyBox();
    box.ban(address("203.0.113.7"), HOUR);
    gates.ticker.advance(HOUR);
    assertThat(box.unban(address("203.0.113.7"))).isFalse();
  }

  @Test
  void list_tellsEachBan() {
    Gate gate = gates.of();
    gate.penaltyBox().ban(address("203.0.113.7"), HOUR);
    gate.penaltyBox().ban(ClientKey.apiKey("secret-key"), Duration.ofMinutes(1));
    gates.ticker.advance(Duration.ofSeconds(30));
    List<Ban> bans = gate.penaltyBox().list();
    assertThat(bans)
        .extracting(Ban::left)
        .containsExactlyInAnyOrder(HOUR.minusSeconds(30), Duration.ofSeconds(30));
    assertThat(bans)
        .allSatisfy(
            ban -> {
              assertThat(ban.rule()).isEqualTo("by hand");
              assertThat(ban.times()).isEqualTo(1);
              assertThat(ban.toString()).doesNotContain("secret-key").doesNotContain("113.7");
            });
    assertThat(gate.status().banned()).isEqualTo(2);
    gates.ticker.advance(Duration.ofSeconds(30));
    assertThat(gate.penaltyBox().list()).hasSize(1);
    assertThat(gate.status().banned()).isEqualTo(1);
  }

  @Test
  void ban_byHand_fitsAlsoIntoAFullBox() {
    Gate gate = gates.open(Gate.builder().maxBans(1));
    for (int i = 1; i <= 5; i++) {
      gate.penaltyBox().ban(address("203.0.113." + i), HOUR);
    }
    assertThat(gate.penaltyBox().list()).hasSize(5);
    assertThat(gate.enter(from("203.0.113.3")).admitted()).isFalse();
  }

  @Test
  void reset_letsOutAndForgetsDebts() {
    Rule rule = Rule.named("r").quota(Quota.perDay(3), Quota.perMinute(3)).exact().build();
    Gate gate = gates.of(rule, BY_KEY);
    admitted(gate, 9, from("203.0.113.7"));
    admitted(gate, 9, from("203.0.113.8"));
    gate.penaltyBox().ban(address("203.0.113.7"), HOUR);
    gate.reset(address("203.0.113.7"));
    assertThat(admitted(gate, 9, from("203.0.113.7"))).isEqualTo(3);
    assertThat(admitted(gate, 9, from("203.0.113.8"))).as("nobody else's").isZero();
  }

  @Test
  void reset_ofWhatIsInATable_letsOutAndForgetsNothing() {
    Gate gate = gates.of(Rule.named("r").quota(Quota.perMinute(3)).build());
    admitted(gate, 2, from("203.0.113.7"));
    gate.penaltyBox().ban(address("203.0.113.7"), HOUR);
    gate.reset(address("203.0.113.7"));
    assertThat(admitted(gate, 9, from("203.0.113.7"))).isEqualTo(1);
  }

  @Test
  void reset_ofLongQuotas_forgetsWhatIsOwedWhateverTheirLength() {
    for (int days : new int[] {1, 11, 20, 30, 366}) {
      Rule rule = Rule.named("r").quota(Quota.of(1, Duration.ofDays(days))).build();
      Gate gate = gates.of(rule);
      admitted(gate, 1, from("203.0.113.7"));
      gate.reset(address("203.0.113.7"));
      assertThat(admitted(gate, 9, from("203.0.113.7"))).as("%d days", days).isEqualTo(1);
    }
  }

  @Test
  void box_isTheSameAfterRulesWereReplaced() {
    Gate gate = gates.of();
    gate.penaltyBox().ban(address("203.0.113.7"), HOUR);
    PenaltyBox before = gate.penaltyBox();
    gate.replaceRules(List.of(BY_KEY));
    assertThat(gate.penaltyBox()).isSameAs(before);
    assertThat(gate.enter(from("203.0.113.7")).admitted()).isFalse();
  }

  @Test
  void clockThatWrapsAround_endsBansOnTime() {
    ManualTicker late = new ManualTicker(Long.MAX_VALUE - HOUR.toNanos() / 2);
    try (Gate gate = Gate.builder().ticker(late).build()) {
      gate.penaltyBox().ban(address("203.0.113.7"), HOUR);
      late.advance(HOUR.minusNanos(1));
      assertThat(gate.enter(from("203.0.113.7")).admitted()).isFalse();
      late.advanceNanos(1);
      assertThat(gate.enter(from("203.0.113.7")).admitted()).isTrue();
    }
  }
}

package io.tidegate;

import static io.tidegate.TestGates.admitted;
import static io.tidegate.TestGates.counts;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.ClientKey;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.IpAddress;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bans that rules give. */
class GateBanTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final FakeRequest REQUEST = FakeRequest.get("/");

  @RegisterExtension final TestGates gates = new TestGates();

  /** One a day is admitted, and the third refusal within a minute is a ban. */
  private static Rule.Builder strict(String name) {
    return Rule.named(name)
        .quota(Quota.perDay(1))
        .ban(BanPolicy.after(3, MINUTE).banFor(MINUTE, Duration.ofMinutes(10), HOUR));
  }

  private static FakeRequest from(String address) {
    return FakeRequest.get("/").from(address);
  }

  /** The verdict of the request that brings the ban. */
  private static Verdict provoke(Gate gate, GateRequest request) {
    for (int i = 0; i < 10; i++) {
      Verdict verdict = gate.enter(request);
      if (verdict.kind() == Verdict.Kind.BANNED) {
        return verdict;
      }
    }
    throw new AssertionError("no ban");
  }

  @Test
  void refusals_asManyAsSaid_turnIntoABan() {
    Gate gate = gates.of(strict("r").build());
    assertThat(gate.enter(REQUEST).kind()).isEqualTo(Verdict.Kind.ADMITTED);
    assertThat(gate.enter(REQUEST).kind()).isEqualTo(Verdict.Kind.THROTTLED);
    assertThat(gate.enter(REQUEST).kind()).isEqualTo(Verdict.Kind.THROTTLED);
    Verdict third = gate.enter(REQUEST);
    assertThat(third.kind()).isEqualTo(Verdict.Kind.BANNED);
    assertThat(third.rule()).isEqualTo("r");
    assertThat(third.retryAfter()).contains(MINUTE);
    assertThat(gate.enter(FakeRequest.post("/elsewhere")).kind()).isEqualTo(Verdict.Kind.BANNED);
    assertThat(counts(gate, "r").bans()).isEqualTo(1);
    assertThat(counts(gate, "r").refused()).as("a ban's refusals are not the rule's").isEqualTo(3);
    assertThat(gate.penaltyBox().list())
        .singleElement()
        .satisfies(
            ban -> {
              assertThat(ban.rule()).isEqualTo("r");
              assertThat(ban.times()).isEqualTo(1);
              assertThat(ban.left()).isEqualTo(MINUTE);
            });
  }

  @Test
  void refusals_tooFarApart_areForgiven() {
    Gate gate = gates.of(strict("r").build());
    admitted(gate, 1, REQUEST);
    for (int i = 0; i < 50; i++) {
      assertThat(gate.enter(REQUEST).kind()).isEqualTo(Verdict.Kind.THROTTLED);
      gates.ticker.advance(MINUTE);
    }
    assertThat(gate.penaltyBox().list()).isEmpty();
  }

  @Test
  void requestRefusedByTwoQuotas_isOneStrike() {
    Gate gate = gates.of(strict("r").quota(Quota.perDay(1), Quota.perHour(1)).build());
    admitted(gate, 1, REQUEST);
    assertThat(gate.enter(REQUEST).kind()).isEqualTo(Verdict.Kind.THROTTLED);
    assertThat(gate.enter(REQUEST).kind()).isEqualTo(Verdict.Kind.THROTTLED);
    assertThat(gate.enter(REQUEST).kind()).isEqualTo(Verdict.Kind.BANNED);
  }

  @Test
  void repeatedBans_growAndAreForgottenAfterTheLongest() {
    Gate gate = gates.of(strict("r").build());
    Duration[] expected = {MINUTE, Duration.ofMinutes(10), HOUR, HOUR};
    for (int i = 0; i < expected.length; i++) {
      assertThat(provoke(gate, REQUEST).retryAfter()).as("ban %d", i + 1).contains(expected[i]);
      assertThat(gate.penaltyBox().list()).extracting(Ban::times).containsExactly(i + 1);
      gates.ticker.advance(expected[i].minusNanos(1));
      assertThat(gate.enter(REQUEST).kind()).isEqualTo(Verdict.Kind.BANNED);
      gates.ticker.advanceNanos(1);
      assertThat(gate.enter(REQUEST).kind()).as("out").isNotEqualTo(Verdict.Kind.BANNED);
    }
    gates.ticker.advance(HOUR.minusNanos(1));
    assertThat(provoke(gate, REQUEST).retryAfter()).as("just remembered").contains(HOUR);
    gates.ticker.advance(HOUR.multipliedBy(2));
    assertThat(provoke(gate, REQUEST).retryAfter()).as("forgotten").contains(MINUTE);
  }

  @Test
  void unban_cleansTheRecord() {
    Gate gate = gates.of(strict("r").build());
    ClientKey key = ClientKey.address(IpAddress.parse(FakeRequest.CLIENT));
    provoke(gate, REQUEST);
    assertThat(gate.penaltyBox().unban(key)).isTrue();
    assertThat(provoke(gate, REQUEST).retryAfter()).contains(MINUTE);
    gates.ticker.advance(MINUTE);
    gate.reset(key);
    assertThat(provoke(gate, REQUEST).retryAfter()).contains(MINUTE);
  }

  @Test
  void ban_neverHitsOthers() {
    Gate gate = gates.of(strict("r").build());
    provoke(gate, from("2001:db8:1:2::1"));
    assertThat(gate.enter(from("2001:db8:1:2:ffff::1")).kind())
        .as("the same host's /64")
        .isEqualTo(Verdict.Kind.BANNED);
    assertThat(gate.enter(from("2001:db8:1:3::1")).admitted()).isTrue();
    assertThat(gate.enter(from("203.0.113.8")).admitted()).isTrue();
  }

  @Test
  void banOfAnApiKey_holdsFromAnyAddressAndForNoOtherKey() {
    Gate gate = gates.of(strict("r").per(KeyBy.apiKey()).build());
    provoke(gate, from("203.0.113.7").header("Authorization", "Bearer stolen"));
    assertThat(gate.enter(from("198.51.100.1").header("Authorization", "Bearer stolen")).kind())
        .isEqualTo(Verdict.Kind.BANNED);
    assertThat(gate.enter(from("203.0.113.7")).admitted()).isTrue();
    assertThat(gate.enter(from("203.0.113.7").header("Authorization", "Bearer mine")).admitted())
        .isTrue();
  }

  @Test
  void twoRulesThatBan_bothKeysAreIn_andTheLongestIsTold() {
    Rule address = strict("address").build();
    Rule key =
        strict("key").per(KeyBy.apiKey()).ban(BanPolicy.after(3, MINUTE).banFor(HOUR)).build();
    for (Rule[] order : new Rule[][] {{address, key}, {key, address}}) {
      Gate gate = gates.of(order);
      Verdict banned = provoke(gate, from("203.0.113.7").header("Authorization", "Bearer k"));
      assertThat(banned.retryAfter()).contains(HOUR);
      assertThat(gate.penaltyBox().list()).hasSize(2);
      assertThat(counts(gate, "address").bans()).isEqualTo(1);
      assertThat(counts(gate, "key").bans()).isEqualTo(1);
      assertThat(gate.enter(from("203.0.113.7")).retryAfter()).contains(MINUTE);
      assertThat(gate.enter(from("198.51.100.1").header("Authorization", "Bearer k")).retryAfter())
          .contains(HOUR);
    }
  }

  @Test
  void twoRulesThatBanByOneKey_giveOneBan() {
    List<GateEvent> heard = new ArrayList<>();
    Gate.Builder builder = Gate.builder().listener(heard::add);
    Gate gate = gates.open(builder.rule(strict("a").build()).rule(strict("b").build()));
    provoke(gate, REQUEST);
    assertThat(gate.penaltyBox().list()).extracting(Ban::times).containsExactly(1);
    assertThat(counts(gate, "a").bans() + counts(gate, "b").bans()).isEqualTo(1);
    assertThat(heard).filteredOn(event -> event.type() == GateEvent.Type.BAN_GIVEN).hasSize(1);
  }

  @Test
  void fullBox_takesNobodyInAndLetsNobodyOut() {
    Gate gate = gates.open(Gate.builder().maxBans(2).rule(strict("r").build()));
    provoke(gate, from("203.0.113.1"));
    provoke(gate, from("203.0.113.2"));
    for (int i = 0; i < 10; i++) {
      assertThat(gate.enter(from("203.0.113.3")).kind()).isNotEqualTo(Verdict.Kind.BANNED);
    }
    assertThat(gate.penaltyBox().turnedAway()).isPositive();
    assertThat(gate.penaltyBox().list()).hasSize(2);
    assertThat(gate.enter(from("203.0.113.1")).kind()).isEqualTo(Verdict.Kind.BANNED);
    gates.ticker.advance(MINUTE.plusSeconds(2));
    provoke(gate, from("203.0.113.3"));
  }

  @Test
  void fullBox_banOfAnotherKeyInTheSameRequest_isStillTold() {
    Rule key = strict("key").per(KeyBy.apiKey()).build();
    Rule address = strict("address").build();
    for (Rule[] order : new Rule[][] {{address, key}, {key, address}}) {
      Gate.Builder builder = Gate.builder().maxBans(1).rule(order[0]).rule(order[1]);
      Gate gate = gates.open(builder);
      Verdict banned = provoke(gate, from("203.0.113.7").header("Authorization", "Bearer k"));
      assertThat(banned.retryAfter()).contains(MINUTE);
      assertThat(gate.penaltyBox().list()).hasSize(1);
    }
  }

  @Test
  void concurrentStrikes_giveOneBan() throws Exception {
    Queue<GateEvent> heard = new ConcurrentLinkedQueue<>();
    for (int round = 0; round < 50; round++) {
      heard.clear();
      Gate gate = gates.open(Gate.builder().listener(heard::add).rule(strict("r").build()));
      admitted(gate, 1, REQUEST);
      Threads.run(
          8,
          thread -> {
            for (int i = 0; i < 5; i++) {
              gate.enter(REQUEST);
            }
            return true;
          });
      assertThat(gate.penaltyBox().list()).extracting(Ban::times).containsExactly(1);
      assertThat(counts(gate, "r").bans()).isEqualTo(1);
      assertThat(heard).filteredOn(event -> event.type() == GateEvent.Type.BAN_GIVEN).hasSize(1);
      gate.close();
    }
  }

  @Test
  void trustedProxyItself_isNeverBanned() {
    ClientResolver behind =
        ClientResolver.builder().header("X-Forwarded-For").trust("10.0.0.0/8").build();
    Gate gate = gates.open(Gate.builder().clients(behind).rule(strict("r").build()));
    for (int i = 0; i < 20; i++) {
      FakeRequest junk = from("10.0.0.1").header("X-Forwarded-For", "junk");
      assertThat(gate.enter(junk).kind()).isNotEqualTo(Verdict.Kind.BANNED);
    }
    provoke(gate, from("10.0.0.1").header("X-Forwarded-For", "203.0.113.7"));
    assertThat(gate.enter(from("10.0.0.1").header("X-Forwarded-For", "203.0.113.8")).admitted())
        .isTrue();
  }

  @Test
  void noAddress_isNeverBanned() {
    Gate gate = gates.of(strict("r").build());
    for (int i = 0; i < 20; i++) {
      assertThat(gate.enter(from(null)).kind()).isNotEqualTo(Verdict.Kind.BANNED);
    }
  }

  @Test
  void banOfARuleThatIsGone_holds() {
    Gate gate = gates.of(strict("r").build());
    provoke(gate, REQUEST);
    gate.replaceRules(List.of());
    Verdict verdict = gate.enter(REQUEST);
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.BANNED);
    assertThat(Reply.of(verdict).retryAfter()).isEqualTo(60);
  }

  @Test
  void costThatNeverFits_countsAsARefusal() {
    Gate gate = gates.of(strict("r").cost(5).build());
    assertThat(provoke(gate, REQUEST).retryAfter()).contains(MINUTE);
  }
}

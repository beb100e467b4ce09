package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.challenge.Solver;
import io.tidegate.client.ClientKey;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What passes are good for, and what not. */
class GatePassTest extends ChallengeGates {

  @Test
  void pass_isCountedByItself() {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    String pass = buyPass(gate, reply(gate, post()), FakeRequest.CLIENT);
    assertThat(gate.enter(post().header(PASS, pass)).admitted()).isTrue();
    Verdict spent = gate.enter(post().header(PASS, pass));
    assertThat(spent.kind())
        .as("the rule's quota, for the pass")
        .isEqualTo(Verdict.Kind.CHALLENGED);
    String second = buyPass(gate, Reply.of(spent), FakeRequest.CLIENT);
    assertThat(gate.enter(post().header(PASS, second)).admitted()).isTrue();
  }

  @Test
  void p16_pass_hasABudget() {
    Challenges.Builder three = challenges().visitorBudget(Quota.perHour(3));
    Gate gate = gate(three, Rule.named("r").quota(Quota.perHour(5)).challenge().build());
    TestGates.admitted(gate, 5, post());
    String pass = buyPass(gate, reply(gate, post()), FakeRequest.CLIENT);
    assertThat(TestGates.admitted(gate, 10, post().header(PASS, pass))).isEqualTo(3);
  }

  @Test
  void passThatIsNotNeeded_isNotSpent() {
    Challenges.Builder one = challenges().visitorBudget(Quota.perHour(1));
    Gate gate = gate(one, Rule.named("r").quota(Quota.perHour(5)).challenge().build());
    TestGates.admitted(gate, 5, post());
    String pass = buyPass(gate, reply(gate, post()), FakeRequest.CLIENT);
    gates.ticker.advance(Duration.ofHours(1));
    assertThat(TestGates.admitted(gate, 10, post().header(PASS, pass)))
        .as("five as anybody, one by the pass")
        .isEqualTo(6);
  }

  @Test
  void shadowRule_doesNotSpendAPass() {
    Challenges.Builder one = challenges().visitorBudget(Quota.perHour(1));
    Gate gate =
        gate(
            one,
            once("first").match(Match.get("/first")).challenge().build(),
            once("shadow").match(Match.post("/register")).challenge().shadow().build());
    gate.enter(FakeRequest.get("/first"));
    String pass = buyPass(gate, reply(gate, FakeRequest.get("/first")), FakeRequest.CLIENT);
    assertThat(TestGates.admitted(gate, 10, post().header(PASS, pass))).isEqualTo(10);
  }

  @Test
  void p17_cookieOfTheName_isNoPass() {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    for (String cookie :
        new String[] {"tidegate=1", "__Host-tidegate=yes", "tidegate=" + "A".repeat(200)}) {
      assertThat(gate.enter(post().header("Cookie", cookie)).admitted()).as(cookie).isFalse();
    }
  }

  @Test
  void visitorsPass_buysNoMoreGuesses() {
    Gate gate =
        gate(
            once("login").match(Match.post("/login")).build(),
            once("r").match(Match.post("/register")).challenge().build());
    gate.enter(post());
    String pass = buyPass(gate, reply(gate, post()), FakeRequest.CLIENT);
    FakeRequest login = FakeRequest.post("/login").header(PASS, pass);
    assertThat(TestGates.admitted(gate, 5, login)).isEqualTo(1);
    assertThat(TestGates.admitted(gate, 5, FakeRequest.post("/login"))).as("same count").isZero();
  }

  @Test
  void passFromAnotherNetwork_countsDouble() {
    Gate gate = gate(Rule.named("r").quota(Quota.perHour(10)).challenge().build());
    TestGates.admitted(gate, 10, post());
    String pass = buyPass(gate, reply(gate, post()), FakeRequest.CLIENT);
    FakeRequest elsewhere = post().from("198.51.100.7");
    assertThat(TestGates.admitted(gate, 20, elsewhere)).isEqualTo(10);
    assertThat(TestGates.admitted(gate, 20, elsewhere.header(PASS, pass))).isEqualTo(5);
  }

  @Test
  void member_isServedWhileTheAddressIsFlooded() {
    Gate gate = gate(Rule.named("login").quota(Quota.perHour(5)).build());
    String cookie = memberCookie(gate, post().secure(), "ann");
    TestGates.admitted(gate, 100, post()); // somebody behind the same address
    assertThat(gate.enter(post()).admitted()).isFalse();
    assertThat(TestGates.admitted(gate, 10, post().secure().header("Cookie", cookie))).isEqualTo(5);
  }

  @Test
  void member_isServedWhileTheAddressIsBanned() {
    Gate gate =
        gate(
            once("r")
                .ban(BanPolicy.after(2, Duration.ofMinutes(1)).banFor(Duration.ofHours(1)))
                .build());
    String cookie = memberCookie(gate, post().secure(), "ann");
    for (int i = 0; i < 5; i++) {
      gate.enter(post());
    }
    assertThat(gate.enter(post()).kind()).isEqualTo(Verdict.Kind.BANNED);
    assertThat(gate.enter(post().secure().header("Cookie", cookie)).admitted()).isTrue();
  }

  @Test
  void memberWhoOffends_isBannedByHisPass() {
    Gate gate =
        gate(
            once("r")
                .ban(BanPolicy.after(2, Duration.ofMinutes(1)).banFor(Duration.ofHours(1)))
                .build());
    String cookie = memberCookie(gate, post().secure(), "ann");
    FakeRequest member = post().secure().header("Cookie", cookie);
    for (int i = 0; i < 5; i++) {
      gate.enter(member);
    }
    assertThat(gate.enter(member).kind()).isEqualTo(Verdict.Kind.BANNED);
    assertThat(gate.enter(post()).kind()).as("the address").isNotEqualTo(Verdict.Kind.BANNED);
    assertThat(gate.penaltyBox().list()).hasSize(1);
    ClientKey key = gate.penaltyBox().list().get(0).key();
    assertThat(key).isEqualTo(ClientKey.member("ann"));
    assertThat(gate.penaltyBox().unban(key)).isTrue();
    assertThat(gate.enter(member).kind()).isNotEqualTo(Verdict.Kind.BANNED);
  }

  @Test
  void member_overHisQuota_waitsAndIsNotSoldLess() {
    Gate gate = gate(once("r").challenge().build());
    String cookie = memberCookie(gate, post().secure(), "ann");
    FakeRequest member = post().secure().header("Cookie", cookie);
    gate.enter(member);
    assertThat(gate.enter(member).kind()).isEqualTo(Verdict.Kind.THROTTLED);
  }

  @Test
  void memberWhoRedeems_keepsHisPass() {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    String proof = solved(reply(gate, post()));
    gates.ticker.advance(Duration.ofHours(1));
    String cookie = memberCookie(gate, post().secure(), "ann");
    Reply redeemed =
        reply(
            gate,
            FakeRequest.post("/.tidegate/pass")
                .secure()
                .header("Cookie", cookie)
                .header(PROOF, proof));
    assertThat(redeemed.status()).isEqualTo(200);
    assertThat(redeemed.fields()).doesNotContainKey("Set-Cookie");
  }

  @Test
  void membersPass_ofAnEarlierEpoch_isNone() {
    Gate gate = gate(once("r").build());
    String cookie = memberCookie(gate, post().secure(), "ann");
    FakeRequest member = post().secure().header("Cookie", cookie);
    assertThat(gate.enter(member).admitted()).isTrue();
    epoch++;
    assertThat(gate.enter(member).admitted()).as("counted by address again").isFalse();
  }

  @Test
  void membersPass_overPlainHttp_isNeitherGivenNorTaken() {
    Gate gate = gate(Rule.named("r").quota(Quota.perHour(2)).build());
    Verdict plain = gate.enter(post());
    assertThat(plain.permit().remember("ann")).isEqualTo(Optional.empty());
    String cookie = memberCookie(gate, post().secure(), "ann");
    String token = cookie.substring(cookie.indexOf('=') + 1);
    assertThat(gate.enter(post().header("Cookie", cookie)).admitted()).isFalse();
    assertThat(gate.enter(post().header("Cookie", "tidegate=" + token)).admitted()).isFalse();
    assertThat(gate.enter(post().header(PASS, token)).admitted()).isFalse();
    assertThat(gate.enter(post().secure().header(PASS, token)).admitted()).isTrue();
  }

  @Test
  void trustedProxysWord_makesARequestSecure() {
    ClientResolver clients =
        ClientResolver.builder().trust("203.0.113.0/24").header("X-Forwarded-For").build();
    Gate gate =
        gates.open(
            Gate.builder()
                .clients(clients)
                .challenges(challenges().build())
                .rule(once("r").build()));
    FakeRequest proxied =
        post().header("X-Forwarded-For", "192.0.2.1").header("X-Forwarded-Proto", "http, https");
    assertThat(gate.enter(proxied).permit().remember("ann")).isPresent();
    FakeRequest direct = post().from("192.0.2.9").header("X-Forwarded-Proto", "https");
    assertThat(gate.enter(direct).permit().remember("ann")).isEmpty();
  }

  @Test
  void membersPass_pastHalfOfItsLife_isRenewedOnANavigation() {
    Gate gate = gate(Rule.named("r").quota(Quota.perHour(100)).build());
    String cookie = memberCookie(gate, post().secure(), "ann");
    now = now.plus(Duration.ofDays(16));
    FakeRequest part =
        FakeRequest.get("/i.png")
            .secure()
            .header("Cookie", cookie)
            .header("Sec-Fetch-Dest", "image")
            .header("Sec-Fetch-Mode", "no-cors");
    assertThat(reply(gate, part).fields()).as("p12").doesNotContainKey("Set-Cookie");
    FakeRequest page =
        FakeRequest.get("/")
            .secure()
            .header("Cookie", cookie)
            .header("Sec-Fetch-Dest", "document")
            .header("Sec-Fetch-Mode", "navigate");
    assertThat(reply(gate, page).fields().get("Set-Cookie"))
        .startsWith("__Host-tidegate=")
        .contains("Secure", "HttpOnly", "SameSite=Lax");
  }

  @Test
  void p3_challengeThatNobodyWasRefusedFor_isGoodForAPassOnly() {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    String token =
        reply(gate, FakeRequest.get("/.tidegate/challenge"))
            .body()
            .replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
    String proof = Solver.solve(token, () -> false);
    Reply refused = reply(gate, post().header(PROOF, proof));
    assertThat(refused.problem().at("/reason").asText()).isEqualTo("for-another");
    assertThat(reply(gate, FakeRequest.post("/.tidegate/pass").header(PROOF, proof)).status())
        .isEqualTo(200);
  }

  @Test
  void visitorsPass_endsNoBan() {
    Gate gate =
        gate(
            once("r")
                .ban(BanPolicy.after(2, Duration.ofMinutes(1)).banFor(Duration.ofHours(1)))
                .build());
    for (int i = 0; i < 5; i++) {
      gate.enter(post());
    }
    Reply challenge = reply(gate, FakeRequest.get("/.tidegate/challenge"));
    String token = challenge.body().replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
    Reply bought =
        reply(
            gate,
            FakeRequest.post("/.tidegate/pass-token")
                .header(PROOF, Solver.solve(token, () -> false)));
    String pass = bought.body().replaceAll(".*\"pass\":\"([^\"]+)\".*", "$1");
    assertThat(gate.enter(post().header(PASS, pass)).kind()).isEqualTo(Verdict.Kind.BANNED);
  }

  @Test
  void memberWhoLogsInAgain_hasNoFreshQuota() {
    Gate gate = gate(Rule.named("login").quota(Quota.perHour(5)).build());
    String cookie = memberCookie(gate, post().secure(), "ann");
    int guesses = 0;
    for (int i = 0; i < 20; i++) {
      Verdict verdict = gate.enter(post().secure().header("Cookie", cookie));
      if (verdict.admitted()) {
        guesses++;
        String next = verdict.permit().remember("ann").orElseThrow();
        cookie = next.substring(0, next.indexOf(';'));
      }
    }
    assertThat(guesses).isEqualTo(5);
  }

  @Test
  void boughtPasses_doNotCrowdOutMembers() {
    Rule few = once("r").maxKeys(10).challenge().build();
    Gate gate = gate(challenges(), few);
    gate.enter(post());
    for (int i = 0; i < 50; i++) {
      String pass = buyPass(gate, reply(gate, post()), FakeRequest.CLIENT);
      gate.enter(post().header(PASS, pass));
    }
    gates.ticker.advance(Duration.ofHours(1));
    String cookie = memberCookie(gate, post().secure(), "ann");
    assertThat(gate.enter(post()).admitted()).isFalse();
    assertThat(gate.enter(post().secure().header("Cookie", cookie)).admitted()).isTrue();
  }

  @Test
  void failingEpochs_leaveAStranger_andAreCounted() {
    Challenges.Builder failing =
        challenges()
            .epochs(
                account -> {
                  throw new IllegalStateException("no cache");
                });
    Gate gate = gate(failing, Rule.named("r").quota(Quota.perHour(9)).build());
    assertThat(gate.enter(post().secure()).permit().remember("ann")).isEmpty();
    assertThat(gate.status().failures()).isEqualTo(1);
  }

  @Test
  void accountThatNoPassCanHold_isRefusedOverAnyScheme() {
    Gate gate = gate(Rule.named("r").quota(Quota.perHour(9)).build());
    Permit plain = gate.enter(post()).permit();
    assertThatThrownBy(() -> plain.remember("x".repeat(65))).hasMessageContaining("account");
  }

  @Test
  void memberWhoWaits_keepsHisPass() {
    Gate gate = gate(Rule.named("r").quota(Quota.perHour(9)).challenge().build());
    Reply page = reply(gate, FakeRequest.get("/.tidegate/wait").secure());
    String ticket = page.body().replaceAll("(?s).*(/\\.tidegate/wait/[A-Za-z0-9_-]+).*", "$1");
    String cookie = memberCookie(gate, post().secure(), "ann");
    now = now.plusSeconds(21);
    for (String path : new String[] {"/.tidegate/wait", ticket}) {
      Reply reply = reply(gate, FakeRequest.get(path).secure().header("Cookie", cookie));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.fields()).doesNotContainKey("Set-Cookie");
    }
  }

  @Test
  void keyByPass_countsThoseWhoHaveOne() {
    Gate gate =
        gate(
            once("r").challenge().build(),
            Rule.named("p")
                .match(Match.get("/p"))
                .per(KeyBy.pass())
                .quota(Quota.perHour(2))
                .build());
    gate.enter(post());
    String pass = buyPass(gate, reply(gate, post()), FakeRequest.CLIENT);
    assertThat(TestGates.admitted(gate, 5, FakeRequest.get("/p").from("192.0.2.77")))
        .as("no pass, first rule only")
        .isEqualTo(1);
    assertThat(TestGates.admitted(gate, 5, FakeRequest.get("/p").header(PASS, pass))).isEqualTo(1);
  }

  @Test
  void replacedRules_keepWhatPassesOwe() {
    Rule rule = once("r").challenge().build();
    Gate gate = gate(rule);
    gate.enter(post());
    String pass = buyPass(gate, reply(gate, post()), FakeRequest.CLIENT);
    assertThat(gate.enter(post().header(PASS, pass)).admitted()).isTrue();
    gate.replaceRule(rule);
    assertThat(gate.enter(post().header(PASS, pass)).admitted()).isFalse();
  }

  @Test
  void permit_namesTheAccountOfAMembersPass_andOfNobodyElse() {
    Gate gate = gate(Rule.named("r").quota(Quota.perHour(100)).build());
    String cookie = memberCookie(gate, post().secure(), "ann");
    FakeRequest member = post().secure().header("Cookie", cookie);
    assertThat(gate.enter(member).permit().account()).contains("ann");
    assertThat(gate.enter(post().secure()).permit().account()).isEmpty();
    assertThat(gate.enter(post().header("Cookie", cookie)).permit().account())
        .as("over plain http")
        .isEmpty();
    epoch++;
    assertThat(gate.enter(member).permit().account()).as("of an earlier epoch").isEmpty();
  }

  @Test
  void blindRule_countsAMemberByTheAddress() {
    Gate gate =
        gate(
            Rule.named("seen").quota(Quota.perHour(2)).build(),
            Rule.named("blind").quota(Quota.perHour(3)).blindToPasses().build());
    String cookie = memberCookie(gate, post().secure(), "ann");
    assertThat(gate.enter(post()).admitted()).isTrue();
    assertThat(gate.enter(post()).admitted()).as("the address has had its two").isFalse();
    FakeRequest member = post().secure().header("Cookie", cookie);
    assertThat(gate.enter(member).admitted()).as("has two of its own").isTrue();
    assertThat(gate.enter(member).rule()).as("but three in all").isEqualTo("blind");
  }

  @Test
  void blindRuleThatChallenges_isRefused() {
    assertThatThrownBy(
            () -> Rule.named("r").quota(Quota.perHour(1)).challenge().blindToPasses().build())
        .hasMessage("blindToPasses: rule r (expected: no challenge, since passes answer it)");
  }
}

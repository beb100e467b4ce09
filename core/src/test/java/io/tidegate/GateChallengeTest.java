package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.Price;
import io.tidegate.challenge.Solver;
import io.tidegate.challenge.Verification;
import io.tidegate.client.ClientKey;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A price in place of a closed door: proofs, passes, and the gate's own paths. */
class GateChallengeTest {

  private static final byte[] SECRET =
      "a secret of 32 bytes for tests..".getBytes(StandardCharsets.US_ASCII);
  private static final String PROOF = "Tidegate-Proof";
  private static final String PASS = "Tidegate-Pass";

  @RegisterExtension final TestGates gates = new TestGates();

  private Instant now = Instant.parse("2026-11-25T12:00:00Z");
  private long epoch;

  private Challenges.Builder challenges() {
    return Challenges.builder(KeyRing.of("k", SECRET))
        .clock(() -> now)
        .epochs(account -> epoch)
        .price(Price.builder().hashesPerSecond(1_000).build()); // 100 digests: quick to solve
  }

  private Gate gate(Rule... rules) {
    return gate(challenges(), rules);
  }

  private Gate gate(Challenges.Builder challenges, Rule... rules) {
    Gate.Builder builder = Gate.builder().challenges(challenges.build());
    for (Rule rule : rules) {
      builder.rule(rule);
    }
    return gates.open(builder);
  }

  private static Rule.Builder once(String name) {
    return Rule.named(name).quota(Quota.perHour(1));
  }

  private static FakeRequest post() {
    return FakeRequest.post("/register");
  }

  private static String solved(Reply refusal) {
    return Solver.solve(refusal.problem().at("/challenge/token").asText(), () -> false);
  }

  private static Reply reply(Gate gate, FakeRequest request) {
    return Reply.of(gate.enter(request));
  }

  /** Buys a visitor's pass for a request's sender, in the form for programs. */
  private static String buyPass(Gate gate, Reply refusal, String from) {
    Reply bought =
        reply(
            gate,
            FakeRequest.post("/.tidegate/pass-token").from(from).header(PROOF, solved(refusal)));
    assertThat(bought.status()).isEqualTo(200);
    return bought.body().replaceAll(".*\"pass\":\"([^\"]+)\".*", "$1");
  }

  private static String memberCookie(Gate gate, FakeRequest request, String account) {
    Verdict verdict = gate.enter(request);
    String cookie = verdict.permit().remember(account).orElseThrow();
    verdict.permit().close(200);
    return cookie.substring(0, cookie.indexOf(';'));
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

  private static long priceOf(Gate gate, String path) {
    gate.enter(FakeRequest.get(path));
    return reply(gate, FakeRequest.get(path)).problem().at("/challenge/work").asLong();
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

  @ParameterizedTest
  @CsvSource({
    "document, navigate, '*/*', text/html",
    "image, no-cors, 'text/html', text/plain",
    "empty, cors, 'text/html', application/problem+json",
    ", , 'text/html,*/*', text/html",
    ", , '*/*', application/problem+json"
  })
  void refusal_isInTheFormForItsReader(String dest, String mode, String accept, String type) {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    FakeRequest request = post().header("Accept", accept);
    if (dest != null) {
      request.header("Sec-Fetch-Dest", dest).header("Sec-Fetch-Mode", mode);
    }
    Reply reply = reply(gate, request);
    assertThat(reply.status()).as("p13").isEqualTo(429);
    assertThat(reply.contentType()).startsWith(type);
    assertThat(reply.fields())
        .as("p13")
        .containsEntry("Cache-Control", "no-store")
        .containsKey("Vary");
    assertThat(reply.body().isEmpty()).isEqualTo(type.equals("text/plain"));
    assertThat(reply.fields().containsKey("Content-Security-Policy"))
        .isEqualTo(type.equals("text/html"));
  }

  @Test
  void p11_page_repeatsNothingOfTheRequest() {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    String evil = "\"><script>alert(1)</script>";
    Reply reply =
        reply(
            gate,
            FakeRequest.post("/register/" + evil)
                .basePath("/%3Cscript%3E")
                .host("evil.example")
                .header("Accept", "text/html")
                .header("Accept-Language", "de" + evil)
                .header("Referer", "https://evil.example/" + evil)
                .header("Cookie", "tidegate=" + evil));
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.body()).doesNotContain("alert(1)", "evil.example", "%3Cscript");
    assertThat(reply.fields().toString()).doesNotContain("alert", "evil.example", "%3C");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pass", "pass-token", "challenge", "wait", "wait/x", "page.js", "x"})
  void p11_nobodyIsSentAnywhere(String path) {
    Gate gate = gate(once("r").challenge().build());
    for (String method : new String[] {"GET", "POST"}) {
      FakeRequest request =
          FakeRequest.of(method, "/.tidegate/" + path)
              .header("Referer", "https://evil.example/")
              .header("Origin", "https://evil.example");
      Reply reply = reply(gate, request);
      assertThat(reply.fields()).doesNotContainKey("Location").doesNotContainKey("Refresh");
      assertThat(reply.status() / 100).as("no redirect").isNotEqualTo(3);
      assertThat(reply.body()).doesNotContain("evil.example");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /x, document",
    "GET, /x, image",
    "POST, /x, empty",
    "POST, /.tidegate/pass, empty"
  })
  void p12_cookies_areSetForNothingButAPass(String method, String path, String dest) {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(FakeRequest.get("/x"));
    FakeRequest request =
        FakeRequest.of(method, path)
            .header("Sec-Fetch-Dest", dest)
            .header("Cookie", "tidegate=old; __Host-tidegate=old; session=theirs")
            .header(PROOF, "junk");
    Reply reply = reply(gate, request);
    assertThat(reply.status()).isIn(429, 403);
    assertThat(reply.fields()).doesNotContainKey("Set-Cookie");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /x",
    "POST, /.tidegate/pass",
    "GET, /.tidegate/challenge",
    "GET, /.tidegate/wait"
  })
  void p13_whatIsForOneClient_isNotStored(String method, String path) {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(FakeRequest.get("/x"));
    Reply reply = reply(gate, FakeRequest.of(method, path));
    assertThat(reply.fields()).containsEntry("Cache-Control", "no-store");
    if (!path.startsWith("/.tidegate")) {
      assertThat(reply.status()).as("never 200, which would be indexed").isEqualTo(429);
      assertThat(reply.fields().get("Vary")).contains("Accept", "Sec-Fetch-Dest", "Cookie");
    }
  }

  @Test
  void ownPath_isAnsweredByTheGate() {
    Gate gate = gate(challenges().path("/shop/gate"), once("r").challenge().build());
    Reply challenge = reply(gate, FakeRequest.get("/shop/gate/challenge"));
    assertThat(challenge.status()).isEqualTo(200);
    assertThat(challenge.body()).contains("\"pass\":\"/shop/gate/pass\"");
    assertThat(challenge.fields()).as("p13").containsEntry("Cache-Control", "no-store");
    assertThat(reply(gate, FakeRequest.get("/shop/gate/page.js")).contentType())
        .startsWith("text/javascript");
    assertThat(reply(gate, FakeRequest.get("/shop/gate/no.js")).status()).isEqualTo(404);
    assertThat(reply(gate, FakeRequest.get("/shop/gate/pass")).status()).isEqualTo(405);
    assertThat(gate.enter(FakeRequest.get("/shop/gatekeeper")).kind())
        .isEqualTo(Verdict.Kind.ADMITTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/.tidegate/page.js", "/.tidegate/challenge", "/.tidegate/wait"})
  void p15_ownPath_isServedUnderLimitsAndBans(String path) {
    Gate gate = gate(Rule.named("all").quota(Quota.perHour(1)).build());
    gate.enter(FakeRequest.get("/"));
    gate.penaltyBox().ban(ClientKey.address(FakeRequest.get("/").peer()), Duration.ofHours(1));
    Verdict verdict = gate.enter(FakeRequest.get(path));
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.SERVED);
    assertThat(verdict.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/.tidegate/../register",
        "/.tidegate%2f..%2fregister",
        "/.tidegate/page.js/..;/../../register"
      })
  void p15_pathThatOnlyLooksLikeOurs_isDecidedAsWhatItIs(String path) {
    Gate gate = gate(once("r").match(Match.post("/register")).challenge().build());
    gate.enter(post());
    assertThat(gate.enter(FakeRequest.post(path)).kind()).isNotEqualTo(Verdict.Kind.SERVED);
  }

  @Test
  void denied_getNothing() {
    Gate gate = gates.open(Gate.builder().challenges(challenges().build()).deny("203.0.113.0/24"));
    assertThat(gate.enter(FakeRequest.get("/.tidegate/challenge")).kind())
        .isEqualTo(Verdict.Kind.DENIED);
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
  void p9_challengesAndFiles_areLimitedByAddress() {
    Gate gate = gate(once("r").challenge().build());
    FakeRequest request = FakeRequest.get("/.tidegate/challenge");
    for (int i = 0; i < 600; i++) {
      assertThat(reply(gate, request).status()).isEqualTo(200);
    }
    Reply refused = reply(gate, request);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.retryAfter()).isEqualTo(1);
    assertThat(reply(gate, FakeRequest.get("/.tidegate/challenge").from("192.0.2.1")).status())
        .isEqualTo(200);
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

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "*/*"})
  void ruleThatNoPassGetsPast_showsNobodyAPage(String accept) {
    Gate gate = gate(once("user").per(KeyBy.principal()).challenge().build());
    FakeRequest ann = post().principal("ann").header("Accept", accept);
    gate.enter(ann);
    boolean person = accept.equals("text/html");
    assertThat(gate.enter(ann).kind())
        .isEqualTo(person ? Verdict.Kind.THROTTLED : Verdict.Kind.CHALLENGED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/../x", "/a/./b", "//evil.example", "/a b", "/%2e", ""})
  void oddBasePath_isNotRepeated(String base) {
    Gate gate = gate(once("r").challenge().build());
    FakeRequest request =
        FakeRequest.get("/x").basePath(base + "/seg".repeat(base.isEmpty() ? 3_000 : 0));
    gate.enter(request);
    Reply reply = reply(gate, request);
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.problem().at("/challenge/pass").asText()).isEqualTo("/.tidegate/pass");
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
  void waiting_buysAPass_notBeforeItsTime() {
    Gate gate = gate(once("r").challenge().build());
    gate.enter(post());
    Reply page = reply(gate, FakeRequest.get("/.tidegate/wait"));
    assertThat(page.status()).isEqualTo(200);
    String ticket = page.body().replaceAll("(?s).*(/\\.tidegate/wait/[A-Za-z0-9_-]+).*", "$1");
    assertThat(reply(gate, FakeRequest.get(ticket)).status()).as("too early").isEqualTo(403);
    now = now.plusSeconds(21);
    Reply waited = reply(gate, FakeRequest.get(ticket));
    assertThat(waited.status()).isEqualTo(200);
    String cookie = waited.fields().get("Set-Cookie");
    assertThat(cookie).startsWith("tidegate=");
    assertThat(
            gate.enter(post().header("Cookie", cookie.substring(0, cookie.indexOf(';'))))
                .admitted())
        .isTrue();
    assertThat(reply(gate, FakeRequest.get(ticket)).status()).as("once").isEqualTo(403);
  }

  @Test
  void waiting_isForOneAtATimeOfAnAddress_andTenOfANetwork() {
    Gate gate = gate(once("r").challenge().build());
    assertThat(reply(gate, FakeRequest.get("/.tidegate/wait")).status()).isEqualTo(200);
    Reply second = reply(gate, FakeRequest.get("/.tidegate/wait"));
    assertThat(second.status()).isEqualTo(429);
    assertThat(second.retryAfter()).isEqualTo(20);
    int begun = 0;
    for (int i = 20; i < 40; i++) {
      gates.ticker.advance(Duration.ofMillis(200)); // as fast as all together may
      begun +=
          reply(gate, FakeRequest.get("/.tidegate/wait").from("203.0.113." + i)).status() == 200
              ? 1
              : 0;
    }
    assertThat(begun).isBetween(9, 12);
    assertThat(reply(gate, FakeRequest.get("/.tidegate/wait").from("198.51.100.1")).status())
        .isEqualTo(200);
  }

  @Test
  void waiting_ofAllTogether_isBounded() {
    Gate gate = gate(challenges().waiters(Quota.perSecond(5)), once("r").challenge().build());
    int begun = 0;
    for (int i = 0; i < 100; i++) {
      begun +=
          reply(gate, FakeRequest.get("/.tidegate/wait").from("2001:db8:" + i + "::1")).status()
                  == 200
              ? 1
              : 0;
    }
    assertThat(begun).isEqualTo(5);
  }

  @Test
  void waiting_isForPersons() {
    Gate gate = gate(once("r").challenge().build());
    FakeRequest image = FakeRequest.get("/.tidegate/wait").header("Sec-Fetch-Dest", "image");
    assertThat(reply(gate, image).status()).isEqualTo(403);
    FakeRequest prefetch = FakeRequest.get("/.tidegate/wait").header("Sec-Purpose", "prefetch");
    assertThat(reply(gate, prefetch).status()).isEqualTo(403);
    assertThat(reply(gate, FakeRequest.get("/.tidegate/wait")).status()).isEqualTo(200);
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
  void waiting_tooEarly_keepsItsTicket() {
    Gate gate = gate(once("r").challenge().build());
    Reply page = reply(gate, FakeRequest.get("/.tidegate/wait"));
    String ticket = page.body().replaceAll("(?s).*(/\\.tidegate/wait/[A-Za-z0-9_-]+).*", "$1");
    assertThat(reply(gate, FakeRequest.get(ticket)).body()).contains(ticket);
  }

  @Test
  void ownText_ofARule_isForProgramsOnly() {
    Gate gate =
        gate(
            once("r")
                .refusalBody("application/json", verdict -> "{\"own\":true}")
                .challenge()
                .build());
    gate.enter(post());
    assertThat(reply(gate, post()).body()).isEqualTo("{\"own\":true}");
    assertThat(reply(gate, post().header("Accept", "text/html")).body()).contains("<html");
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

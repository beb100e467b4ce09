package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.ClientKey;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gate answers itself: its page, its files, passes, and tickets for waiting. */
class GateOwnPathsTest extends ChallengeGates {

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
}

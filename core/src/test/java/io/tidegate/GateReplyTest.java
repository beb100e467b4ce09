package io.tidegate;

import static io.tidegate.TestGates.admitted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.client.ClientKey;
import io.tidegate.client.IpAddress;
import io.tidegate.client.KeyBy;
import io.tidegate.http.RateLimitFields;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What clients are told. */
class GateReplyTest {

  private static final FakeRequest REQUEST = FakeRequest.get("/");
  private static final Rule BURST = Rule.named("burst").quota(Quota.perSecond(2)).build();
  private static final Rule DAILY =
      Rule.named("daily").quota(Quota.perDay(3), Quota.perHour(40)).build();

  @RegisterExtension final TestGates gates = new TestGates();

  private static Rule.Builder failing() {
    Match broken =
        Match.where(
            request -> {
              throw new IllegalStateException();
            });
    return Rule.named("broken")
        .match(broken)
        .quota(Quota.perDay(1))
        .onFailure(FailurePolicy.CLOSED);
  }

  private static Reply reply(Gate gate) {
    return Reply.of(gate.enter(REQUEST));
  }

  @Test
  void admitted_isToldOfEveryPolicyInOrder() {
    Reply reply = reply(gates.of(BURST, DAILY));
    assertThat(reply.fields()).containsOnlyKeys("RateLimit-Policy", "RateLimit");
    assertThat(reply.told("RateLimit-Policy", "q"))
        .containsExactly(
            Map.entry("burst", 2L), Map.entry("daily.1", 3L), Map.entry("daily.2", 40L));
    assertThat(reply.told("RateLimit-Policy", "w"))
        .isEqualTo(Map.of("burst", 1L, "daily.1", 86_400L, "daily.2", 3_600L));
    assertThat(reply.left())
        .containsExactly(
            Map.entry("burst", 1L), Map.entry("daily.1", 2L), Map.entry("daily.2", 39L));
    assertThat(reply.times()).isEqualTo(Map.of("burst", 1L, "daily.1", 28_800L, "daily.2", 90L));
  }

  @Test
  void admitted_underNoRule_isToldNothing() {
    assertThat(reply(gates.of()).fields()).isEmpty();
    Rule elsewhere = Rule.named("r").match(Match.path("/x")).quota(Quota.perDay(1)).build();
    assertThat(reply(gates.of(elsewhere)).fields()).isEmpty();
  }

  @Test
  void throttled_timeOfTheDecidingPolicyEqualsRetryAfter() {
    Gate gate = gates.of(BURST, DAILY);
    admitted(gate, 2, REQUEST);
    Reply burst = reply(gate);
    assertThat(burst.status()).isEqualTo(429);
    assertThat(burst.fields()).containsEntry("Cache-Control", "no-store");
    assertThat(burst.retryAfter()).as("half a second, rounded up").isEqualTo(1);
    assertThat(burst.times()).containsEntry("burst", 1L).hasSize(3);
    assertThat(burst.left()).containsEntry("burst", 0L).containsEntry("daily.1", 1L);
    gates.ticker.advance(Duration.ofSeconds(1));
    admitted(gate, 1, REQUEST);
    Reply daily = reply(gate);
    assertThat(daily.retryAfter()).isEqualTo(28_799);
    assertThat(daily.times()).containsEntry("daily.1", 28_799L);
    assertThat(daily.times().values()).allMatch(time -> time <= 28_799);
    assertThat(daily.left()).containsEntry("daily.1", 0L).containsEntry("burst", 1L);
  }

  @Test
  void throttled_body_isAProblemThatNamesThePolicy() {
    Gate gate = gates.of(DAILY, BURST);
    admitted(gate, 3, REQUEST);
    JsonNode problem = reply(gate).problem();
    assertThat(problem.get("status").asInt()).isEqualTo(429);
    assertThat(problem.get("type").asText()).endsWith("#quota-exceeded");
    assertThat(problem.get("violated-policies")).hasSize(1);
    assertThat(problem.get("violated-policies").get(0).asText()).isEqualTo("burst");
    assertThat(problem.get("detail").asText()).contains("Retry-After");
  }

  @Test
  void never_hasNoRetryAfterInFieldsOrText() {
    Rule rule = Rule.named("r").quota(Quota.perDay(3)).cost(4).build();
    Reply reply = reply(gates.of(rule));
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.fields()).doesNotContainKey("Retry-After").containsKey("Cache-Control");
    assertThat(reply.problem().get("detail").asText()).doesNotContain("Retry-After");
  }

  @Test
  void banned_hasRetryAfterAndNoPolicies() {
    Gate gate = gates.of(BURST);
    ClientKey key = ClientKey.address(IpAddress.parse(FakeRequest.CLIENT));
    gate.penaltyBox().ban(key, Duration.ofMillis(1_500));
    Reply reply = reply(gate);
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.fields()).isEqualTo(Map.of("Cache-Control", "no-store", "Retry-After", "2"));
    assertThat(reply.problem().get("status").asInt()).isEqualTo(429);
    assertThat(reply.problem().get("type").asText()).endsWith("#abnormal-usage-detected");
  }

  @Test
  void failedClosed_is503WithRetryAfter() {
    Verdict verdict = gates.of(failing().build()).enter(REQUEST);
    Reply reply = Reply.of(verdict);
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.OVERLOADED);
    assertThat(verdict.rule()).isEqualTo("broken");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.fields()).isEqualTo(Map.of("Cache-Control", "no-store", "Retry-After", "5"));
    assertThat(reply.problem().get("status").asInt()).isEqualTo(503);
  }

  @Test
  void origin_makesAllFieldsReadableAndOnlyThen() {
    FakeRequest cross = FakeRequest.get("/").header("Origin", "https://shop.example");
    Gate gate = gates.of(BURST);
    for (int i = 0; i < 4; i++) {
      Reply reply = Reply.of(gate.enter(cross));
      Set<String> exposed = Set.of(reply.fields().get("Access-Control-Expose-Headers").split(", "));
      assertThat(exposed).contains("RateLimit", "RateLimit-Policy", "Retry-After");
      assertThat(reply(gate).fields()).doesNotContainKey("Access-Control-Expose-Headers");
    }
    assertThat(Reply.of(gates.of().enter(cross)).fields()).isEmpty();
  }

  @Test
  void dialect_isTheGates() {
    RateLimitFields fields = RateLimitFields.none().withLegacy().withLlmSdk();
    Gate gate = gates.open(Gate.builder().fields(fields).rule(DAILY).rule(BURST));
    assertThat(reply(gate).fields())
        .isEqualTo(
            Map.of(
                "X-RateLimit-Limit", "2", "X-RateLimit-Remaining", "1", "X-RateLimit-Reset", "1"));
    admitted(gate, 1, REQUEST);
    assertThat(reply(gate).fields())
        .containsEntry("X-RateLimit-Remaining", "0")
        .containsEntry("Retry-After", "1")
        .containsEntry("retry-after-ms", "1000")
        .containsEntry("x-should-retry", "true");
  }

  @Test
  void ownBody_isTheRulesAndTheRestIsTheGates() {
    Rule own =
        Rule.named("own")
            .quota(Quota.perMinute(1))
            .refusalBody(
                "text/plain;charset=utf-8",
                verdict -> verdict.rule() + ": \u00e9 " + verdict.retryAfter().orElseThrow())
            .build();
    Rule other = Rule.named("other").match(Match.path("/b")).quota(Quota.perHour(1)).build();
    Gate gate = gates.of(own, other);
    admitted(gate, 1, FakeRequest.get("/b"));
    Reply reply = reply(gate);
    assertThat(reply.contentType()).isEqualTo("text/plain;charset=utf-8");
    assertThat(reply.body()).isEqualTo("own: \u00e9 PT1M");
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.retryAfter()).isEqualTo(60);
    assertThat(reply.fields()).containsEntry("Cache-Control", "no-store");
    assertThat(Reply.of(gate.enter(FakeRequest.get("/b"))).problem().get("violated-policies"))
        .as("the other rule decides, and has no text of its own")
        .hasToString("[\"other\"]");
  }

  @Test
  void ownBody_servesForBansAndFailuresOfItsRule() {
    Rule ban =
        Rule.named("ban")
            .per(KeyBy.address())
            .quota(Quota.perDay(1))
            .ban(BanPolicy.after(1, Duration.ofMinutes(1)).banFor(Duration.ofHours(1)))
            .refusalBody("text/plain", verdict -> verdict.kind() + " " + verdict.status())
            .build();
    Gate gate = gates.of(ban);
    admitted(gate, 1, REQUEST);
    for (int i = 0; i < 2; i++) {
      Reply reply = reply(gate);
      assertThat(reply.body()).isEqualTo("BANNED 429");
      assertThat(reply.retryAfter()).isEqualTo(3_600);
    }
    Reply failed = reply(gates.of(failing().refusalBody("text/plain", v -> "" + v.kind()).build()));
    assertThat(failed.body()).isEqualTo("OVERLOADED");
    assertThat(failed.contentType()).isEqualTo("text/plain");
  }

  @Test
  void ownBodyThatFails_isReplacedByTheStandardOneAndCounted() {
    for (int kind = 0; kind < 3; kind++) {
      int which = kind;
      Rule own =
          Rule.named("own")
              .quota(Quota.perMinute(1))
              .refusalBody(
                  "text/plain",
                  verdict ->
                      switch (which) {
                        case 0 -> throw new IllegalStateException();
                        case 1 -> throw new StackOverflowError();
                        default -> null;
                      })
              .build();
      Gate gate = gates.of(own);
      admitted(gate, 1, REQUEST);
      Reply reply = reply(gate);
      assertThat(reply.problem().get("status").asInt()).isEqualTo(429);
      assertThat(reply.retryAfter()).isEqualTo(60);
      assertThat(TestGates.counts(gate, "own").failures()).isEqualTo(1);
    }
  }

  @Test
  void body_isTheCallersToKeep() {
    Rule own =
        Rule.named("own")
            .match(Match.path("/own"))
            .quota(Quota.perMinute(1))
            .refusalBody("text/plain", verdict -> "wait")
            .build();
    Gate gate = gates.of(own, DAILY);
    admitted(gate, 1, FakeRequest.get("/own"));
    admitted(gate, 2, REQUEST);
    for (FakeRequest request : List.of(FakeRequest.get("/own"), REQUEST)) {
      Verdict verdict = gate.enter(request);
      String first = Reply.of(verdict).body();
      Arrays.fill(verdict.body(), (byte) 'x');
      assertThat(Reply.of(verdict).body()).isEqualTo(first);
      assertThat(Reply.of(gate.enter(request)).body()).isEqualTo(first);
    }
  }

  @Test
  void refusal_saysTheSameHoweverOftenItIsAsked() {
    Gate gate = gates.of(BURST);
    admitted(gate, 2, REQUEST);
    Verdict verdict = gate.enter(REQUEST);
    Reply first = Reply.of(verdict);
    gates.ticker.advance(Duration.ofMinutes(5));
    assertThat(Reply.of(verdict)).isEqualTo(first);
    assertThat(verdict.retryAfter()).contains(Duration.ofMillis(500));
  }
}

package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.challenge.KeyRing;
import io.tidegate.client.ClientKey;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.KeyBy;
import io.tidegate.http.RateLimitFields;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.greenbytes.http.sfv.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a client sends comes out again, in no field, body, event, list or log line. */
class GateInjectionTest {

  private static final BanPolicy BAN =
      BanPolicy.after(5, Duration.ofSeconds(30)).banFor(Duration.ofSeconds(20));

  @RegisterExtension final TestGates gates = new TestGates();

  private final List<GateEvent> heard = new ArrayList<>();

  private static Rule.Builder rule(String name, KeyBy key) {
    return Rule.named(name).per(key).quota(Quota.perMinute(8)).ban(BAN);
  }

  /** A rule whose code fails with what the client sent in the exception's message. */
  private static Rule failing(FailurePolicy policy) {
    Match match =
        Match.where(
            request -> {
              if (request.path().length() % 5 == 0) {
                throw new IllegalArgumentException(request.path() + request.header("X-Tenant"));
              }
              return false;
            });
    return Rule.named("failing-" + policy)
        .match(match)
        .quota(Quota.perDay(1))
        .onFailure(policy)
        .build();
  }

  private Gate gate(String header) {
    KeyBy own = client -> ClientKey.text("own", "x" + client.header("User-Agent"));
    Gate.Builder builder =
        Gate.builder()
            .listener(heard::add)
            .fields(RateLimitFields.draft11().withLegacy().withLlmSdk())
            .deny("203.0.113.3")
            .rule(rule("address", KeyBy.address()).build())
            .rule(rule("user", KeyBy.principal()).build())
            .rule(rule("tenant", KeyBy.header("X-Tenant")).build())
            .rule(rule("token", KeyBy.pair(KeyBy.apiKey(), KeyBy.address())).build())
            .rule(rule("own", own).build())
            .rule(rule("shadow", KeyBy.principal()).shadow().build())
            .rule(failing(FailurePolicy.OPEN))
            .rule(failing(FailurePolicy.CLOSED));
    if (!header.isEmpty()) {
      ClientResolver.Builder clients = ClientResolver.builder().header(header);
      builder.clients(clients.trust("203.0.113.0/31").build());
    }
    return gates.open(builder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "X-Forwarded-For", "Forwarded"})
  void hostileRequests_leaveNoTrace(String header) {
    long seed = 20_261 + header.length();
    SplittableRandom random = new SplittableRandom(seed);
    Gate gate = gate(header);
    Set<Verdict.Kind> kinds = EnumSet.noneOf(Verdict.Kind.class);
    String log;
    try (CapturedLog captured = new CapturedLog()) {
      for (int round = 0; round < 4_000; round++) {
        Verdict verdict = gate.enter(HostileRequest.draw(random));
        kinds.add(verdict.kind());
        check(verdict, "seed " + seed + ", round " + round);
        if (verdict.admitted()) {
          verdict.permit().close(random.nextInt(2) * 401);
        }
        gates.ticker.advance(Duration.ofMillis(random.nextInt(60)));
      }
      log = captured.text();
    }
    assertThat(kinds)
        .as("seed %d", seed)
        .containsAll(
            EnumSet.complementOf(EnumSet.of(Verdict.Kind.CHALLENGED, Verdict.Kind.SERVED)));
    assertClean("the log", log);
    assertThat(log).as("something was logged").contains("Rule ").contains("failed");
    assertThat(log.lines())
        .as("every line is one of ours")
        .allMatch(line -> line.contains("io.tidegate.Gate"));
    assertClean("status", gate.status().toString());
    assertClean("bans", gate.penaltyBox().list().toString());
    assertClean("gate", gate.toString() + gate.rules());
    assertThat(heard).as("events").hasSizeGreaterThan(100);
    heard.forEach(event -> assertClean("event", event.toString()));
    assertThat(gate.status().offenders()).isNotEmpty();
  }

  @Test
  void hostileRequests_toAGateThatChallenges_leaveNoTrace() {
    long seed = 20_277;
    SplittableRandom random = new SplittableRandom(seed);
    List<String> paths =
        List.of(
            "/register",
            "/.tidegate/pass",
            "/.tidegate/pass-token",
            "/.tidegate/challenge",
            "/.tidegate/wait",
            "/.tidegate/wait/x",
            "/.tidegate/page.js",
            "/.tidegate/");
    Gate gate =
        gates.open(
            Gate.builder()
                .listener(heard::add)
                .challenges(Challenges.builder(KeyRing.random()).build())
                .rule(Rule.named("sold").quota(Quota.perMinute(8)).challenge().build()));
    Set<Verdict.Kind> kinds = EnumSet.noneOf(Verdict.Kind.class);
    for (int round = 0; round < 4_000; round++) {
      Verdict verdict = gate.enter(HostileRequest.drawFor(paths, random));
      kinds.add(verdict.kind());
      check(verdict, "seed " + seed + ", round " + round);
      gates.ticker.advance(Duration.ofMillis(random.nextInt(60)));
    }
    assertThat(kinds).contains(Verdict.Kind.CHALLENGED, Verdict.Kind.SERVED);
    assertThat(gate.status().failures()).isZero();
    heard.forEach(event -> assertClean("event", event.toString()));
  }

  private static void check(Verdict verdict, String when) {
    Reply reply = Reply.of(verdict);
    assertClean(when, reply.toString());
    assertClean(when, verdict + " " + verdict.rule());
    for (Map.Entry<String, String> field : reply.fields().entrySet()) {
      assertThat(field.getKey()).as(when).matches("[A-Za-z-]+");
      assertThat(field.getValue()).as(when).matches("[ -~]+");
    }
    for (String name : List.of("RateLimit", "RateLimit-Policy")) {
      if (reply.fields().containsKey(name)) {
        assertThat(Parser.parseList(reply.fields().get(name)).get()).as(when).isNotEmpty();
      }
    }
    if (verdict.kind() == Verdict.Kind.SERVED || verdict.kind() == Verdict.Kind.CHALLENGED) {
      return; // a page, a script, or nothing: no input in it is all that is asked
    }
    if (!verdict.admitted()) {
      assertThat(reply.problem().get("status").asInt()).as(when).isEqualTo(reply.status());
      assertThat(reply.fields()).as(when).containsEntry("Cache-Control", "no-store");
    }
  }

  private static void assertClean(String what, String text) {
    assertThat(text).as(what).doesNotContain(HostileRequest.MARKER).doesNotContain("\r");
  }
}

package io.tidegate;

import static io.tidegate.TestGates.admitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.Price;
import io.tidegate.challenge.Solver;
import io.tidegate.client.ClientKey;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators hear and read. */
class GateEventTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @RegisterExtension final TestGates gates = new TestGates();

  private final List<GateEvent> heard = new ArrayList<>();

  private Gate open(Rule... rules) {
    Price quick = Price.builder().hashesPerSecond(1_000).build();
    Challenges challenges = Challenges.builder(KeyRing.random()).price(quick).build();
    Gate.Builder builder =
        Gate.builder().listener(heard::add).deny("192.0.2.1").challenges(challenges);
    List.of(rules).forEach(builder::rule);
    return gates.open(builder);
  }

  private static Rule limited(String name, String path) {
    return Rule.named(name).match(Match.path(path)).quota(Quota.perHour(1)).build();
  }

  @Test
  void admission_isNoEvent() {
    admitted(open(limited("r", "/")), 1, FakeRequest.get("/"));
    assertThat(heard).isEmpty();
  }

  @Test
  void everyKind_isHeardOnceWithItsRuleClientAndTime() {
    Rule shadow =
        Rule.named("shadow").match(Match.path("/s")).quota(Quota.perHour(1)).shadow().build();
    Rule closed =
        Rule.named("closed")
            .match(Match.path("/c"))
            .per(
                client -> {
                  throw new IllegalStateException();
                })
            .quota(Quota.perHour(1))
            .onFailure(FailurePolicy.CLOSED)
            .build();
    Rule ban =
        Rule.named("ban")
            .match(Match.path("/b"))
            .per(KeyBy.principal())
            .quota(Quota.perDay(1))
            .ban(BanPolicy.after(1, HOUR).banFor(HOUR))
            .build();
    Rule sold =
        Rule.named("sold").match(Match.path("/p")).quota(Quota.perHour(1)).challenge().build();
    Gate gate = open(limited("r", "/r"), shadow, closed, ban, sold);
    for (String path : new String[] {"/r", "/r", "/s", "/s", "/c", "/p"}) {
      gate.enter(FakeRequest.get(path));
    }
    String token =
        Reply.of(gate.enter(FakeRequest.get("/p"))).problem().at("/challenge/token").asText();
    String proof = Solver.solve(token, () -> false);
    gate.enter(FakeRequest.get("/p").header("Tidegate-Proof", proof));
    for (int i = 0; i < 3; i++) {
      gate.enter(FakeRequest.get("/b").principal("ann"));
    }
    gate.enter(FakeRequest.get("/").from("192.0.2.1"));
    ClientKey address = ClientKey.address(FakeRequest.get("/").peer());
    ClientKey denied = ClientKey.address(FakeRequest.get("/").from("192.0.2.1").peer());
    ClientKey ann = ClientKey.principal("ann");
    assertThat(heard)
        .containsExactly(
            new GateEvent(GateEvent.Type.THROTTLED, "r", address, HOUR),
            new GateEvent(GateEvent.Type.WOULD_THROTTLE, "shadow", address, HOUR),
            new GateEvent(GateEvent.Type.OVERLOADED, "closed", null, Duration.ofSeconds(5)),
            new GateEvent(GateEvent.Type.CHALLENGED, "sold", address, HOUR),
            new GateEvent(GateEvent.Type.PAID, "sold", address, null),
            new GateEvent(GateEvent.Type.BAN_GIVEN, "ban", ann, HOUR),
            new GateEvent(GateEvent.Type.BANNED, "ban", ann, HOUR),
            new GateEvent(GateEvent.Type.DENIED, null, denied, null));
    assertThat(heard)
        .extracting(GateEvent::type)
        .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(GateEvent.Type.SEA)));
  }

  @Test
  void neverAdmissible_isHeardWithoutATime() {
    Rule rule = Rule.named("r").quota(Quota.perHour(1)).cost(2).build();
    open(rule).enter(FakeRequest.get("/"));
    assertThat(heard).singleElement().extracting(GateEvent::retryAfter).isNull();
  }

  @Test
  void event_asText_namesNobody() {
    Rule user = Rule.named("user").per(KeyBy.principal()).quota(Quota.perDay(1)).build();
    Gate gate = open(user, limited("address", "/"));
    admitted(gate, 2, FakeRequest.get("/").principal("ann@example.com"));
    admitted(gate, 2, FakeRequest.get("/").from("198.51.100.77"));
    admitted(gate, 2, FakeRequest.get("/").from("2001:db8:1:2::77"));
    assertThat(heard.stream().map(GateEvent::toString).collect(Collectors.joining()))
        .contains("principal#", "198.51.100.0/24", "2001:db8:1::/48")
        .doesNotContain("ann@example.com", "100.77", "::77", "1:2:");
  }

  @Test
  void offenders_areListedHeaviestFirst() {
    Gate gate = gates.of(Rule.named("r").per(KeyBy.principal()).quota(Quota.perDay(1)).build());
    admitted(gate, 30_001, FakeRequest.get("/").principal("heavy"));
    admitted(gate, 3_001, FakeRequest.get("/").principal("light"));
    List<GateStatus.Offender> offenders = gate.status().offenders();
    assertThat(offenders).hasSize(2);
    assertThat(offenders.get(0).client()).isEqualTo(ClientKey.principal("heavy").label());
    assertThat(offenders.get(1).client()).isEqualTo(ClientKey.principal("light").label());
    // One refusal in 64 is looked at; these bounds are six deviations wide.
    assertThat(offenders.get(0).refusals()).isBetween(21_000L, 39_000L);
    assertThat(offenders.get(1).refusals()).isBetween(400L, 6_000L);
    assertThat(offenders).allMatch(offender -> offender.error() == 0);
  }

  @Test
  void status_countsEveryRequestOnce() {
    Gate gate = open(limited("r", "/r"), limited("s", "/r"));
    for (int i = 0; i < 10; i++) {
      gate.enter(FakeRequest.get("/r"));
      gate.enter(FakeRequest.get("/").from("192.0.2.1"));
    }
    GateStatus status = gate.status();
    assertThat(status.verdicts()).containsOnlyKeys(Verdict.Kind.values());
    assertThat(status.verdicts().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(20);
    long refused = status.rules().stream().mapToLong(GateStatus.RuleCounts::refused).sum();
    assertThat(refused).as("by one rule each").isEqualTo(9);
    assertThat(status.rules()).extracting(GateStatus.RuleCounts::rule).containsExactly("r", "s");
    assertThat(status.rules()).extracting(GateStatus.RuleCounts::admitted).containsOnly(1L);
  }
}

package io.tidegate;

import static io.tidegate.TestGates.admitted;
import static io.tidegate.TestGates.counts;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that charge by how a request ends. */
class GateOutcomeTest {

  private static final FakeRequest LOGIN = FakeRequest.post("/login");

  @RegisterExtension final TestGates gates = new TestGates();

  private static Rule.Builder login() {
    return Rule.named("login").quota(Quota.perMinute(3)).chargeWhen(Outcome::failed);
  }

  /** How many of so many requests that all end so are admitted. */
  private static int ending(Gate gate, int attempts, int status) {
    int admitted = 0;
    for (int i = 0; i < attempts; i++) {
      Verdict verdict = gate.enter(LOGIN);
      if (verdict.admitted()) {
        admitted++;
        verdict.permit().close(status);
      }
    }
    return admitted;
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 302, 399, 100})
  void success_isFree(int status) {
    assertThat(ending(gates.of(login().build()), 100, status)).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 429, 500, 503, 599, 0})
  void failure_counts(int status) {
    assertThat(ending(gates.of(login().build()), 100, status)).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"200, false, false", "200, true, true", "401, false, true", "0, false, true"})
  void outcome_failed_isByStatusOrByWord(int status, boolean marked, boolean failed) {
    assertThat(new Outcome(status, marked).failed()).isEqualTo(failed);
    assertThat(new Outcome(status, marked).aborted()).isEqualTo(status == 0);
  }

  @Test
  void successesBetweenFailures_winNothingBack() {
    Gate gate = gates.of(login().build());
    int failures = 0;
    for (int i = 0; i < 50; i++) {
      failures += ending(gate, 1, 401);
      ending(gate, 1, 200);
    }
    assertThat(failures).isEqualTo(3);
  }

  @Test
  void slowSuccesses_saveUpNoGuesses() {
    Gate gate = gates.of(login().build());
    List<Permit> slow = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      slow.add(gate.enter(LOGIN).permit());
    }
    gates.ticker.advance(Duration.ofMinutes(10));
    assertThat(ending(gate, 50, 401)).isEqualTo(3);
    slow.forEach(permit -> permit.close(200));
    assertThat(ending(gate, 50, 401)).as("more guesses at once than the burst").isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bucket", "counter", "log"})
  void parallelGuesses_cannotSlipPast(String algorithm) throws Exception {
    Rule.Builder rule = login();
    if (algorithm.equals("counter")) {
      rule.slidingWindow();
    } else if (algorithm.equals("log")) {
      rule.slidingLog();
    }
    Gate gate = gates.of(rule.build());
    List<List<Permit>> open =
        Threads.run(
            8,
            thread -> {
              List<Permit> mine = new ArrayList<>();
              for (int i = 0; i < 25; i++) {
                Verdict verdict = gate.enter(LOGIN);
                if (verdict.admitted()) {
                  mine.add(verdict.permit());
                }
              }
              return mine;
            });
    List<Permit> all = open.stream().flatMap(List::stream).toList();
    assertThat(all).as("guesses under way of 200").hasSize(3);
    all.forEach(permit -> permit.close(401));
    assertThat(ending(gate, 50, 401)).isZero();
  }

  @Test
  void refusedWhileOthersAreUnderWay_isAdmittedOnceTheySucceed() {
    Gate gate = gates.of(login().build());
    List<Permit> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      open.add(gate.enter(LOGIN).permit());
    }
    assertThat(gate.enter(LOGIN).admitted()).isFalse();
    open.get(0).close(200);
    assertThat(gate.enter(LOGIN).admitted()).isTrue();
  }

  @Test
  void markFailed_countsWhateverTheStatus() {
    Gate gate = gates.of(login().build());
    for (int i = 0; i < 3; i++) {
      Permit permit = gate.enter(LOGIN).permit();
      permit.markFailed();
      permit.markFailed();
      permit.close(200);
    }
    assertThat(gate.enter(LOGIN).admitted()).isFalse();
  }

  @Test
  void markFailed_afterClose_countsNothing() {
    Gate gate = gates.of(login().build());
    Permit permit = gate.enter(LOGIN).permit();
    permit.close(200);
    permit.markFailed();
    permit.close(401);
    assertThat(permit.isClosed()).isTrue();
    assertThat(ending(gate, 50, 401)).isEqualTo(3);
  }

  @Test
  void secondClose_givesNothingBackAgain() {
    Gate gate = gates.of(login().build());
    ending(gate, 2, 401);
    Permit permit = gate.enter(LOGIN).permit();
    for (int i = 0; i < 5; i++) {
      permit.close(200);
    }
    assertThat(ending(gate, 50, 401)).isEqualTo(1);
  }

  @Test
  void secondClose_asksTheRuleNothing() {
    List<Outcome> asked = new ArrayList<>();
    Gate gate = gates.of(login().chargeWhen(asked::add).build());
    Permit permit = gate.enter(LOGIN).permit();
    permit.close(401);
    permit.close(200);
    assertThat(asked).containsExactly(new Outcome(401, false));
  }

  @Test
  void closeFromManyThreads_countsOnce() throws Exception {
    Gate gate = gates.of(Rule.named("r").quota(Quota.perDay(100)).chargeWhen(o -> false).build());
    List<Permit> open = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      open.add(gate.enter(LOGIN).permit());
    }
    open.subList(50, 100).clear();
    Threads.run(
        4,
        thread -> {
          open.forEach(permit -> permit.close(200));
          return true;
        });
    int left = 0;
    while (gate.enter(LOGIN).admitted()) {
      left++;
    }
    assertThat(left).isEqualTo(50);
  }

  @Test
  void neverClosed_staysCharged() {
    Gate gate = gates.of(login().build());
    for (int i = 0; i < 3; i++) {
      assertThat(gate.enter(LOGIN).permit().isClosed()).isFalse();
    }
    assertThat(gate.enter(LOGIN).admitted()).isFalse();
    gates.ticker.advance(Duration.ofSeconds(20));
    assertThat(gate.enter(LOGIN).admitted()).as("as time passes").isTrue();
  }

  @Test
  void cost_comesBackInFull() {
    Gate gate = gates.of(login().quota(Quota.perMinute(10)).cost(4).build());
    assertThat(ending(gate, 50, 200)).isEqualTo(50);
    assertThat(ending(gate, 50, 401)).isEqualTo(2);
  }

  @Test
  void severalQuotas_allComeBack() {
    Gate gate = gates.of(login().quota(Quota.perMinute(3), Quota.perDay(4)).build());
    assertThat(ending(gate, 50, 200)).isEqualTo(50);
    assertThat(ending(gate, 50, 401)).isEqualTo(3);
    gates.ticker.advance(Duration.ofMinutes(1));
    assertThat(ending(gate, 50, 401)).isEqualTo(1);
  }

  @Test
  void ruleThatChargesAll_keepsItsPermitsBesideOneThatDoesNot() {
    Rule all = Rule.named("all").quota(Quota.perMinute(5)).build();
    Gate gate = gates.of(login().build(), all);
    assertThat(ending(gate, 50, 200)).isEqualTo(5);
    assertThat(counts(gate, "login").admitted()).isEqualTo(5);
    assertThat(counts(gate, "all").refused()).isEqualTo(45);
  }

  @Test
  void predicateThatThrows_keepsThePermitsAndIsCounted() {
    Rule rule =
        login()
            .chargeWhen(
                outcome -> {
                  throw new IllegalStateException("" + outcome);
                })
            .build();
    Gate gate = gates.of(rule);
    assertThat(ending(gate, 50, 200)).isEqualTo(3);
    assertThat(counts(gate, "login").failures()).isEqualTo(3);
    assertThat(gate.status().failures()).isEqualTo(3);
  }

  @Test
  void closeAfterRulesWereReplaced_settlesUnderTheOldOnes() {
    Gate gate = gates.of(login().build());
    Permit permit = gate.enter(LOGIN).permit();
    Permit other = gate.enter(LOGIN).permit();
    gate.replaceRules(List.of(login().chargeWhen(outcome -> true).build()));
    permit.close(200);
    other.close(401);
    assertThat(admitted(gate, 50, LOGIN)).as("one came back, one stays").isEqualTo(2);
  }

  @Test
  void closeAfterTheRuleIsGone_doesNoHarm() {
    Gate gate = gates.of(login().build());
    Permit permit = gate.enter(LOGIN).permit();
    gate.replaceRules(List.of());
    permit.close(200);
    assertThat(permit.isClosed()).isTrue();
    assertThat(gate.status().failures()).isZero();
  }

  @Test
  void onClose_isDoneOnceAtTheEnd_theLastFirst() {
    try (Gate gate = Gate.builder().build()) {
      Permit permit = gate.enter(LOGIN).permit();
      List<String> done = new ArrayList<>();
      permit.onClose(() -> done.add("first"));
      permit.onClose(() -> done.add("second"));
      assertThat(done).isEmpty();
      permit.close(0);
      permit.close(200);
      assertThat(done).containsExactly("second", "first");
      permit.onClose(() -> done.add("late"));
      assertThat(done).endsWith("late").hasSize(3);
    }
  }

  @Test
  void onClose_thatThrows_isCounted_andHindersNothing() {
    try (Gate gate = Gate.builder().build()) {
      Permit permit = gate.enter(LOGIN).permit();
      List<String> done = new ArrayList<>();
      permit.onClose(() -> done.add("first"));
      permit.onClose(
          () -> {
            throw new IllegalStateException("of the application");
          });
      permit.close(200);
      assertThat(done).containsExactly("first");
      assertThat(permit.isClosed()).isTrue();
      assertThat(gate.status().failures()).isEqualTo(1);
    }
  }

  @Test
  void onClose_whileOthersClose_isDoneExactlyOnce() throws Exception {
    try (Gate gate = Gate.builder().build()) {
      for (int round = 0; round < 2_000; round++) {
        Permit permit = gate.enter(LOGIN).permit();
        AtomicInteger done = new AtomicInteger();
        Thread closer = new Thread(() -> permit.close(200));
        closer.start();
        permit.onClose(done::incrementAndGet);
        closer.join();
        assertThat(done).as("round %d", round).hasValue(1);
      }
    }
  }
}

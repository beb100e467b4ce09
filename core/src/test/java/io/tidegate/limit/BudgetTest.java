package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a budget promises to one caller after another. */
class BudgetTest {

  private final ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - 1_000);

  private Budget.Builder<String> builder() {
    return Budget.builder(KeyFunnel.ofString()).ticker(ticker);
  }

  private Budget<String> hundred(long overdraft) {
    return builder().limit("tokens", Quota.perMinute(100), overdraft).build();
  }

  private static Map<String, Long> tokens(int count) {
    return Map.of("tokens", (long) count);
  }

  private static long left(Budget<String> budget, String name) {
    return budget.standing("alice").get(name).remaining();
  }

  @Test
  void fiveCallsAtOnceUnderAHundredTokensAMinute_useAHundredTogether() {
    Budget<String> budget = hundred(0);
    int[] costs = {58, 90, 120, 150, 175};
    List<Spending> calls =
        IntStream.of(costs).mapToObj(cost -> budget.reserve("alice", tokens(cost))).toList();
    long used = 0;
    for (int i = 0; i < costs.length; i++) {
      if (calls.get(i).admitted()) {
        used += costs[i];
        calls.get(i).settle(tokens(costs[i]));
      }
    }
    assertThat(used).isEqualTo(58);
    assertThat(calls.get(1).retryAfter()).contains(Duration.ofMillis(48 * 600));
    assertThat(calls.get(4).retryAfter()).as("175 of 100 can never be had").isEmpty();
  }

  @Test
  void fiveStreamsAtOnceUnderAHundredTokensAMinute_areCutAtAHundredTogether() {
    Budget<String> budget = hundred(0);
    List<Spending> calls =
        IntStream.range(0, 5).mapToObj(i -> budget.reserve("alice", Map.of())).toList();
    long used = 0;
    for (int token = 0; token < 175; token++) {
      for (Spending call : calls) {
        used += call.meter("tokens", 1) ? 1 : 0;
      }
    }
    calls.forEach(Spending::close);
    assertThat(used).isEqualTo(100);
  }

  @Test
  void reserve_chargesAllThatIsNamed_orNothing() {
    Budget<String> budget =
        builder()
            .limit("requests", Quota.perMinute(10))
            .limit("tokens", Quota.perMinute(100))
            .build();
    Spending refused = budget.reserve("alice", Map.of("requests", 1L, "tokens", 101L));
    assertThat(refused.admitted()).isFalse();
    assertThat(refused.refusedBy()).isEqualTo("tokens");
    assertThat(left(budget, "requests")).isEqualTo(10);
    Spending admitted = budget.reserve("alice", Map.of("requests", 1L, "tokens", 100L));
    assertThat(admitted.admitted()).isTrue();
    assertThat(admitted.decisions()).containsOnlyKeys("requests", "tokens");
    assertThat(left(budget, "requests")).isEqualTo(9);
    assertThat(left(budget, "tokens")).isZero();
    assertThat(budget.reserve("bob", tokens(100)).admitted()).isTrue();
  }

  @Test
  void refusal_namesTheLimitWithTheLongestWait() {
    Budget<String> budget =
        builder().limit("minute", Quota.perMinute(1)).limit("hour", Quota.perHour(1)).build();
    Map<String, Long> one = Map.of("minute", 1L, "hour", 1L);
    assertThat(budget.reserve("alice", one).admitted()).isTrue();
    Spending refused = budget.reserve("alice", one);
    assertThat(refused.refusedBy()).isEqualTo("hour");
    assertThat(refused.retryAfter()).contains(Duration.ofHours(1));
  }

  @Test
  void settle_returnsWhatWasNotUsed_once() {
    Budget<String> budget = hundred(0);
    Spending spending = budget.reserve("alice", tokens(80));
    spending.settle(tokens(30));
    assertThat(left(budget, "tokens")).isEqualTo(70);
    spending.settle(tokens(0));
    spending.cancel();
    spending.close();
    assertThat(left(budget, "tokens")).isEqualTo(70);
  }

  @Test
  void settle_beyondWhatWasReserved_goesIntoDebt() {
    Budget<String> budget = hundred(0);
    budget.reserve("alice", tokens(80)).settle(tokens(150));
    assertThat(left(budget, "tokens")).isZero();
    ticker.advance(Duration.ofSeconds(30));
    assertThat(left(budget, "tokens")).as("50 were owed").isZero();
    ticker.advance(Duration.ofSeconds(6));
    assertThat(left(budget, "tokens")).isEqualTo(10);
  }

  @Test
  void settle_ofWhatWasNeitherReservedNorMetered_isChargedAllTheSame() {
    Budget<String> budget = hundred(0);
    budget.reserve("alice", Map.of()).settle(tokens(150));
    assertThat(left(budget, "tokens")).isZero();
    ticker.advance(Duration.ofSeconds(36));
    assertThat(left(budget, "tokens")).isEqualTo(10);
  }

  @Test
  void meter_usesWhatIsReservedFirst_thenDrawsFromTheBucket() {
    Budget<String> budget = hundred(0);
    Spending spending = budget.reserve("alice", tokens(40));
    assertThat(spending.meter("tokens", 40)).isTrue();
    assertThat(left(budget, "tokens")).isEqualTo(60);
    assertThat(spending.meter("tokens", 1)).isTrue();
    assertThat(left(budget, "tokens")).isEqualTo(59);
    assertThat(spending.meter("tokens", 60)).as("more than there is").isFalse();
    assertThat(spending.meter("tokens", 59)).isTrue();
    assertThat(spending.meter("tokens", 1)).isFalse();
    spending.close();
    assertThat(left(budget, "tokens")).isZero();
  }

  @Test
  void meter_intoTheOverdraft_isSharedByAllCallsOfASubject() {
    Budget<String> budget = hundred(25);
    List<Spending> calls =
        IntStream.range(0, 3).mapToObj(i -> budget.reserve("alice", tokens(30))).toList();
    long used = 0;
    for (int token = 0; token < 100; token++) {
      for (Spending call : calls) {
        used += call.meter("tokens", 1) ? 1 : 0;
      }
    }
    assertThat(used).isEqualTo(125);
    assertThat(budget.reserve("alice", tokens(1)).retryAfter())
        .as("26 tokens at 600 ms each")
        .contains(Duration.ofMillis(26 * 600));
    assertThat(budget.reserve("bob", tokens(100)).admitted()).isTrue();
  }

  @Test
  void close_returnsWhatWasMeteredLess_butNothingOfWhatWasNot() {
    Budget<String> budget =
        builder()
            .limit("requests", Quota.perMinute(10))
            .limit("tokens", Quota.perMinute(100))
            .build();
    Spending metered = budget.reserve("alice", Map.of("requests", 1L, "tokens", 50L));
    metered.meter("tokens", 20);
    metered.close();
    assertThat(left(budget, "tokens")).isEqualTo(80);
    assertThat(left(budget, "requests")).isEqualTo(9);
    budget.reserve("alice", tokens(50)).close();
    assertThat(left(budget, "tokens")).as("never metered, so charged in full").isEqualTo(30);
    Spending nothingSent = budget.reserve("alice", tokens(30));
    nothingSent.meter("tokens", 0);
    nothingSent.close();
    assertThat(left(budget, "tokens")).isEqualTo(30);
  }

  @Test
  void settle_belowWhatWasDrawn_returnsOnlyTheReserved() {
    Budget<String> budget = hundred(0);
    Spending spending = budget.reserve("alice", tokens(10));
    spending.meter("tokens", 50);
    spending.settle(tokens(5));
    assertThat(left(budget, "tokens")).as("40 were drawn, and sent").isEqualTo(60);
  }

  @Test
  void cancel_returnsAllThatWasNotMetered() {
    Budget<String> budget = hundred(0);
    Spending spending = budget.reserve("alice", tokens(50));
    spending.cancel();
    assertThat(left(budget, "tokens")).isEqualTo(100);
    Spending begun = budget.reserve("alice", tokens(50));
    begun.meter("tokens", 7);
    begun.cancel();
    assertThat(left(budget, "tokens")).isEqualTo(93);
  }

  @Test
  void atOnce_isFreeAgainWhenASpendingEnds_however() {
    Budget<String> budget = builder().atOnce("streams", 2).build();
    Map<String, Long> one = Map.of("streams", 1L);
    Spending first = budget.reserve("alice", one);
    Spending second = budget.reserve("alice", one);
    Spending third = budget.reserve("alice", one);
    assertThat(third.admitted()).isFalse();
    assertThat(third.retryAfter().orElseThrow()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    first.settle(Map.of());
    second.close();
    second.close();
    assertThat(budget.reserve("alice", one).admitted()).isTrue();
    assertThat(budget.reserve("alice", one).admitted()).isTrue();
    assertThat(budget.reserve("alice", one).admitted()).isFalse();
  }

  @Test
  void spendingThatIsNeverEnded_expires_chargedInFull_andHoldsNothingAtOnce() {
    Budget<String> budget =
        builder()
            .limit("tokens", Quota.perHour(100))
            .atOnce("streams", 1)
            .longest(Duration.ofMinutes(5))
            .build();
    Map<String, Long> cost = Map.of("tokens", 50L, "streams", 1L);
    Spending lost = budget.reserve("alice", cost);
    assertThat(lost.meter("tokens", 10)).isTrue();
    assertThat(budget.reserve("alice", cost).admitted()).isFalse();
    ticker.advance(Duration.ofMinutes(5).plusNanos(1));
    assertThat(lost.meter("tokens", 1)).as("expired").isFalse();
    assertThat(left(budget, "tokens")).as("58 would be left had it been settled").isEqualTo(58);
    Spending next = budget.reserve("alice", cost);
    assertThat(next.admitted()).isTrue();
    lost.close(); // late, and gives back what still counts
    assertThat(left(budget, "tokens")).isGreaterThan(8);
    assertThat(budget.reserve("alice", cost).admitted())
        .as("one at once, whatever was closed late")
        .isFalse();
  }

  @Test
  void clockThatLeapsBack_freesNothing_andOneThatLeapsAheadEndsWhatIsOpen() {
    Budget<String> budget =
        builder().limit("tokens", Quota.perMinute(100)).atOnce("streams", 1).build();
    Spending spending = budget.reserve("alice", Map.of("tokens", 60L, "streams", 1L));
    ticker.advance(Duration.ofDays(-1));
    assertThat(budget.reserve("alice", Map.of("tokens", 60L)).admitted()).isFalse();
    assertThat(spending.meter("tokens", 1)).isTrue();
    ticker.advance(Duration.ofDays(2));
    assertThat(spending.meter("tokens", 1)).isFalse();
    spending.close();
    assertThat(left(budget, "tokens")).isEqualTo(100);
  }

  @Test
  void refusedSpending_hasNothingToMeterOrEnd() {
    Budget<String> budget = hundred(0);
    Spending refused = budget.reserve("alice", tokens(101));
    assertThat(refused.meter("tokens", 1)).isFalse();
    refused.settle(tokens(50));
    refused.cancel();
    refused.close();
    assertThat(left(budget, "tokens")).isEqualTo(100);
  }

  @Test
  void badInput_isNamed() {
    Budget<String> budget = builder().limit("tokens", Quota.perMinute(9)).atOnce("s", 1).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> budget.reserve("alice", Map.of("token", 1L)))
        .withMessage("limit: token (expected: one of the budget)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> budget.reserve("alice", Map.of("tokens", -1L)))
        .withMessage("tokens: -1 (expected: at least 0)");
    Spending spending = budget.reserve("alice", Map.of());
    assertThatIllegalArgumentException().isThrownBy(() -> spending.meter("s", 1));
    assertThatIllegalArgumentException().isThrownBy(() -> spending.meter("tokens", -1));
    assertThatIllegalArgumentException().isThrownBy(() -> spending.settle(tokens(-1)));
    assertThat(spending.meter("tokens", 9)).as("not ended by what was refused").isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().build())
        .withMessage("limit: none (expected: at least one)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().atOnce("s", 1).limit("s", Quota.perMinute(1)))
        .withMessage("limit: s (expected: a name not given before)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().limit("t", Quota.perMinute(5), 6))
        .withMessage("overdraft: 6 (expected: 0 to one burst, 5)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().atOnce("s", 0))
        .withMessage("s: 0 at once (expected: 1 to 1000)");
    assertThatIllegalArgumentException().isThrownBy(() -> builder().longest(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> builder().maxKeys(0));
  }

  @Test
  void quotas_areInTheOrderGiven() {
    Budget<String> budget =
        builder()
            .limit("requests", Quota.perMinute(6))
            .limit("tokens", Quota.perMinute(100), 50)
            .build();
    assertThat(budget.quotas())
        .containsExactly(
            Map.entry("requests", Quota.perMinute(6)), Map.entry("tokens", Quota.perMinute(100)));
  }
}

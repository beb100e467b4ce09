package io.tidegate.examples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

/** What is counted, and how. */
class TallyTest {

  private static final long MILLI = 1_000_000;

  @Test
  void percentile_ofAHundred_isTheOneThatSoManyHadAtMost() {
    Latencies latencies = new Latencies();
    for (int i = 1; i <= 100; i++) {
      latencies.add(i * MILLI);
    }
    assertThat(latencies.percentileMillis(0.5)).isEqualTo(50);
    assertThat(latencies.percentileMillis(0.99)).isEqualTo(99);
    assertThat(new Latencies().percentileMillis(0.5)).isNaN();
  }

  @Test
  void okPct_withRefusedTimedOutAndUnanswered_countsThemAllAsNotServed() {
    Tally tally = new Tally(1);
    for (int i = 0; i < 4; i++) {
      tally.sent(0);
    }
    tally.answered(0, Answer.none(200), true, MILLI);
    tally.answered(0, Answer.none(429), false, MILLI);
    tally.answered(0, Answer.none(Answer.TIMED_OUT), false, 10_000 * MILLI);
    assertThat(tally.okPct(0, 1)).isEqualTo(25);
    ObjectNode json = tally.json();
    assertThat(json.path("timedOut").path(0).asInt()).as("and one without an answer").isEqualTo(2);
    assertThat(json.path("refused").path("429").path(0).asInt()).isEqualTo(1);
    assertThat(tally.percentile(0.99, 0, 1)).as("a client that gave up").isEqualTo(10_000);
  }

  @Test
  void json_ofASecondInWhichNobodyWasServed_hasNoLatency() {
    Tally tally = new Tally(1);
    tally.sent(0);
    tally.answered(0, Answer.none(503), false, MILLI);
    assertThat(tally.json().path("p99Ms").path(0).isNull()).isTrue();
  }
}

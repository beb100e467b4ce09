package io.tidegate.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Outcome;
import io.tidegate.Rule;
import io.tidegate.limit.Quota;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a gate learns of the ends of requests, in order. */
public final class Outcomes {

  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

  /** A rule that listens, and charges whatever the outcome. */
  public Rule rule(int perDay) {
    return rule(perDay, true);
  }

  /** A rule that listens, and admits one request at a time, since it gives every charge back. */
  public Rule ruleOfOneAtOnce() {
    return rule(1, false);
  }

  private Rule rule(int perDay, boolean charge) {
    return Rule.named("outcomes")
        .quota(Quota.perDay(perDay))
        .chargeWhen(
            outcome -> {
              outcomes.add(outcome);
              return charge;
            })
        .build();
  }

  /** Waits for the next outcome. */
  public Outcome next() throws InterruptedException {
    Outcome outcome = outcomes.poll(Scenario.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(outcome).as("the end of a request").isNotNull();
    return outcome;
  }

  public boolean isEmpty() {
    return outcomes.isEmpty();
  }
}

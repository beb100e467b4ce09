package io.tidegate;

import io.tidegate.limit.ManualTicker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Gates on one clock that only the test moves; all are closed at its end. */
final class TestGates implements AfterEachCallback {

  final ManualTicker ticker = new ManualTicker();

  private final List<Gate> opened = new ArrayList<>();

  Gate of(Rule... rules) {
    Gate.Builder builder = Gate.builder();
    for (Rule rule : rules) {
      builder.rule(rule);
    }
    return open(builder);
  }

  Gate open(Gate.Builder builder) {
    Gate gate = builder.ticker(ticker).build();
    opened.add(gate);
    return gate;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    opened.forEach(Gate::close);
  }

  /** How many of so many equal requests are admitted; all are closed with 200. */
  static int admitted(Gate gate, int attempts, GateRequest request) {
    int admitted = 0;
    for (int i = 0; i < attempts; i++) {
      Verdict verdict = gate.enter(request);
      if (verdict.admitted()) {
        admitted++;
        verdict.permit().close(200);
      }
    }
    return admitted;
  }

  /** What the gate counts for a rule. */
  static GateStatus.RuleCounts counts(Gate gate, String rule) {
    return gate.status().rules().stream()
        .filter(counts -> counts.rule().equals(rule))
        .findFirst()
        .orElseThrow();
  }
}

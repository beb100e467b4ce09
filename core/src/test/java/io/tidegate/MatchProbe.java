package io.tidegate;

import io.tidegate.limit.Quota;

/** Asks a gate whether a match applies: a rule asks for the price of what it matches only. */
final class MatchProbe implements AutoCloseable {

  private final Gate gate;
  private boolean asked;

  MatchProbe(Match match) {
    Rule rule =
        Rule.named("probe")
            .match(match)
            .quota(Quota.perDay(1))
            .cost(
                request -> {
                  asked = true;
                  return 0;
                })
            .build();
    this.gate = Gate.builder().rule(rule).build();
  }

  static boolean matches(Match match, GateRequest request) {
    try (MatchProbe probe = new MatchProbe(match)) {
      return probe.matches(request);
    }
  }

  boolean matches(GateRequest request) {
    asked = false;
    Verdict verdict = gate.enter(request);
    if (!verdict.admitted() || gate.status().failures() > 0) {
      throw new AssertionError(request + ": " + verdict + ", " + gate.status());
    }
    return asked;
  }

  @Override
  public void close() {
    gate.close();
  }
}

package io.tidegate.examples.drill.sim;

import io.tidegate.Verdict;
import java.util.EnumMap;
import java.util.Map;

/** What those of one role have sent, were refused and have used, second by second. */
final class RoleTally {

  final long[] sent = new long[Scenario.SECONDS];
  final double[] slotMillis = new double[Scenario.SECONDS];
  final Map<Verdict.Kind, long[]> refused = new EnumMap<>(Verdict.Kind.class);

  void refused(Verdict.Kind kind, int second) {
    refused.computeIfAbsent(kind, unused -> new long[Scenario.SECONDS])[second]++;
  }
}

package io.tidegate.examples.drill.sim;

import io.tidegate.Sea;
import io.tidegate.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What has become of everybody, second by second. */
final class Tally {

  final long[] humansCame = new long[Scenario.SECONDS];
  final long[] humansIn = new long[Scenario.SECONDS];
  final long[] establishedCame = new long[Scenario.SECONDS];

  /** Those of a second's arrivals who were answered in time. */
  final long[] establishedOk = new long[Scenario.SECONDS];

  final double[] priceMillis = new double[Scenario.SECONDS];
  final Sea[] sea = new Sea[Scenario.SECONDS];

  private final RoleTally established = new RoleTally();
  private final RoleTally newcomers = new RoleTally();
  private final RoleTally attackers = new RoleTally();
  private final List<List<Long>> latencies = new ArrayList<>();

  Tally() {
    for (int i = 0; i < Scenario.SECONDS; i++) {
      latencies.add(new ArrayList<>());
    }
  }

  private static int second(long nanos) {
    return (int) Math.min(Scenario.SECONDS - 1, nanos / Scenario.SECOND);
  }

  RoleTally of(Role role) {
    return switch (role) {
      case ESTABLISHED -> established;
      case NEWCOMERS -> newcomers;
      case ATTACKERS -> attackers;
    };
  }

  void sent(Role role, long now) {
    of(role).sent[second(now)]++;
  }

  void refused(Role role, Verdict.Kind kind, long now) {
    of(role).refused(kind, second(now));
  }

  void worked(Role role, long nanos, long now) {
    of(role).slotMillis[second(now)] += nanos / (double) Scenario.MILLI;
  }

  void establishedCame(long arrived) {
    establishedCame[second(arrived)]++;
  }

  void establishedServed(long arrived, long now) {
    int second = second(arrived);
    latencies.get(second).add(now - arrived);
    if (now - arrived <= Scenario.ESTABLISHED_PATIENCE) {
      establishedOk[second]++;
    }
  }

  void humanCame(long arrived) {
    humansCame[second(arrived)]++;
  }

  void humanIn(long arrived, long took) {
    humansIn[second(arrived)] += took <= Scenario.HUMAN_PATIENCE ? 1 : 0;
  }

  void look(int second, SimulatedGate gate) {
    var status = gate.gate.status();
    sea[second] = status.sea();
    priceMillis[second] = gate.priceMillis();
  }

  /** The milliseconds of slots that a role used over some seconds. */
  double slotMillis(Role role, int from, int to) {
    return Arrays.stream(of(role).slotMillis, from, to).sum();
  }

  /** The share of a role in all that was used of the slots over some seconds, in percent. */
  double slotPct(Role role, int from, int to) {
    double all = 0;
    for (Role each : Role.values()) {
      all += slotMillis(each, from, to);
    }
    return all == 0 ? 0 : 100 * slotMillis(role, from, to) / all;
  }

  /** The 99th percentile of the established users' latency over some seconds, in milliseconds. */
  double establishedP99Millis(int from, int to) {
    List<Long> all = new ArrayList<>();
    latencies.subList(from, to).forEach(all::addAll);
    if (all.isEmpty()) {
      return 0;
    }
    all.sort(null);
    int at = (int) Math.ceil(all.size() * 0.99) - 1;
    return all.get(at) / (double) Scenario.MILLI;
  }
}

package io.tidegate.examples.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What one column comes to. Requests count where they were to be sent; "during the attack" is those
 * that were to be sent while it ran.
 */
final class Figures {

  /** What counts as calm again, beside a latency of at most twice the calm one. */
  private static final double CALM_OK_PCT = 99.9;

  private final Settings settings;
  private final Plays plays;
  private final Load load;
  private final JsonNode server;
  private final int from;
  private final int to;
  private final int end;

  Figures(Settings settings, Plays plays, Load load, JsonNode server) {
    this.settings = settings;
    this.plays = plays;
    this.load = load;
    this.server = server;
    this.from = settings.calmSeconds();
    this.to = from + settings.attackSeconds();
    this.end = settings.seconds();
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Tally established = load.tally(Role.ESTABLISHED);
    put(json, "establishedOkPct", established.okPct(from, to));
    put(json, "establishedOkCalmPct", established.okPct(0, from));
    put(json, "establishedOkAfterPct", established.okPct(to, end));
    put(json, "establishedP99CalmMs", established.percentile(0.99, 0, from));
    put(json, "establishedP99AttackMs", established.percentile(0.99, from, to));
    put(json, "establishedP50AttackMs", established.percentile(0.5, from, to));
    newcomers(json);
    put(json, "attackerWorkPct", attackerWorkPct());
    json.put("victimsLockedOut", plays.users.stream().filter(u -> u.refusedLogins() > 0).count());
    json.put("victimsLogins", plays.users.stream().mapToInt(Established::logins).sum());
    json.put(
        "victimsLoginsRefused", plays.users.stream().mapToInt(Established::refusedLogins).sum());
    recovery(json);
    for (String name : List.of("slotsLeaked", "heapBeforeMb", "heapAfterMb", "unservedAtEnd")) {
      json.set(name, server.path(name));
    }
    json.put("attacksSent", load.tally(Role.ATTACKERS).sent(from, end));
    json.put("attacksHeldBack", plays.attackers.heldBack());
    json.put("attackersProofs", plays.attackers.solved());
    json.put("attackersPasses", plays.attackers.bought());
    json.put("attackersPaidRequests", plays.attackers.paidRequests());
    json.put("generatorLate", load.late());
    json.put("generatorLatestMs", load.latestMillis());
    json.set("series", series());
    return json;
  }

  private void newcomers(ObjectNode json) {
    List<Newcomer> during = new ArrayList<>();
    for (Newcomer newcomer : plays.newcomers) {
      int second = load.second(newcomer.arrived());
      if (second >= from && second < to) {
        during.add(newcomer);
      }
    }
    Latencies times = new Latencies();
    during.stream().filter(Newcomer::isRegistered).forEach(n -> times.add(n.registeredNanos()));
    put(
        json,
        "newcomersRegisteredPct",
        pct(during, during.stream().filter(Newcomer::isRegistered).count()));
    put(
        json,
        "newcomersChattedPct",
        pct(during, during.stream().filter(Newcomer::hasChatted).count()));
    put(json, "newcomersRegisteredP50Ms", times.percentileMillis(0.5));
    put(json, "newcomersRegisteredP95Ms", times.percentileMillis(0.95));
    json.put("newcomersProofs", during.stream().mapToInt(Newcomer::proofs).sum());
  }

  private static double pct(List<Newcomer> all, long some) {
    return all.isEmpty() ? Double.NaN : 100.0 * some / all.size();
  }

  private double attackerWorkPct() {
    double all = 0;
    double theirs = 0;
    for (Role role : Role.values()) {
      JsonNode millis = server.path("slotMs").path(role.label());
      for (int i = from; i < to; i++) {
        all += millis.path(i).asDouble();
        theirs += role == Role.ATTACKERS ? millis.path(i).asDouble() : 0;
      }
    }
    return all == 0 ? 0 : 100 * theirs / all;
  }

  /**
   * After how many whole seconds from the attack's end established users have calm figures to the
   * end: in each second 99.9% served, and a p99 of at most twice the calm one. Null if not in what
   * was watched.
   */
  private void recovery(ObjectNode json) {
    Tally established = load.tally(Role.ESTABLISHED);
    double most = 2 * established.percentile(0.99, 0, from);
    int calmFrom = end;
    while (calmFrom > to
        && established.okPct(calmFrom - 1, calmFrom) >= CALM_OK_PCT
        && established.percentile(0.99, calmFrom - 1, calmFrom) <= most) {
      calmFrom--;
    }
    if (calmFrom == end) {
      json.putNull("recoverySeconds");
    } else {
      json.put("recoverySeconds", calmFrom - to);
    }
  }

  private ObjectNode series() {
    ObjectNode series = JsonNodeFactory.instance.objectNode();
    for (Role role : Role.values()) {
      ObjectNode tally = load.tally(role).json();
      if (role == Role.NEWCOMERS) {
        tally.set("registered", registered());
      }
      series.set(role.label(), tally);
    }
    for (String name :
        List.of("slotMs", "priceMs", "sea", "heapMb", "serverCpuPct", "machineCpuPct")) {
      series.set(name, server.path(name));
    }
    ArrayNode generator = series.putArray("generatorCpuPct");
    load.cpuPercents().stream().limit(end).forEach(generator::add);
    return series;
  }

  /** In which second who was registered. */
  private ArrayNode registered() {
    int[] counts = new int[settings.seconds()];
    for (Newcomer newcomer : plays.newcomers) {
      int second = load.second(newcomer.arrived() + newcomer.registeredNanos());
      if (newcomer.isRegistered() && second >= 0 && second < counts.length) {
        counts[second]++;
      }
    }
    return Tally.array(counts);
  }

  private static void put(ObjectNode json, String name, double value) {
    if (Double.isNaN(value)) {
      json.putNull(name);
    } else {
      json.put(name, Math.round(value * 100) / 100.0);
    }
  }
}

package io.tidegate.examples.drill.sim;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.Sea;
import io.tidegate.Verdict;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** What a row showed, and how it is written down. */
record Result(Scenario scenario, Tally tally, Humans humans, Solvers solvers, FrontEnd frontEnd) {

  private static final int FROM = Scenario.ATTACK_FROM;
  private static final int TO = Scenario.ATTACK_TO;

  /** The share of the humans who were registered in time, in percent. */
  double humansInPct() {
    return rounded(100.0 * humans.countedIn() / Math.max(1, humans.counted()));
  }

  /** The share of the established users' calls that were answered in time, in percent. */
  double establishedOkPct() {
    long came = Arrays.stream(tally.establishedCame, FROM, TO).sum();
    long ok = Arrays.stream(tally.establishedOk, FROM, TO).sum();
    return Math.floor(10_000.0 * ok / Math.max(1, came)) / 100; // never up to a round 100
  }

  /** The row of the report. */
  ObjectNode toJson() {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("solverBotsPerSecond", (long) (scenario.solvers() * scenario.times()));
    row.put("humansInPct", humansInPct());
    row.put("establishedOkPct", establishedOkPct());
    row.put("computeTimes", scenario.times());
    row.put("price", scenario.moving() ? "moving" : "fixed");
    row.put("strategy", scenario.strategy().word());
    row.put("hoard", scenario.hoard());
    row.put("floodPerSecond", (long) scenario.flood());
    row.put("hashesPerSecond", (long) scenario.hashesPerSecond());
    row.put("establishedP99CalmMs", rounded(tally.establishedP99Millis(0, FROM)));
    row.put("establishedP99AttackMs", rounded(tally.establishedP99Millis(FROM, TO)));
    row.put("humansCounted", humans.counted());
    row.put("humanMedianSeconds", rounded(humans.medianSeconds()));
    row.put("attackerWorkPct", rounded(tally.slotPct(Role.ATTACKERS, FROM, TO)));
    row.put("newcomersWorkPct", rounded(tally.slotPct(Role.NEWCOMERS, FROM, TO)));
    row.put("attackersSolved", solvers.solved());
    row.put("attackersPaidMs", rounded(solvers.meanPaidMillis()));
    row.put("attackersPasses", solvers.passes());
    row.put("attackersRegistered", solvers.registered());
    row.put("frontEndPct", rounded(frontEndPct()));
    row.put("frontEndLongestWaitMs", rounded(frontEnd.longestWait() / (double) Scenario.MILLI));
    row.set("series", series());
    return row;
  }

  private double frontEndPct() {
    long requests = 0;
    for (Role role : Role.values()) {
      requests += Arrays.stream(tally.of(role).sent, FROM, TO).sum();
    }
    return 100 * frontEnd.utilisation(requests, TO - FROM);
  }

  private ObjectNode series() {
    ObjectNode series = JsonNodeFactory.instance.objectNode();
    series.set("priceMs", array(tally.priceMillis));
    ArrayNode sea = series.putArray("sea");
    for (Sea state : tally.sea) {
      sea.add(state.name().toLowerCase(Locale.ROOT));
    }
    series.set("humansCame", array(tally.humansCame));
    series.set("humansIn", array(tally.humansIn));
    series.set("establishedCame", array(tally.establishedCame));
    series.set("establishedOk", array(tally.establishedOk));
    ObjectNode sent = series.putObject("sent");
    ObjectNode slots = series.putObject("slotMs");
    ObjectNode refused = series.putObject("refused");
    for (Role role : Role.values()) {
      RoleTally of = tally.of(role);
      sent.set(role.word(), array(of.sent));
      slots.set(role.word(), array(of.slotMillis));
      refused.set(role.word(), kinds(of.refused));
    }
    return series;
  }

  private static ObjectNode kinds(Map<Verdict.Kind, long[]> kinds) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    kinds.forEach((kind, counts) -> node.set(kind.name(), array(counts)));
    return node;
  }

  private static ArrayNode array(long[] values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    Arrays.stream(values).forEach(array::add);
    return array;
  }

  private static ArrayNode array(double[] values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    Arrays.stream(values).forEach(value -> array.add(rounded(value)));
    return array;
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }

  /** One line. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%6.0f proofs/s%s, %s price, %s%s%s: humans in %.1f%% (median %.1f s), established %.2f%%",
        scenario.solvers() * scenario.times(),
        scenario.times() == 1 ? "" : " (x " + scenario.times() + ")",
        scenario.moving() ? "moving" : "fixed",
        scenario.strategy().word(),
        scenario.hoard() ? ", hoarding" : "",
        scenario.flood() == 0 ? ", no flood" : "",
        humansInPct(),
        humans.medianSeconds(),
        establishedOkPct());
  }
}

package io.tidegate.examples.drill.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the Tidegate column was to reach.
 *
 * @param key the figure, and where a reason is looked up
 * @param title what it is
 * @param unit what it is in
 * @param aim the target, in words
 * @param isReached whether a column reaches it
 */
record Target(String key, String title, String unit, String aim, Predicate<JsonNode> isReached) {

  static final List<Target> LIVE =
      List.of(
          new Target(
              "establishedOkPct",
              "Established users answered in the attack",
              "%",
              "99.9% or more",
              of -> number(of, "establishedOkPct") >= 99.9),
          new Target(
              "establishedP99AttackMs",
              "Their p99 in the attack",
              " ms",
              "at most twice the calm one",
              of -> number(of, "establishedP99AttackMs") <= 2 * number(of, "establishedP99CalmMs")),
          new Target(
              "newcomersRegisteredPct",
              "Newcomers registered within 10 s",
              "%",
              "95% or more",
              of -> number(of, "newcomersRegisteredPct") >= 95),
          new Target(
              "attackerWorkPct",
              "Attackers' share of the work",
              "%",
              "at most 5%",
              of -> number(of, "attackerWorkPct") <= 5),
          new Target(
              "victimsLockedOut",
              "Victims locked out of a known device",
              "",
              "none",
              of -> number(of, "victimsLockedOut") == 0),
          new Target(
              "recoverySeconds",
              "Back to calm figures",
              " s",
              "within 2 s",
              of -> number(of, "recoverySeconds") <= 2),
          new Target(
              "slotsLeaked", "Slots leaked", "", "none", of -> number(of, "slotsLeaked") == 0),
          new Target(
              "heapAfterMb",
              "Heap after the last collection",
              " MB",
              "flat: at most a fifth and 8 MB over that before the attack",
              of -> number(of, "heapAfterMb") <= 1.2 * number(of, "heapBeforeMb") + 8));

  /** Not a number if there is none, which reaches nothing. */
  private static double number(JsonNode of, String key) {
    return of.path(key).isNumber() ? of.path(key).asDouble() : Double.NaN;
  }

  String value(JsonNode figures) {
    return Numbers.of(figures.path(key), unit);
  }
}

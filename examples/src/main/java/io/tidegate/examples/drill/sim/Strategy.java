package io.tidegate.examples.drill.sim;

import java.util.Locale;

/** What solving attackers do with what they have solved. */
enum Strategy {
  /** Each proof admits one registration. */
  PROOF,

  /** Each proof buys a visitor's pass, which then registers as often as it may. */
  PASS,

  /** Each proof buys a visitor's pass, and the whole flood of anonymous calls shows such passes. */
  SHARED_PASS;

  /** How a report calls it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package io.tidegate.examples.drill.sim;

import java.util.Locale;

/** Whose request it is. The gate is never told. */
enum Role {
  ESTABLISHED,
  NEWCOMERS,
  ATTACKERS;

  /** How a report calls them. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

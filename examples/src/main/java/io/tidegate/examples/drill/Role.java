package io.tidegate.examples.drill;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who somebody is in truth; no defence knows. */
enum Role {
  ESTABLISHED,
  NEWCOMERS,
  ATTACKERS;

  /** The field that tells the meter, and nobody else looks at. */
  static final String FIELD = "Drill-Role";

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Role of(@Nullable String field) {
    for (Role role : values()) {
      if (role.name().equals(field)) {
        return role;
      }
    }
    return ATTACKERS;
  }
}

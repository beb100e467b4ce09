package io.tidegate.redis;

import java.util.Objects;
import java.util.regex.Pattern;

/** Names that stand in keys on the server. */
final class Names {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private Names() {}

  static String check(String what, String name) {
    Objects.requireNonNull(name, what);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what + ": " + name + " (expected: 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-')");
    }
    return name;
  }
}

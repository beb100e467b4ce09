package io.tidegate.netty;

import java.time.Duration;
import java.util.Objects;

/** Checks the durations that builders take. */
final class Durations {

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(1);

  private Durations() {}

  static Duration check(String name, Duration duration) {
    Objects.requireNonNull(duration, name);
    if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + ": " + duration + " (expected: " + SHORTEST + " to " + LONGEST + ")");
    }
    return duration;
  }
}

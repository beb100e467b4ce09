package io.tidegate.limit;

/** The one check of a number of permits. */
final class Permits {

  private Permits() {}

  static void check(String name, long permits) {
    if (permits < 1) {
      throw new IllegalArgumentException(name + ": " + permits + " (expected: at least 1)");
    }
  }
}

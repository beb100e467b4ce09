package io.tidegate.examples.drill.sim;

import java.util.SplittableRandom;

/** Chance, the same again with the same seed: one stream for each purpose, so none moves others. */
final class Draws {

  private static final int PUZZLES = 16;

  private final SplittableRandom random;

  Draws(long seed, String purpose) {
    this.random = new SplittableRandom(seed * 0x9E37_79B9_7F4A_7C15L + purpose.hashCode());
  }

  /** Nanoseconds to the next event of a Poisson stream, or of a service without memory. */
  long exponential(double mean) {
    return (long) (-mean * Math.log(1 - random.nextDouble()));
  }

  /** How lucky a solver is: 1 on average, spread as the time of a token's sixteen puzzles is. */
  double luck() {
    double sum = 0;
    for (int i = 0; i < PUZZLES; i++) {
      sum -= Math.log(1 - random.nextDouble());
    }
    return sum / PUZZLES;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  long between(long least, long bound) {
    return random.nextLong(least, bound);
  }

  boolean isHeads() {
    return random.nextBoolean();
  }
}

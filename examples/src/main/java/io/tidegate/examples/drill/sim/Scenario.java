package io.tidegate.examples.drill.sim;

import java.time.Duration;

/**
 * What is simulated in one row. Rates are those of the full size and are multiplied by {@code
 * size}.
 *
 * @param seed what all draws follow from
 * @param size 1 for all; a tenth has a tenth of the slots, and of all rates and addresses
 * @param solvers what all solving attackers together find in a second at the floor price
 * @param times by how much their computers are faster than that
 * @param moving whether the price moves; if not, it stays at the floor
 * @param strategy what is done with what was solved
 * @param hoard whether attackers gather challenges while these are cheap, and solve those first
 * @param flood requests in a second from attackers who solve nothing
 */
record Scenario(
    long seed,
    double size,
    double solvers,
    int times,
    boolean moving,
    Strategy strategy,
    boolean hoard,
    double flood) {

  static final long SECOND = Duration.ofSeconds(1).toNanos();
  static final long MILLI = Duration.ofMillis(1).toNanos();

  static final int SECONDS = 60;
  static final int ATTACK_FROM = 15;
  static final int ATTACK_TO = 45;

  /** What the reference phone of {@link io.tidegate.challenge.Price} makes in a second. */
  static final double PHONE = 4_000_000;

  /**
   * So many digests stand for one, so that a price in milliseconds is a real one while what is
   * really calculated is little.
   */
  static final int DIGESTS_FOR_ONE = 10_000;

  static final Duration FLOOR = Duration.ofMillis(100);
  static final Duration CAP = Duration.ofSeconds(2);

  static final double SLOTS = 50;
  static final double SERVICE_NANOS = 50 * MILLI;
  static final double ESTABLISHED = 700;
  static final double HUMANS = 20;
  static final double ADDRESSES = 1_000_000;
  static final double FLOOD = 50_000;

  /** How many newcomers are let in without a price, in a second: two and a half times the usual. */
  static final double NEWCOMERS = 50;

  /** How many chat without a key, likewise. */
  static final double STRANGERS = 100;

  static final int CORES = 8;

  /** What receiving, deciding and answering take of a core, the work in a slot left out. */
  static final long REQUEST_NANOS = 60_000;

  /** When a human gives up, and until when an established user's answer is of use. */
  static final long HUMAN_PATIENCE = 10 * SECOND;

  static final long ESTABLISHED_PATIENCE = 500 * MILLI;

  static Scenario of(long seed, double solvers) {
    return new Scenario(seed, 1, solvers, 1, true, Strategy.PROOF, false, FLOOD);
  }

  Scenario size(double other) {
    return new Scenario(seed, other, solvers, times, moving, strategy, hoard, flood);
  }

  Scenario times(int other) {
    return new Scenario(seed, size, solvers, other, moving, strategy, hoard, flood);
  }

  Scenario fixedPrice() {
    return new Scenario(seed, size, solvers, times, false, strategy, hoard, flood);
  }

  Scenario with(Strategy other) {
    return new Scenario(seed, size, solvers, times, moving, other, hoard, flood);
  }

  Scenario hoarding() {
    return new Scenario(seed, size, solvers, times, moving, strategy, true, flood);
  }

  Scenario flood(double other) {
    return new Scenario(seed, size, solvers, times, moving, strategy, hoard, other);
  }

  /** What all solving attackers together calculate in a second, in digests. */
  double hashesPerSecond() {
    return size * solvers * times * FLOOR.toMillis() / 1_000.0 * PHONE;
  }

  /**
   * Whether somebody who comes at this time has all his patience within the attack; who comes later
   * need only wait until it is over.
   */
  static boolean isCounted(long arrived) {
    return arrived >= ATTACK_FROM * SECOND && arrived + HUMAN_PATIENCE <= ATTACK_TO * SECOND;
  }

  int scaled(double full) {
    return (int) Math.max(1, Math.round(full * size));
  }
}

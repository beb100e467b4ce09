package io.tidegate.limit;

import java.math.BigInteger;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * A seeded clock that starts anywhere and moves in all ways that a clock should not: a little and a
 * lot, forward and back. It adds up its forward steps, which is the time that bounds speak of.
 */
final class Schedule {

  /** Leaps stay within a year, and within what a window's index tells apart. */
  private static final long LONGEST_LEAP = Duration.ofDays(365).toNanos();

  private static final long MOST_WINDOWS = 1L << 21;

  final RandomGenerator random;
  final ManualTicker ticker;

  private final long interval;
  private final long window;
  private final long range;
  private long position;
  private BigInteger forward = BigInteger.ZERO;

  Schedule(RandomGenerator random, Quota quota) {
    this(random, quota, anyStart(random));
  }

  Schedule(RandomGenerator random, Quota quota, long start) {
    this.random = random;
    this.ticker = new ManualTicker(start);
    this.interval = Quotas.intervalNanos(quota);
    this.window = Quotas.windowNanos(quota);
    this.range =
        window > LONGEST_LEAP / MOST_WINDOWS ? LONGEST_LEAP : Math.max(1, window * MOST_WINDOWS);
    this.position = range / 2;
  }

  /** Any long, or one so near the end of the range that the clock soon wraps around. */
  static long anyStart(RandomGenerator random) {
    return random.nextBoolean()
        ? random.nextLong()
        : Long.MAX_VALUE - random.nextLong(1L << random.nextInt(1, 62));
  }

  /** The sum of all forward steps, in nanoseconds. */
  BigInteger forward() {
    return forward;
  }

  /** Moves the clock, and stays within the range in which readings are told apart. */
  void move(long step) {
    long clipped = Math.max(-position, Math.min(range - position, step));
    position += clipped;
    ticker.advanceNanos(clipped);
    if (clipped > 0) {
      forward = forward.add(BigInteger.valueOf(clipped));
    }
  }

  /** A step forward as clocks make them: none, a few nanoseconds, some intervals, some windows. */
  void stepForward() {
    move(
        switch (random.nextInt(6)) {
          case 0 -> 0;
          case 1 -> random.nextLong(4);
          case 2 -> random.nextLong(interval) + 1;
          case 3 -> 2 * random.nextLong(interval) + 1;
          case 4 -> window / 8 + random.nextLong(window) / 4;
          default -> random.nextInt(20) == 0 ? random.nextLong(window) * 2 : 0;
        });
  }

  /** Any step: mostly forward, often back by a little, at times a leap to anywhere. */
  void step() {
    switch (random.nextInt(10)) {
      case 0 -> move(-1 - random.nextLong(3));
      case 1 -> move(-1 - random.nextLong(interval));
      case 2 -> move(-1 - random.nextLong(window) / (1 + random.nextInt(4)));
      case 3 -> {
        if (random.nextInt(12) == 0) {
          move(random.nextLong(range + 1) - position);
        }
      }
      default -> stepForward();
    }
  }
}

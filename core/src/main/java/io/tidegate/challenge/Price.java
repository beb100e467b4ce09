package io.tidegate.challenge;

import java.time.Duration;
import java.util.Objects;

/**
 * What a challenge costs, in digests: more for who owes more, and more for all the harder the
 * service is pressed. A pure function:
 *
 * <pre>{@code
 * floor * (cap / floor)^pressure * (1 + deficit / perDeficit), at least floor, at most cap
 * }</pre>
 *
 * <p>Floor and cap are stated as what a person waits for: the time that the work takes on average
 * on a reference phone, a slow one. A price that stops a botnet must not stop people (Laurie and
 * Clayton, "Proof-of-work proves not to work", 2004), so the cap is for people, and limits do the
 * rest. One step of pressure is a factor, not a sum, so that the price feels alike at both ends.
 *
 * <p>Immutable, and safe for use by many threads. A call costs tens of nanoseconds.
 */
public final class Price {

  private static final long NANOS = 1_000_000_000L;

  private final long floor;
  private final long cap;
  private final double perDeficitSeconds;
  private final long hashesPerSecond;

  private Price(Builder builder, long floor, long cap) {
    this.floor = floor;
    this.cap = cap;
    this.perDeficitSeconds = seconds(builder.perDeficit);
    this.hashesPerSecond = builder.hashesPerSecond;
  }

  /**
   * Starts a builder.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The price of the moment for one client. Grows with both, and never falls with either.
   *
   * @param deficit how long the client would have to wait for its limits; less than nothing counts
   *     as nothing
   * @param pressure how hard the service is pressed, from 0, calm, to 1, flooded; what is out of
   *     range counts as its nearest end, and what is no number as calm
   * @return digests on average, from {@link #leastWork} to what the cap comes to
   */
  public long work(Duration deficit, double pressure) {
    double owed = Math.max(0, seconds(deficit));
    double pressed = pressure > 0 ? Math.min(pressure, 1) : 0; // not a number is not above 0
    double price = floor * Math.pow((double) cap / floor, pressed) * (1 + owed / perDeficitSeconds);
    return Math.min(cap, Math.max(floor, Math.round(price)));
  }

  /**
   * How long some work takes on the reference phone, on average.
   *
   * @param work digests; less than 0 counts as 0
   * @return the time, in whole nanoseconds rounded down
   */
  public Duration timeFor(long work) {
    long digests = Math.max(0, work);
    return Duration.ofSeconds(
        digests / hashesPerSecond, digests % hashesPerSecond * NANOS / hashesPerSecond);
  }

  /**
   * The floor: what a proof must have cost at least, whenever its challenge was issued.
   *
   * @return digests on average
   */
  public long leastWork() {
    return floor;
  }

  /** Not in whole nanoseconds, which the longest durations have too many of. */
  private static double seconds(Duration duration) {
    return duration.getSeconds() + (double) duration.getNano() / NANOS;
  }

  /** Says the floor and the cap. */
  @Override
  public String toString() {
    return "Price[" + floor + " to " + cap + " digests]";
  }

  /** Builds a {@link Price}. Not thread-safe. */
  public static final class Builder {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private Duration floor = Duration.ofMillis(100);
    private Duration cap = Duration.ofSeconds(2);
    private Duration perDeficit = Duration.ofSeconds(10);
    private long hashesPerSecond = 4_000_000;

    private Builder() {}

    /**
     * The least price, as the time on the reference phone; 100 milliseconds if not said.
     *
     * @param floor above 0, at most 5 minutes
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder floor(Duration floor) {
      this.floor = checked("floor", floor);
      return this;
    }

    /**
     * The highest price, as the time on the reference phone; 2 seconds if not said.
     *
     * @param cap above 0, at most 5 minutes
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder cap(Duration cap) {
      this.cap = checked("cap", cap);
      return this;
    }

    private static Duration checked(String name, Duration given) {
      if (given.isNegative() || given.isZero() || given.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            name + ": " + given + " (expected: above PT0S, at most " + LONGEST + ")");
      }
      return given;
    }

    /**
     * How many digests the reference phone makes in a second; 4,000,000 if not said. That is
     * SHA-256 in WebAssembly on a phone of the lower middle class: 3.3 million took 795 ms on a
     * Galaxy A34 and 798 ms on an iPhone SE 2, as the documentation of the challenge system Cap has
     * it; rounded down.
     *
     * @param hashes from 1 to 1,000,000,000
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder hashesPerSecond(long hashes) {
      if (hashes < 1 || hashes > NANOS) {
        throw new IllegalArgumentException(
            "hashesPerSecond: " + hashes + " (expected: 1 to " + NANOS + ")");
      }
      this.hashesPerSecond = hashes;
      return this;
    }

    /**
     * Which deficit doubles the price; 10 seconds if not said.
     *
     * @param deficit above 0
     * @return this builder
     * @throws IllegalArgumentException if not above 0
     */
    public Builder perDeficit(Duration deficit) {
      if (Objects.requireNonNull(deficit, "deficit").isNegative() || deficit.isZero()) {
        throw new IllegalArgumentException("perDeficit: " + deficit + " (expected: above PT0S)");
      }
      this.perDeficit = deficit;
      return this;
    }

    /**
     * Builds it.
     *
     * @return a new price
     * @throws IllegalArgumentException if the cap is below the floor, or the floor is less than one
     *     digest
     */
    public Price build() {
      if (cap.compareTo(floor) < 0) {
        throw new IllegalArgumentException("cap: " + cap + " (expected: at least " + floor + ")");
      }
      long least = digests(floor);
      if (least < 1) {
        throw new IllegalArgumentException(
            "floor: " + floor + " (expected: the time of at least 1 digest)");
      }
      return new Price(this, least, digests(cap));
    }

    private long digests(Duration time) {
      return Math.round(seconds(time) * hashesPerSecond);
    }
  }
}

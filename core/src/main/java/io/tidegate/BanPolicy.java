package io.tidegate;

import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * When refusals of a rule turn into a ban, and for how long.
 *
 * <pre>
 * {@code BanPolicy.after(20, Duration.ofMinutes(1)).banFor(ofMinutes(1), ofMinutes(10), ofHours(1))}
 * </pre>
 *
 * bans whoever was refused 20 times within a minute: for a minute first, for ten if it happens
 * again, then for an hour each time. A clean record is earned by staying out of the box for as long
 * as the longest ban, counted from the end of the last.
 *
 * <p>Immutable.
 */
public final class BanPolicy {

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final Duration LONGEST_WITHIN = Duration.ofDays(366);
  private static final int MOST_REFUSALS = 1_000_000;

  private final Quota strikes;
  private final List<Duration> lengths;

  private BanPolicy(Quota strikes, List<Duration> lengths) {
    this.strikes = strikes;
    this.lengths = lengths;
  }

  /**
   * So many refusals within so long, counted as a {@link io.tidegate.limit.SlidingWindow#counter}.
   * A request counts once, however many of the rule's quotas refuse it.
   *
   * @param refusals how many, from 1 to 1,000,000
   * @param within within how long they fade, from 1 ms to 366 days
   * @return the next step
   * @throws IllegalArgumentException if one is out of its range
   */
  public static Step after(int refusals, Duration within) {
    if (refusals < 1 || refusals > MOST_REFUSALS) {
      throw new IllegalArgumentException(
          "refusals: " + refusals + " (expected: 1 to " + MOST_REFUSALS + ")");
    }
    Objects.requireNonNull(within, "within");
    if (within.compareTo(SHORTEST) < 0 || within.compareTo(LONGEST_WITHIN) > 0) {
      throw new IllegalArgumentException("within: " + within + " (expected: PT0.001S to 366 days)");
    }
    return new Step(Quota.of(refusals, within));
  }

  /** Half a policy, which lacks the lengths of its bans. */
  public static final class Step {
    private final Quota strikes;

    private Step(Quota strikes) {
      this.strikes = strikes;
    }

    /**
     * How long the first ban lasts, the second, and so on; the last length serves for all that
     * follow.
     *
     * @param lengths one or more, each at most 365 days, none shorter than the one before
     * @return the policy
     * @throws IllegalArgumentException if there are none, or one is out of its range
     */
    public BanPolicy banFor(Duration... lengths) {
      if (lengths.length == 0) {
        throw new IllegalArgumentException("lengths: none (expected: at least one)");
      }
      Duration least = SHORTEST;
      for (Duration length : lengths) {
        Objects.requireNonNull(length, "length");
        if (length.compareTo(least) < 0 || length.compareTo(LONGEST) > 0) {
          throw new IllegalArgumentException(
              "lengths: " + Arrays.toString(lengths) + " (expected: rising, PT0.001S to 365 days)");
        }
        least = length;
      }
      return new BanPolicy(strikes, List.of(lengths));
    }
  }

  Quota strikes() {
    return strikes;
  }

  /** How long the ban lasts that comes after so many others. */
  Duration length(int earlier) {
    return lengths.get(Math.min(earlier, lengths.size() - 1));
  }

  /** How long after its end a ban is remembered. */
  Duration memory() {
    return lengths.get(lengths.size() - 1);
  }
}

package io.tidegate.limit;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Objects;

/**
 * How many permits in how long, and how many at once.
 *
 * <p>{@code Quota.perMinute(60)} gives one permit a second on average and, after a pause, up to 60
 * at once. {@link #withBurst} changes the latter: {@code Quota.perMinute(60).withBurst(5)} gives
 * the same rate and never more than 5 at once. In every limiter of this package what is admitted in
 * any time {@code t} is at most {@code burst + permits x t / window}.
 *
 * <p><b>Rounding.</b> A token bucket counts in 1/64 ns. The interval per permit is rounded up to
 * that unit once, so the rate errs low, by less than one unit per interval ({@link #rateError()}):
 * 3 a second errs by less than 5e-11, a billion a second not at all. {@code n} permits cost exactly
 * {@code n} intervals. Other stores may count in other units; they say so.
 *
 * <p>Immutable.
 *
 * @param permits how many permits a window brings, at least 1 and at most one per nanosecond
 * @param window how long a window is, from 1 ns to 366 days
 * @param burst how many permits can be had at once, at least 1; the time that a whole burst takes
 *     to come back, {@code burst x window / permits}, is at most 366 days
 */
public record Quota(long permits, Duration window, long burst) {

  private static final Duration LONGEST = Duration.ofDays(366);

  /**
   * Checks the parts.
   *
   * @param permits how many permits a window brings
   * @param window how long a window is
   * @param burst how many permits can be had at once
   * @throws IllegalArgumentException if a part is out of its range
   */
  public Quota {
    Objects.requireNonNull(window, "window");
    if (window.compareTo(Duration.ofNanos(1)) < 0 || window.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "window: " + window + " (expected: PT0.000000001S to 366 days)");
    }
    if (permits < 1) {
      throw new IllegalArgumentException("permits: " + permits + " (expected: at least 1)");
    }
    if (permits > window.toNanos()) {
      throw new IllegalArgumentException(
          "permits: " + permits + " per " + window + " (expected: at most one per nanosecond)");
    }
    if (burst < 1) {
      throw new IllegalArgumentException("burst: " + burst + " (expected: at least 1)");
    }
    if (comesBackTooLate(permits, window, burst)) {
      throw new IllegalArgumentException(
          "burst: "
              + burst
              + " of "
              + permits
              + " per "
              + window
              + " (expected: a burst that comes back within 366 days)");
    }
  }

  private static boolean comesBackTooLate(long permits, Duration window, long burst) {
    BigInteger burstTime = BigInteger.valueOf(burst).multiply(BigInteger.valueOf(window.toNanos()));
    BigInteger longest =
        BigInteger.valueOf(permits).multiply(BigInteger.valueOf(LONGEST.toNanos()));
    return burstTime.compareTo(longest) > 0;
  }

  /**
   * A quota whose burst is one whole window's worth.
   *
   * @param permits how many permits a window brings
   * @param window how long a window is
   * @return the quota
   * @throws IllegalArgumentException if a part is out of its range
   */
  public static Quota of(long permits, Duration window) {
    return new Quota(permits, window, permits);
  }

  /**
   * So many a second, all of them at once after a pause.
   *
   * @param permits how many permits a second brings
   * @return the quota
   * @throws IllegalArgumentException if out of range
   */
  public static Quota perSecond(long permits) {
    return of(permits, Duration.ofSeconds(1));
  }

  /**
   * So many a minute, all of them at once after a pause.
   *
   * @param permits how many permits a minute brings
   * @return the quota
   * @throws IllegalArgumentException if out of range
   */
  public static Quota perMinute(long permits) {
    return of(permits, Duration.ofMinutes(1));
  }

  /**
   * So many an hour, all of them at once after a pause.
   *
   * @param permits how many permits an hour brings
   * @return the quota
   * @throws IllegalArgumentException if out of range
   */
  public static Quota perHour(long permits) {
    return of(permits, Duration.ofHours(1));
  }

  /**
   * So many a day, all of them at once after a pause.
   *
   * @param permits how many permits a day brings
   * @return the quota
   * @throws IllegalArgumentException if out of range
   */
  public static Quota perDay(long permits) {
    return of(permits, Duration.ofDays(1));
  }

  /**
   * The same rate with another burst.
   *
   * @param burst how many permits can be had at once
   * @return the new quota
   * @throws IllegalArgumentException if out of range
   */
  public Quota withBurst(long burst) {
    return new Quota(permits, window, burst);
  }

  /**
   * By how much the rate of a token bucket errs low, as a share of it: less than 1/64 for the
   * fastest quotas, and less than one in 64 million at a thousand a second.
   *
   * @return the relative error, at least 0
   */
  public double rateError() {
    double exact = (double) Gcra.toUnits(window.toNanos()) / permits;
    double rounded = Gcra.interval(permits, window.toNanos());
    return Math.max(0, 1 - exact / rounded);
  }

  @Override
  public String toString() {
    return permits + " per " + window + (burst == permits ? "" : ", burst " + burst);
  }
}

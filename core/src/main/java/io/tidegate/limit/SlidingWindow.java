package io.tidegate.limit;

import java.util.Objects;

/**
 * Makes sliding windows: at most {@code permits} in the last {@code window}, without the jump at a
 * fixed window's edge.
 *
 * <p>Two kinds, with different promises and prices:
 *
 * <ul>
 *   <li>{@link #counter}: one word of 64 bits, lock-free, up to 1,048,575 permits. It takes the
 *       calls of the last window as evenly spread. In any time {@code t} at most {@code permits +
 *       permits x t / window} are admitted.
 *   <li>{@link #log}: exact, never more than {@code permits} in any {@code window}; eight bytes for
 *       each permit in use, up to 1,000 permits, and a short critical section.
 * </ul>
 *
 * <p>Resolution: 1 ns; for a counter with a window above 73 minutes, the least power of two of
 * nanoseconds that is at least window / 2^42 (32 ns for a day). The quota's burst must equal its
 * permits: a window has no burst of its own.
 */
public final class SlidingWindow {

  private SlidingWindow() {}

  /**
   * A counting window for one subject on the system's clock.
   *
   * @param quota what it allows, at most 1,048,575 permits
   * @return the limiter; 200 bytes
   * @throws IllegalArgumentException if the quota cannot be counted so
   */
  public static RateLimiter counter(Quota quota) {
    return counter(quota, Ticker.system());
  }

  /**
   * A counting window for one subject.
   *
   * @param quota what it allows, at most 1,048,575 permits
   * @param ticker the clock
   * @return the limiter; 200 bytes
   * @throws IllegalArgumentException if the quota cannot be counted so
   */
  public static RateLimiter counter(Quota quota, Ticker ticker) {
    Quota checked = checkCounter(quota);
    long now = Objects.requireNonNull(ticker, "ticker").read();
    WindowCounter limit = new WindowCounter(checked, now);
    return new StateLimiter<>(limit, new Word.Padded(limit.initial(now)), ticker);
  }

  /**
   * An exact window for one subject on the system's clock.
   *
   * @param quota what it allows, at most 1,000 permits
   * @return the limiter; about 100 bytes and 8 more for each permit in use
   * @throws IllegalArgumentException if the quota cannot be logged so
   */
  public static RateLimiter log(Quota quota) {
    return log(quota, Ticker.system());
  }

  /**
   * An exact window for one subject.
   *
   * @param quota what it allows, at most 1,000 permits
   * @param ticker the clock
   * @return the limiter; about 100 bytes and 8 more for each permit in use
   * @throws IllegalArgumentException if the quota cannot be logged so
   */
  public static RateLimiter log(Quota quota, Ticker ticker) {
    WindowLog limit = new WindowLog(checkLog(quota));
    Objects.requireNonNull(ticker, "ticker");
    return new StateLimiter<>(limit, limit.fresh(ticker.read()), ticker);
  }

  /**
   * Counting windows for many subjects, one each.
   *
   * @param quota what each of them is allowed, at most 1,048,575 permits
   * @param funnel how a key is hashed
   * @param <K> what a subject is known by
   * @return a builder of the keyed limiter
   * @throws IllegalArgumentException if the quota cannot be counted so
   */
  public static <K> KeyedRateLimiter.Builder<K> keyedCounter(Quota quota, KeyFunnel<K> funnel) {
    Quota checked = checkCounter(quota);
    return new KeyedRateLimiter.Builder<>(
        funnel, ticker -> new WindowCounter(checked, ticker.read()));
  }

  /**
   * Exact windows for many subjects, one each.
   *
   * @param quota what each of them is allowed, at most 1,000 permits
   * @param funnel how a key is hashed
   * @param <K> what a subject is known by
   * @return a builder of the keyed limiter
   * @throws IllegalArgumentException if the quota cannot be logged so
   */
  public static <K> KeyedRateLimiter.Builder<K> keyedLog(Quota quota, KeyFunnel<K> funnel) {
    WindowLog limit = new WindowLog(checkLog(quota));
    return new KeyedRateLimiter.Builder<>(funnel, ticker -> limit);
  }

  static Quota checkCounter(Quota quota) {
    return check(quota, WindowCounter.MOST_PERMITS, "counter");
  }

  static Quota checkLog(Quota quota) {
    return check(quota, WindowLog.MOST_PERMITS, "log");
  }

  /** States are cut to the window that they were written under. */
  static void checkSameWindow(Quota before, Quota quota) {
    if (!quota.window().equals(before.window())) {
      throw new IllegalArgumentException(
          "window: " + quota.window() + " (expected: " + before.window() + ", as before)");
    }
  }

  private static Quota check(Quota quota, long most, String kind) {
    Objects.requireNonNull(quota, "quota");
    if (quota.burst() != quota.permits()) {
      throw new IllegalArgumentException(
          "burst: " + quota.burst() + " (expected: " + quota.permits() + ", as many as permits)");
    }
    if (quota.permits() > most) {
      throw new IllegalArgumentException(
          "permits: " + quota.permits() + " (expected: at most " + most + " for a " + kind + ")");
    }
    return quota;
  }
}

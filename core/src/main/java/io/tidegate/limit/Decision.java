package io.tidegate.limit;

import java.time.Duration;

/**
 * A limiter's answer in full: whether the call goes on, what is left, and when to come back.
 *
 * <p>Immutable. "Not now" ({@link Outcome#REFUSED}) and "never" ({@link Outcome#NEVER}: more
 * permits than can ever be had at once) are different answers, since only the first is worth a
 * second try.
 *
 * @param outcome what was decided
 * @param remaining how many permits could be had at once right after the decision, at least 0
 * @param retryAfterNanos how long the same call has to wait to be admitted if nobody else calls, in
 *     nanoseconds: 0 if admitted, at least 1 if refused, {@link Long#MAX_VALUE} if never; exact to
 *     the limiter's resolution and rounded up
 * @param resetAfterNanos how long until the limiter is as good as new, in nanoseconds, rounded up
 */
public record Decision(
    Outcome outcome, long remaining, long retryAfterNanos, long resetAfterNanos) {

  /** What a limiter can say. */
  public enum Outcome {
    /** The permits were taken, or, from a peek, could have been. */
    ADMITTED,
    /** Not now; nothing was taken. */
    REFUSED,
    /** More permits than can ever be had at once; nothing was taken and waiting is no use. */
    NEVER
  }

  static Decision never(long remaining, long resetAfterNanos) {
    return new Decision(Outcome.NEVER, remaining, Long.MAX_VALUE, resetAfterNanos);
  }

  /**
   * Whether the call goes on.
   *
   * @return true if admitted
   */
  public boolean admitted() {
    return outcome == Outcome.ADMITTED;
  }

  /**
   * {@link #retryAfterNanos()} as a duration.
   *
   * @return how long to wait
   */
  public Duration retryAfter() {
    return Duration.ofNanos(retryAfterNanos);
  }

  /**
   * {@link #resetAfterNanos()} as a duration.
   *
   * @return how long until the limiter is as good as new
   */
  public Duration resetAfter() {
    return Duration.ofNanos(resetAfterNanos);
  }
}

package io.tidegate.limit;

/**
 * A limit for one subject. Made by {@link TokenBucket} and {@link SlidingWindow}; a {@link
 * KeyedRateLimiter} is one for many.
 *
 * <p>Nothing here waits: each call reads the clock once, decides, and returns. To wait, see {@link
 * WaitingLimiter}. A refused call changes nothing. {@code n} permits equal {@code n} times one.
 *
 * <p>Safe for use by many threads. Lock-free for token buckets and counters; a sliding-window log
 * has a critical section of some tens of nanoseconds. {@code tryAcquire} allocates nothing, {@code
 * decide} and {@code peek} one {@link Decision}. Implementations outside this library must keep the
 * same promises.
 */
public interface RateLimiter {

  /**
   * What the limiter allows.
   *
   * @return the quota
   */
  Quota quota();

  /**
   * Takes permits, all or none.
   *
   * @param permits how many, at least 1
   * @return true if taken
   * @throws IllegalArgumentException if permits is below 1
   */
  boolean tryAcquire(long permits);

  /**
   * Takes one permit.
   *
   * @return true if taken
   */
  default boolean tryAcquire() {
    return tryAcquire(1);
  }

  /**
   * Takes permits, all or none, and says what is left and when to come back.
   *
   * @param permits how many, at least 1
   * @return the decision
   * @throws IllegalArgumentException if permits is below 1
   */
  Decision decide(long permits);

  /**
   * Takes one permit and says what is left and when to come back.
   *
   * @return the decision
   */
  default Decision decide() {
    return decide(1);
  }

  /**
   * Says whether {@link #decide} would admit, and takes nothing. What it says is left, and when the
   * limiter is as good as new, is how things stand before such a call.
   *
   * @param permits how many, at least 1
   * @return the decision that a call at this moment would meet
   * @throws IllegalArgumentException if permits is below 1
   */
  Decision peek(long permits);

  /**
   * Says what {@link #decide()} would, and takes nothing.
   *
   * @return the decision that a call at this moment would meet
   */
  default Decision peek() {
    return peek(1);
  }

  /**
   * Returns permits that were taken and not used. Permits count as long as they would delay
   * anybody; what no longer counts is not returned, and nothing is returned beyond a full quota.
   * Call it at most once for what one call took, and while that still counts; a {@link Reservation}
   * knows when it took what, and may be late.
   *
   * @param permits how many, at least 1
   * @return false if this limiter takes nothing back
   * @throws IllegalArgumentException if permits is below 1
   */
  boolean giveBack(long permits);

  /**
   * Takes an estimate of a cost that is known only afterwards. What was used and what is still open
   * is together at most {@code burst + permits x t / window} since the start, whatever is cancelled
   * when. At one instant a token bucket can give up to twice its burst, if reservations are held
   * and cancelled to that end: see {@link Reservation}.
   *
   * @param estimate how many permits, at least 1
   * @return the reservation, admitted or not; an admitted one should be settled or cancelled
   * @throws IllegalArgumentException if the estimate is below 1
   */
  Reservation reserve(long estimate);
}

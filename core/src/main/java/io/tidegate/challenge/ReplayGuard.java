package io.tidegate.challenge;

/**
 * Knows which proofs have been redeemed. Exact: a claim is {@link Claim#FIRST} once, whoever asks
 * when, until the id has expired.
 *
 * <p>One that throws counts as full: its proofs do not count until it answers again.
 *
 * <p>An implementation must be atomic, safe for use by many threads, and must not block for long.
 * It may be full; then it says so and forgets nothing, since forgetting an id lets its proof be
 * redeemed again.
 */
@FunctionalInterface
public interface ReplayGuard {

  /** The answer to a claim. */
  enum Claim {
    /** Nobody has claimed the id before. */
    FIRST,
    /** Somebody has. */
    AGAIN,
    /** There is no room to remember it; it is not claimed. */
    FULL
  }

  /**
   * Claims an id of 128 random bits, which our own tokens carry.
   *
   * @param high the upper half
   * @param low the lower half
   * @param seconds for how long to remember it from now on, at least; by the guard's own clock, so
   *     that no difference of clocks can make it forget too early
   * @return the answer
   */
  Claim claim(long high, long low, long seconds);

  /**
   * A guard in the memory of this process.
   *
   * @param maxIds how many unexpired ids it holds, from 1 to 100,000,000; 27 bytes each, taken from
   *     the start
   * @return a new guard
   * @throws IllegalArgumentException if out of range
   */
  static ReplayGuard inMemory(int maxIds) {
    return new MemoryReplayGuard(maxIds, java.time.InstantSource.system());
  }
}

package io.tidegate.limit;

import java.util.Objects;
import java.util.function.Function;

/**
 * A limit for each of many subjects. Made by {@link TokenBucket#keyed}, {@link
 * SlidingWindow#keyedCounter} and {@link SlidingWindow#keyedLog}.
 *
 * <p>Memory is bounded: a limiter holds at most the number of keys given to its builder or to
 * {@link #resize} (and a few more for a moment, one per thread), forgets a key soon after it owes
 * nothing, never forgets one that still counts, and answers by {@link WhenFull} for those that it
 * has no room for.
 *
 * <p>Promises and progress per key are those of {@link RateLimiter}. Safe for use by many threads.
 * A call hashes the key, looks it up and decides; the first call of a key and the removal of an old
 * one take a short lock on their part of the map. {@code tryAcquire} allocates at most the 24 bytes
 * of its look-up key, unless it holds a new key.
 *
 * @param <K> what a subject is known by
 */
public interface KeyedRateLimiter<K> {

  /**
   * What each subject is allowed.
   *
   * @return the quota
   */
  Quota quota();

  /**
   * Takes permits for a key, all or none.
   *
   * @param key whom to charge
   * @param permits how many, at least 1
   * @return true if taken
   * @throws IllegalArgumentException if permits is below 1
   */
  boolean tryAcquire(K key, long permits);

  /**
   * Takes one permit for a key.
   *
   * @param key whom to charge
   * @return true if taken
   */
  default boolean tryAcquire(K key) {
    return tryAcquire(key, 1);
  }

  /**
   * Takes permits for a key, all or none, and says what is left and when to come back.
   *
   * @param key whom to charge
   * @param permits how many, at least 1
   * @return the decision
   * @throws IllegalArgumentException if permits is below 1
   */
  Decision decide(K key, long permits);

  /**
   * Takes one permit for a key and says what is left and when to come back.
   *
   * @param key whom to charge
   * @return the decision
   */
  default Decision decide(K key) {
    return decide(key, 1);
  }

  /**
   * Says what {@link #decide} would, and takes nothing.
   *
   * @param key whom to look at
   * @param permits how many, at least 1
   * @return the decision that a call at this moment would meet
   * @throws IllegalArgumentException if permits is below 1
   */
  Decision peek(K key, long permits);

  /**
   * Whether {@link #tryAcquire} would admit; takes nothing. For callers that ask several limits
   * before they charge any of them.
   *
   * @param key whom to look at
   * @param permits how many, at least 1
   * @return true if a call at this moment would be admitted
   * @throws IllegalArgumentException if permits is below 1
   */
  boolean admits(K key, long permits);

  /**
   * Returns permits that a key took and did not use, as {@link RateLimiter#giveBack}. A key that
   * there is no room for gets nothing back so, since others may owe what it shares; a {@link
   * Reservation} knows what it took.
   *
   * @param key whom to return them to
   * @param permits how many, at least 1
   * @return false if this limiter takes nothing back
   * @throws IllegalArgumentException if permits is below 1
   */
  boolean giveBack(K key, long permits);

  /**
   * Takes an estimate of a cost that is known only afterwards. {@link Reservation} says what comes
   * back, and bounds what a key can get by it.
   *
   * @param key whom to charge
   * @param estimate how many permits, at least 1
   * @return the reservation, admitted or not
   * @throws IllegalArgumentException if the estimate is below 1
   */
  Reservation reserve(K key, long estimate);

  /**
   * Forgets what a key owes, but not what it shares with others for want of room. For operators;
   * not a part of a request.
   *
   * @param key whom to forget
   * @return false if this limiter forgets nothing
   */
  boolean reset(K key);

  /**
   * The limit of one key, as a limiter of its own.
   *
   * @param key whom it is for
   * @return a view; it holds the key and no state
   */
  default RateLimiter limiter(K key) {
    return new KeyLimiter<>(this, Objects.requireNonNull(key, "key"));
  }

  /**
   * The same subjects with what they owe, under another quota: for a live change. Both limiters
   * share their state. A debt of more than twice the new quota's longest is cut to that longest; as
   * long as both are used, what one cuts is room for the other, so no bound holds across a change.
   *
   * @param quota what each subject is allowed from now on
   * @return a limiter of the same kind over the same state
   * @throws IllegalArgumentException if the state would mean something else under it: a sliding
   *     window keeps its window
   */
  KeyedRateLimiter<K> withQuota(Quota quota);

  /**
   * Changes how many keys are held at most, from now on: to make room in a flood, without losing
   * what anybody owes. All limiters over the same state change. Where more keys are held already
   * none is dropped for it; new ones wait until others owe nothing.
   *
   * @param maxKeys how many, from 1 to 268,435,456
   * @throws IllegalArgumentException if out of range
   */
  void resize(int maxKeys);

  /**
   * Drops what owes nothing, now rather than with the next new key. For a housekeeping thread;
   * costs time for each key dropped.
   */
  void cleanUp();

  /**
   * How many keys are held.
   *
   * @return a count that may include keys that owe nothing any more
   */
  long keys();

  /**
   * How many decisions were made for keys that there was no room for.
   *
   * @return the count since the limiter was built
   */
  long crowdedOut();

  /**
   * Builds a keyed limiter. Not safe for use by many threads.
   *
   * @param <K> what a subject is known by
   */
  final class Builder<K> {

    private static final int MOST_KEYS = 1 << 28;

    private final KeyFunnel<K> funnel;
    private final Function<Ticker, Limit<?>> limit;
    private int maxKeys = 100_000;
    private WhenFull whenFull = WhenFull.SHARE;
    private Ticker ticker = Ticker.system();

    Builder(KeyFunnel<K> funnel, Function<Ticker, Limit<?>> limit) {
      this.funnel = Objects.requireNonNull(funnel, "funnel");
      this.limit = limit;
    }

    /**
     * How many keys to hold at most; 100,000 if not said. About 200 bytes each. A key is held as
     * long as it owes anything, and at least a second; at most twice as long as it owed after its
     * last calls, and what may go is looked for once in 1.1 seconds. So there should be room for
     * the new keys per second times the seconds that a key's debt lasts.
     *
     * @param maxKeys how many, from 1 to 268,435,456
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder<K> maxKeys(int maxKeys) {
      this.maxKeys = checkMaxKeys(maxKeys);
      return this;
    }

    static int checkMaxKeys(int maxKeys) {
      if (maxKeys < 1 || maxKeys > MOST_KEYS) {
        throw new IllegalArgumentException(
            "maxKeys: " + maxKeys + " (expected: 1 to " + MOST_KEYS + ")");
      }
      return maxKeys;
    }

    /**
     * What to answer for a key that there is no room for; {@link WhenFull#SHARE} if not said.
     *
     * @param whenFull the policy
     * @return this builder
     */
    public Builder<K> whenFull(WhenFull whenFull) {
      this.whenFull = Objects.requireNonNull(whenFull, "whenFull");
      return this;
    }

    /**
     * The clock; the system's if not said.
     *
     * @param ticker the clock
     * @return this builder
     */
    public Builder<K> ticker(Ticker ticker) {
      this.ticker = Objects.requireNonNull(ticker, "ticker");
      return this;
    }

    /**
     * Builds the limiter.
     *
     * @return a new limiter without any key
     */
    public KeyedRateLimiter<K> build() {
      return store();
    }

    StoreLimiter<K, ?> store() {
      return store(limit.apply(ticker));
    }

    private <S> StoreLimiter<K, S> store(Limit<S> limit) {
      return new StoreLimiter<>(
          limit, funnel, KeyedHash.random(), new Store<>(maxKeys, whenFull, ticker));
    }
  }
}

package io.tidegate.limit;

/**
 * A kind of limit with its parameters: what to do with a state, but not whose it is.
 *
 * <p>Parameters live here and state lives in {@code S}, so the same state can be read under another
 * quota, and a single limiter and a keyed store share every line of arithmetic. Callers have
 * checked that {@code permits} is at least 1. {@code now} is the one reading of the clock that the
 * call made; the ticker is read again only when a state lies impossibly far in the future.
 *
 * @param <S> the state of one subject, safe for use by many threads
 */
abstract class Limit<S> {

  /** How many longest debts a debit may leave: a settled cost may go into debt by one more. */
  static final int MOST_DEBTS = 2;

  final Quota quota;

  /** How many permits can be had at once. */
  final long capacity;

  Limit(Quota quota, long capacity) {
    this.quota = quota;
    this.capacity = capacity;
  }

  /** A state that owes nothing. */
  abstract S fresh(long now);

  /** A state that owes what another owes at this moment. */
  abstract S copy(S state);

  /** Takes the permits or none. Allocates nothing; writes nothing if refused. */
  abstract boolean tryAcquire(S state, Ticker ticker, long now, long permits);

  /** As {@link #tryAcquire}, with the answer in full. */
  abstract Decision decide(S state, Ticker ticker, long now, long permits);

  /** What {@link #decide} would say; takes nothing. */
  abstract Decision peek(S state, Ticker ticker, long now, long permits);

  /** Whether {@link #tryAcquire} would admit; takes nothing and allocates nothing. */
  abstract boolean admits(S state, Ticker ticker, long now, long permits);

  /** Returns permits that were taken, as far as they still count; never beyond a fresh state. */
  abstract void giveBack(S state, long now, long permits);

  /** As {@link #giveBack}, for permits that are known to have been taken at a reading. */
  void giveBackTaken(S state, long taken, long now, long permits) {
    giveBack(state, now, permits);
  }

  /** Takes permits whatever the state, into debt if need be; the debt is bounded. */
  abstract void debit(S state, Ticker ticker, long now, long permits);

  /** Nanoseconds until the state equals a fresh one, rounded up; 0 if it does. */
  abstract long untilFresh(S state, long now);

  /**
   * An upper bound of {@link #untilFresh} right after any admission, in nanoseconds; after a debit
   * it is at most {@link #MOST_DEBTS} times as long.
   */
  abstract long longestDebtNanos();

  /**
   * The same kind under another quota, for the same states.
   *
   * @throws IllegalArgumentException if the states would mean something else under it
   */
  abstract Limit<S> withQuota(Quota quota);
}

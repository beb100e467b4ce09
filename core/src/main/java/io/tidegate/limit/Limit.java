package io.tidegate.limit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

  /** Permits were taken. What is above it is for how many nanoseconds to keep the state first. */
  static final long TAKEN = 0;

  /** Permits were not taken: they cannot be had now. */
  static final long REFUSED = -1;

  /** Half the range of a clock, 146 years, so that it compares by subtraction. */
  static final long FOR_GOOD = Long.MAX_VALUE / 2;

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
  final boolean tryAcquire(S state, Ticker ticker, long now, long permits) {
    return tryAcquire(state, ticker, now, permits, now + FOR_GOOD) == TAKEN;
  }

  /**
   * Takes the permits or none, and none if the state would owe anything at a reading up to which it
   * is certain to be kept.
   *
   * @param keptUntil that reading
   * @return {@link #TAKEN}, {@link #REFUSED}, or for how many nanoseconds from now to keep the
   *     state before another try
   */
  abstract long tryAcquire(S state, Ticker ticker, long now, long permits, long keptUntil);

  /** As {@link #tryAcquire}, with the answer in full. */
  final Decision decide(S state, Ticker ticker, long now, long permits) {
    return Objects.requireNonNull(decide(state, ticker, now, permits, now + FOR_GOOD));
  }

  /** As {@link #tryAcquire}, with the answer in full; null if the state is not kept long enough. */
  abstract @Nullable Decision decide(
      S state, Ticker ticker, long now, long permits, long keptUntil);

  /** What {@link #decide} would say; takes nothing. */
  abstract Decision peek(S state, Ticker ticker, long now, long permits);

  /** Whether {@link #tryAcquire} would admit; takes nothing and allocates nothing. */
  abstract boolean admits(S state, Ticker ticker, long now, long permits);

  /** Returns permits that were taken, as far as they still count; never beyond a fresh state. */
  abstract void giveBack(S state, long now, long permits);

  /**
   * As {@link #giveBack}, for permits of one decision, which may have been long ago: returns what
   * of them is not paid off, and nothing that others owe.
   *
   * @param taken the reading that they were taken at
   * @param paidOff the reading at which the state would have been fresh, as was said then
   */
  abstract void giveBackTaken(S state, long taken, long paidOff, long now, long permits);

  /** Takes permits whatever the state, into debt if need be; the debt is bounded. */
  final void debit(S state, Ticker ticker, long now, long permits) {
    debit(state, ticker, now, permits, now + FOR_GOOD);
  }

  /**
   * As {@link #debit}, if the state is kept for as long as it then owes.
   *
   * @return {@link #TAKEN}, or for how many nanoseconds to keep the state before another try
   */
  abstract long debit(S state, Ticker ticker, long now, long permits, long keptUntil);

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

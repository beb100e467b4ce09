package io.tidegate.limit;

import org.jspecify.annotations.Nullable;

/**
 * A limit whose state is one 64-bit word: pure functions below, the compare-and-set loops here.
 *
 * <p>Progress: lock-free. A loop is run again only if another thread changed the word meanwhile.
 */
abstract class WordLimit extends Limit<Word> {

  WordLimit(Quota quota, long capacity) {
    super(quota, capacity);
  }

  // The pure functions. Each takes the state and one reading of the clock.

  /** The word that owes nothing at this time. */
  abstract long initial(long now);

  /** The word after an admission, always another one; or the same word if refused. */
  abstract long charge(long state, long now, long permits);

  /** The word after permits came back; the same word if none of them counts any more. */
  abstract long refund(long state, long now, long permits);

  /** As {@link #refund}, for {@link #giveBackTaken}: cut to what of the permits is not paid off. */
  abstract long refundTaken(long state, long taken, long paidOff, long now, long permits);

  /** The word after an unconditional charge, in bounded debt. */
  abstract long overdraw(long state, long now, long permits);

  /** Whether no sequence of calls under this clock can have led to the state. */
  abstract boolean isImpossible(long state, long now);

  /** The word in full debt, which replaces an impossible one. */
  abstract long fullDebt(long now);

  /** Nanoseconds until {@link #charge} admits, rounded up; only for permits up to the capacity. */
  abstract long waitNanos(long state, long now, long permits);

  /** How many permits could be had at once. */
  abstract long remaining(long state, long now);

  /** Nanoseconds until the state equals {@link #initial}. */
  abstract long untilFresh(long state, long now);

  @Override
  final Word fresh(long now) {
    return new Word(initial(now));
  }

  @Override
  final Word copy(Word word) {
    return new Word(word.get());
  }

  @Override
  final long tryAcquire(Word word, Ticker ticker, long now, long permits, long keptUntil) {
    if (permits > capacity) {
      return REFUSED;
    }
    while (true) {
      long state = word.get();
      long next = charge(state, now, permits);
      if (next == state) {
        if (!isImpossible(state, now)) {
          return REFUSED;
        }
        now = mend(word, state, ticker);
      } else if (outlasts(next, now, keptUntil)) {
        return untilFresh(next, now);
      } else if (word.compareAndSet(state, next)) {
        return TAKEN;
      }
    }
  }

  @Override
  final @Nullable Decision decide(
      Word word, Ticker ticker, long now, long permits, long keptUntil) {
    if (permits > capacity) {
      return never(word.get(), now);
    }
    while (true) {
      long state = word.get();
      long next = charge(state, now, permits);
      if (next == state) {
        if (!isImpossible(state, now)) {
          return refused(state, now, permits);
        }
        now = mend(word, state, ticker);
      } else if (outlasts(next, now, keptUntil)) {
        return null;
      } else if (word.compareAndSet(state, next)) {
        return admitted(next, now);
      }
    }
  }

  /** Whether a state owes anything for longer than it is kept. */
  private boolean outlasts(long state, long now, long keptUntil) {
    long kept = keptUntil - now;
    return kept < FOR_GOOD && untilFresh(state, now) > kept;
  }

  /**
   * Cuts an impossible state to full debt: the one write that a refusal may make. The clock is read
   * again after the state, since a thread that was held up between its own reading and the state's
   * may only be late, and must not cut what a quicker one wrote.
   *
   * @return the new reading
   */
  private long mend(Word word, long state, Ticker ticker) {
    long now = ticker.read();
    if (isImpossible(state, now)) {
      word.compareAndSet(state, fullDebt(now));
    }
    return now;
  }

  @Override
  final Decision peek(Word word, Ticker ticker, long now, long permits) {
    long state = possible(word.get(), now);
    if (permits > capacity) {
      return never(state, now);
    }
    return charge(state, now, permits) == state
        ? refused(state, now, permits)
        : admitted(state, now);
  }

  @Override
  final boolean admits(Word word, Ticker ticker, long now, long permits) {
    long state = word.get();
    if (permits <= capacity && charge(state, now, permits) != state) {
      return true;
    }
    if (isImpossible(state, now)) {
      mend(word, state, ticker);
    }
    return false;
  }

  private Decision admitted(long state, long now) {
    return new Decision(
        Decision.Outcome.ADMITTED, remaining(state, now), 0, untilFresh(state, now));
  }

  private Decision refused(long state, long now, long permits) {
    return new Decision(
        Decision.Outcome.REFUSED,
        remaining(state, now),
        waitNanos(state, now, permits),
        untilFresh(state, now));
  }

  private Decision never(long raw, long now) {
    long state = possible(raw, now);
    return Decision.never(remaining(state, now), untilFresh(state, now));
  }

  private long possible(long state, long now) {
    return isImpossible(state, now) ? fullDebt(now) : state;
  }

  @Override
  final void giveBack(Word word, long now, long permits) {
    while (true) {
      long state = word.get();
      long next = refund(state, now, permits);
      if (next == state || word.compareAndSet(state, next)) {
        return;
      }
    }
  }

  @Override
  final void giveBackTaken(Word word, long taken, long paidOff, long now, long permits) {
    while (true) {
      long state = word.get();
      long next = refundTaken(state, taken, paidOff, now, permits);
      if (next == state || word.compareAndSet(state, next)) {
        return;
      }
    }
  }

  @Override
  final long debit(Word word, Ticker ticker, long now, long permits, long keptUntil) {
    while (true) {
      long state = word.get();
      if (isImpossible(state, now)) {
        now = mend(word, state, ticker);
        continue;
      }
      long next = overdraw(state, now, permits);
      if (outlasts(next, now, keptUntil)) {
        return untilFresh(next, now);
      }
      if (next == state || word.compareAndSet(state, next)) {
        return TAKEN;
      }
    }
  }

  @Override
  final long untilFresh(Word word, long now) {
    return untilFresh(possible(word.get(), now), now);
  }
}

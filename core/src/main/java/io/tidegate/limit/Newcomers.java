package io.tidegate.limit;

import org.jspecify.annotations.Nullable;

/**
 * Decides for keys that have no entry in a {@link Store}.
 *
 * <p>A key that there is room for gets an entry. One that there is no room for is charged, by
 * {@link WhenFull#SHARE}, to a state that it shares with others, and when there is room again its
 * entry begins with all that this state owes, whoever owes it. So what a key owes is never more
 * than what is owed where it is looked up, and a shared state is charged only while there is no
 * room: once there is, it is paid off within one longest debt, however many keys come.
 *
 * <p>Both happen under the lock that all keys of one shared state have in common, after another
 * look for an entry: else a key that is charged to the shared state could at the same time get an
 * entry that knows nothing of it.
 */
final class Newcomers<S> {

  private final Limit<S> limit;
  private final Store<S> store;
  private final Ticker ticker;

  Newcomers(Limit<S> limit, Store<S> store) {
    this.limit = limit;
    this.store = store;
    this.ticker = store.ticker;
  }

  /** Whether {@link #decide} would admit; takes nothing and allocates nothing. */
  boolean admits(Long hash, long now, long permits) {
    if (permits > limit.capacity) {
      return false;
    }
    S shared = store.sharedIfAny(hash);
    return shared == null
        ? store.whenFull != WhenFull.REFUSE || store.hasRoom(now)
        : limit.admits(shared, ticker, now, permits);
  }

  /** Refuses what {@link #decide} would, at less cost: for floods. */
  boolean refuses(Long hash, long now, long permits) {
    boolean refused = !admits(hash, now, permits);
    if (refused && permits <= limit.capacity) {
      store.countCrowdedOut();
    }
    return refused;
  }

  /**
   * Decides for a key without an entry.
   *
   * @param charged takes the state that was charged, if the caller wants to know; the reading is
   *     its last
   * @return null if the key has an entry by now
   */
  @Nullable Decision decide(Long hash, long now, long permits, @Nullable Charged<S> charged) {
    if (permits > limit.capacity) {
      return peek(hash, now, permits);
    }
    synchronized (store.lock(hash)) {
      if (store.find(hash) != null) {
        return null;
      }
      S owing = owing(hash, now);
      if (store.makeRoom(hash, now)
          && (owing == null || limit.admits(owing, ticker, now, permits))) {
        S state = entryState(owing, now);
        Decision decision = charge(state, now, permits, charged);
        return !decision.admitted() || publish(hash, state, now) ? decision : null;
      }
      store.countCrowdedOut();
      return store.whenFull == WhenFull.SHARE
          ? charge(store.shared(hash, limit::fresh, now), now, permits, charged)
          : withoutRoom(now, permits);
    }
  }

  private Decision charge(S state, long now, long permits, @Nullable Charged<S> charged) {
    if (charged == null) {
      return limit.decide(state, ticker, now, permits);
    }
    charged.state = state;
    return limit.decide(state, charged, now, permits);
  }

  /** What {@link #decide} would say; takes nothing. */
  Decision peek(Long hash, long now, long permits) {
    S owing = owing(hash, now);
    if (owing != null) {
      return limit.peek(owing, ticker, now, permits);
    }
    return permits > limit.capacity || store.whenFull != WhenFull.REFUSE || store.hasRoom(now)
        ? limit.peek(limit.fresh(now), ticker, now, permits)
        : withoutRoom(now, permits);
  }

  /**
   * Takes permits whatever is owed.
   *
   * @return false if the key has an entry by now
   */
  boolean debit(Long hash, long now, long permits) {
    synchronized (store.lock(hash)) {
      if (store.find(hash) != null) {
        return false;
      }
      if (store.makeRoom(hash, now)) {
        S state = entryState(owing(hash, now), now);
        limit.debit(state, ticker, now, permits);
        return publish(hash, state, now);
      }
      if (store.whenFull == WhenFull.SHARE) {
        limit.debit(store.shared(hash, limit::fresh, now), ticker, now, permits);
      }
      return true;
    }
  }

  private boolean publish(Long hash, S state, long now) {
    return store.publish(hash, state, limit.untilFresh(state, now), now);
  }

  private S entryState(@Nullable S owing, long now) {
    return owing == null ? limit.fresh(now) : limit.copy(owing);
  }

  /** The state that a key shares; null if it owes nothing. */
  private @Nullable S owing(Long hash, long now) {
    S shared = store.sharedIfAny(hash);
    return shared == null || limit.untilFresh(shared, now) == 0 ? null : shared;
  }

  /** What a key is told that is neither kept nor shared. */
  private Decision withoutRoom(long now, long permits) {
    Decision admitted = limit.decide(limit.fresh(now), ticker, now, permits);
    if (store.whenFull == WhenFull.ADMIT) {
      return admitted;
    }
    long wait = admitted.resetAfterNanos();
    return new Decision(Decision.Outcome.REFUSED, 0, wait, wait);
  }
}

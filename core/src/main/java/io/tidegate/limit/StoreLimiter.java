package io.tidegate.limit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A limit over a {@link Store} of states.
 *
 * <p><b>Why no key gets more than its quota.</b> A key's charges stand in its entry, or, while
 * there is no room for it, in a state that it shares with others.
 *
 * <ol>
 *   <li>An entry is published already charged, and kept at least until that charge is paid off. A
 *       later charge is made only if it, too, is paid off before the entry's deadline; else the
 *       deadline is moved first, and the charge tried again. So an entry goes only when it equals a
 *       fresh one, and it goes soon after.
 *   <li>A key is charged to a shared state only while it has no entry, and an entry begins with
 *       what the shared state owes: see {@link Newcomers}.
 *   <li>What a reservation gives back goes to the very state that it was taken from; what comes
 *       back otherwise goes to the key's entry only, since a shared state may owe it to others.
 * </ol>
 */
final class StoreLimiter<K, S> implements KeyedRateLimiter<K> {

  private final Limit<S> limit;
  private final KeyFunnel<K> funnel;
  private final KeyedHash hash;
  private final Store<S> store;
  private final Ticker ticker;
  private final Newcomers<S> newcomers;

  StoreLimiter(Limit<S> limit, KeyFunnel<K> funnel, KeyedHash hash, Store<S> store) {
    this.limit = limit;
    this.funnel = funnel;
    this.hash = hash;
    this.store = store;
    this.ticker = store.ticker;
    this.newcomers = new Newcomers<>(limit, store);
  }

  @Override
  public Quota quota() {
    return limit.quota;
  }

  private Long hash(K key) {
    Objects.requireNonNull(key, "key");
    // What is hashed already is boxed already; a new box would be all that a decision allocates.
    return funnel == Hashed.FUNNEL ? (Long) key : (Long) funnel.hash(key, hash);
  }

  @Override
  public boolean tryAcquire(K key, long permits) {
    Permits.check("permits", permits);
    Long hash = hash(key);
    while (true) {
      long now = ticker.read();
      Store.Entry<S> entry = store.find(hash);
      if (entry == null) {
        if (newcomers.refuses(hash, now, permits)) {
          return false;
        }
        Decision decision = newcomers.decide(hash, now, permits, null);
        if (decision != null) {
          return decision.admitted();
        }
      } else {
        long kept = store.keptUntil(entry, now);
        long needed = limit.tryAcquire(entry.state, ticker, now, permits, kept);
        if (needed <= Limit.TAKEN) {
          return needed == Limit.TAKEN;
        }
        store.keep(hash, entry, withSlack(needed, limit.longestDebtNanos()), now);
      }
    }
  }

  @Override
  public Decision decide(K key, long permits) {
    Permits.check("permits", permits);
    return decide(hash(key), permits, null);
  }

  private Decision decide(Long hash, long permits, @Nullable Charged<S> charged) {
    Ticker clock = charged == null ? ticker : charged;
    while (true) {
      long now = clock.read();
      Store.Entry<S> entry = store.find(hash);
      if (entry == null) {
        Decision decision = newcomers.decide(hash, now, permits, charged);
        if (decision != null) {
          return decision;
        }
      } else {
        long kept = store.keptUntil(entry, now);
        Decision decision = limit.decide(entry.state, clock, now, permits, kept);
        if (decision != null) {
          if (charged != null) {
            charged.state = entry.state;
          }
          return decision;
        }
        keepFor(hash, entry, permits, now);
      }
    }
  }

  /** Has an entry kept for what it would owe after a charge. */
  private void keepFor(Long hash, Store.Entry<S> entry, long permits, long now) {
    // Kept until now, it is kept for too short whatever the charge, so nothing is taken.
    long needed = limit.tryAcquire(entry.state, ticker, now, permits, now);
    if (needed > 0) {
      store.keep(hash, entry, withSlack(needed, limit.longestDebtNanos()), now);
    }
  }

  @Override
  public Decision peek(K key, long permits) {
    Permits.check("permits", permits);
    Long hash = hash(key);
    long now = ticker.read();
    Store.Entry<S> entry = store.find(hash);
    return entry == null
        ? newcomers.peek(hash, now, permits)
        : limit.peek(entry.state, ticker, now, permits);
  }

  @Override
  public boolean admits(K key, long permits) {
    Permits.check("permits", permits);
    Long hash = hash(key);
    long now = ticker.read();
    Store.Entry<S> entry = store.find(hash);
    return entry == null
        ? newcomers.admits(hash, now, permits)
        : limit.admits(entry.state, ticker, now, permits);
  }

  @Override
  public boolean giveBack(K key, long permits) {
    Permits.check("permits", permits);
    Store.Entry<S> entry = store.find(hash(key));
    if (entry != null) {
      limit.giveBack(entry.state, ticker.read(), permits);
    }
    return true;
  }

  @Override
  public Reservation reserve(K key, long estimate) {
    Permits.check("estimate", estimate);
    Long hash = hash(key);
    Charged<S> charged = new Charged<>(ticker);
    Decision decision = decide(hash, estimate, charged);
    return new Reservation(decision, estimate) {
      @Override
      protected void giveBack(long permits) {
        charged.giveBack(limit, decision, permits);
      }

      @Override
      protected void debit(long permits) {
        debitHash(hash, permits);
      }
    };
  }

  /** Takes permits whatever the key owes, into debt by at most one more burst. */
  void debit(K key, long permits) {
    debitHash(hash(key), permits);
  }

  private void debitHash(Long hash, long permits) {
    long longest = Limit.MOST_DEBTS * limit.longestDebtNanos();
    while (true) {
      long now = ticker.read();
      Store.Entry<S> entry = store.find(hash);
      if (entry == null) {
        if (newcomers.debit(hash, now, permits)) {
          return;
        }
      } else {
        long kept = store.keptUntil(entry, now);
        long needed = limit.debit(entry.state, ticker, now, permits, kept);
        if (needed == Limit.TAKEN) {
          return;
        }
        store.keep(hash, entry, withSlack(needed, longest), now);
      }
    }
  }

  @Override
  public boolean reset(K key) {
    store.remove(hash(key));
    return true;
  }

  @Override
  public KeyedRateLimiter<K> withQuota(Quota quota) {
    Objects.requireNonNull(quota, "quota");
    return new StoreLimiter<>(limit.withQuota(quota), funnel, hash, store);
  }

  @Override
  public void resize(int maxKeys) {
    store.resize(Builder.checkMaxKeys(maxKeys));
  }

  @Override
  public void cleanUp() {
    store.cleanUp(ticker.read());
  }

  @Override
  public long keys() {
    return store.keys();
  }

  @Override
  public long crowdedOut() {
    return store.crowdedOut();
  }

  @Override
  public String toString() {
    return "KeyedRateLimiter[" + limit.quota + ", " + keys() + " keys]";
  }

  /**
   * Twice what is needed, so that a busy key's deadline is moved only now and then; but no more
   * than a quarter beyond the longest debt.
   */
  private static long withSlack(long needed, long longest) {
    return Math.max(needed, Math.min(2 * needed, longest + (longest >> 2)));
  }
}

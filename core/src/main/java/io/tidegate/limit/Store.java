package io.tidegate.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.Policy.VarExpiration;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A bounded map from hashed keys to states, which drops a state only when it equals a fresh one.
 *
 * <p>Caffeine does the expiring. Each entry has a deadline, the time up to which it is certain to
 * be kept, and no charge is made that is not paid off by then: the deadline is moved first. It
 * follows what an entry owes, so one that owes nothing soon makes room. Size is not left to
 * Caffeine, whose eviction may pick any entry: the store counts, and turns newcomers away by {@link
 * WhenFull}. Caffeine looks for what to drop once in 1.07 seconds of its clock, so an entry may
 * stay for that much longer than it has to.
 *
 * <p>Deadlines and Caffeine itself go by the {@link StoreClock}, which look-ups do not move.
 */
final class Store<S> {

  private static final int SHARED_STATES = 1_024;
  private static final int LOCKS = 64;
  private static final long CLEAN_UP_GAP_NANOS = 1_000_000;

  /**
   * How long any entry is kept, at least. Caffeine drops nothing sooner anyway, and a key that
   * calls once in a while would otherwise have an entry made for each call.
   */
  private static final long LEAST_KEPT_NANOS = 1_000_000_000;

  final Ticker ticker;
  final WhenFull whenFull;

  private volatile int maxKeys;
  private final StoreClock clock;
  private final Cache<Long, Entry<S>> cache;
  private final Policy<Long, Entry<S>> policy;
  private final VarExpiration<Long, Entry<S>> expiration;
  private final LongAdder crowdedOut = new LongAdder();
  private final AtomicLong lastCleanUp = new AtomicLong(-CLEAN_UP_GAP_NANOS);
  private final Object[] locks = new Object[LOCKS];

  /** Made with the first newcomer that there is no room for. */
  private volatile @Nullable AtomicReferenceArray<S> shared;

  Store(int maxKeys, WhenFull whenFull, Ticker ticker) {
    this.maxKeys = maxKeys;
    this.whenFull = whenFull;
    this.ticker = ticker;
    this.clock = new StoreClock(ticker);
    Arrays.setAll(locks, i -> new Object());
    this.cache =
        Caffeine.newBuilder()
            .expireAfter(Expiry.<Long, Entry<S>>creating((hash, entry) -> Duration.ZERO))
            .ticker(clock::latest)
            .executor(Runnable::run)
            .build();
    this.policy = cache.policy();
    this.expiration = policy.expireVariably().orElseThrow();
  }

  /** A state and the store's time up to which it is certain to be kept. */
  static final class Entry<S> {
    final S state;
    private volatile long deadline;

    Entry(S state, long deadline) {
      this.state = state;
      this.deadline = deadline;
    }
  }

  /** The entry of a key. Quietly: a look-up moves no deadline, so Caffeine need not hear of it. */
  @Nullable Entry<S> find(Long hash) {
    return policy.getIfPresentQuietly(hash);
  }

  /**
   * The reading up to which an entry that was found is certain to be kept; not beyond this one if
   * the clock has leapt back, until {@link #keep} has looked into it.
   */
  long keptUntil(Entry<S> entry, long now) {
    long time = clock.timeOf(now);
    return clock.isLeapBack(time) ? now : now + (entry.deadline - time);
  }

  /**
   * Moves an entry's deadline, if the store still holds it; look it up again afterwards. Under the
   * lock no other entry of this key can take its place, whose deadline would be moved instead.
   */
  void keep(Long hash, Entry<S> entry, long nanos, long now) {
    long keep = Math.max(LEAST_KEPT_NANOS, nanos);
    synchronized (lock(hash)) {
      long deadline = clock.raise(now) + keep;
      // What others wait for less long must not shorten: settled costs, an older and longer quota.
      if (deadline - entry.deadline > 0 && find(hash) == entry) {
        expiration.setExpiresAfter(hash, Duration.ofNanos(keep));
        if (find(hash) == entry) {
          entry.deadline = deadline;
        }
      }
    }
  }

  /**
   * Publishes a state that is already charged, and keeps it for at least so long. The caller holds
   * the key's lock.
   *
   * @return false if the key has an entry
   */
  boolean publish(Long hash, S state, long nanos, long now) {
    long keep = Math.max(LEAST_KEPT_NANOS, nanos);
    Entry<S> entry = new Entry<>(state, clock.raise(now) + keep);
    return expiration.putIfAbsent(hash, entry, Duration.ofNanos(keep)) == null;
  }

  /**
   * What to hold while a key without an entry gets one, or is charged elsewhere. Keys that share a
   * state share a lock.
   */
  Object lock(Long hash) {
    return locks[(int) (hash & LOCKS - 1)];
  }

  boolean hasRoom(long now) {
    if (cache.estimatedSize() < maxKeys) {
      return true;
    }
    long time = clock.timeOf(now);
    long last = lastCleanUp.get();
    if (Math.abs(time - last) >= CLEAN_UP_GAP_NANOS && lastCleanUp.compareAndSet(last, time)) {
      clock.raise(now);
      cache.cleanUp();
    }
    return cache.estimatedSize() < maxKeys;
  }

  /**
   * Whether a key may get an entry. The caller holds the key's lock and has found no entry, so one
   * that is still in the way is over, and is dropped. Not where newcomers are refused: a flood of
   * refusals must not cost that much.
   */
  boolean makeRoom(Long hash, long now) {
    if (hasRoom(now)) {
      return true;
    }
    if (whenFull != WhenFull.REFUSE) {
      cache.invalidate(hash);
    }
    return cache.estimatedSize() < maxKeys;
  }

  /** The state that a key without room shares; null if none was ever needed. */
  @Nullable S sharedIfAny(Long hash) {
    AtomicReferenceArray<S> states = shared;
    return states == null ? null : states.get(index(hash));
  }

  /** The state that a key without room shares, made if need be. The caller holds its lock. */
  S shared(Long hash, LongFunction<S> fresh, long now) {
    AtomicReferenceArray<S> states = shared;
    if (states == null) {
      synchronized (this) {
        states = shared;
        if (states == null) {
          states = new AtomicReferenceArray<>(SHARED_STATES);
          shared = states;
        }
      }
    }
    S state = states.get(index(hash));
    if (state == null) {
      state = fresh.apply(now);
      states.set(index(hash), state);
    }
    return state;
  }

  private static int index(Long hash) {
    return (int) (hash & SHARED_STATES - 1);
  }

  void resize(int maxKeys) {
    this.maxKeys = maxKeys;
  }

  void remove(Long hash) {
    cache.invalidate(hash);
  }

  /** Drops all that may be dropped. One run of Caffeine's ends after a thousand or so. */
  void cleanUp(long now) {
    clock.raise(now);
    long before;
    do {
      before = cache.estimatedSize();
      cache.cleanUp();
    } while (cache.estimatedSize() < before);
  }

  long keys() {
    return cache.estimatedSize();
  }

  void countCrowdedOut() {
    crowdedOut.increment();
  }

  long crowdedOut() {
    return crowdedOut.sum();
  }
}

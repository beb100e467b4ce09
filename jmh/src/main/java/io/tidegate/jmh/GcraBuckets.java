package io.tidegate.jmh;

import com.github.benmanes.caffeine.cache.Cache;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What many write for themselves: a theoretical arrival time for each key in an {@link AtomicLong}.
 * Nothing can do with less that keeps an object for a key.
 */
abstract class GcraBuckets implements Buckets {

  private final long interval;
  private final long tolerance;

  private GcraBuckets(Terms terms) {
    this.interval = terms.nanos();
    this.tolerance = terms.nanos() * terms.burst();
  }

  static AtomicLong newState(String key) {
    return new AtomicLong(Long.MIN_VALUE);
  }

  final boolean tryAcquire(AtomicLong state, long permits) {
    long now = System.nanoTime();
    while (true) {
      long arrival = state.get();
      long next = Math.max(arrival, now) + permits * interval;
      if (next - now > tolerance) {
        return false;
      }
      if (state.compareAndSet(arrival, next)) {
        return true;
      }
    }
  }

  /** In a cache. */
  static final class InCaffeine extends GcraBuckets {
    private final Cache<String, AtomicLong> states;

    InCaffeine(int keys, Terms terms, Forget forget) {
      super(terms);
      this.states = Caches.of(keys, forget);
    }

    @Override
    public boolean tryAcquire(String key, long permits) {
      return tryAcquire(states.get(key, GcraBuckets::newState), permits);
    }

    @Override
    public long size() {
      return Caches.size(states);
    }
  }

  /** In a map that forgets nothing. */
  static final class InMap extends GcraBuckets {
    private final ConcurrentHashMap<String, AtomicLong> states = new ConcurrentHashMap<>();

    InMap(Terms terms) {
      super(terms);
    }

    @Override
    public boolean tryAcquire(String key, long permits) {
      AtomicLong state = states.get(key); // computeIfAbsent alone may lock for a key that is there
      if (state == null) {
        state = states.computeIfAbsent(key, GcraBuckets::newState);
      }
      return tryAcquire(state, permits);
    }

    @Override
    public long size() {
      return states.mappingCount();
    }
  }
}

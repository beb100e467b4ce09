package io.tidegate.redis;

import io.tidegate.limit.Ticker;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one name on this node. A lease is kept while it knows of anything that is owed, so
 * that a flood of new clients makes nobody's debt forgotten. Clients for whom there is no room
 * share some leases, here and on the server.
 */
final class LeaseTable {

  private static final int SHARED = 256;
  private static final int LOOKED_AT_FOR_EACH_NEW = 4;
  private static final int LOOKED_AT_WHEN_FULL = 64;

  private final ConcurrentMap<Long, Lease> leases = new ConcurrentHashMap<>();
  private final AtomicReferenceArray<@Nullable Lease> shared = new AtomicReferenceArray<>(SHARED);
  private final Function<String, String> serverKeys;
  private final Ticker ticker;
  private final LongAdder crowdedOut = new LongAdder();
  private final ReentrantLock sweeping = new ReentrantLock();
  private Iterator<Map.Entry<Long, Lease>> next = Collections.emptyIterator();
  private volatile int maxKeys;

  /**
   * Makes an empty table.
   *
   * @param serverKeys gives the key on the server of a name
   */
  LeaseTable(Function<String, String> serverKeys, int maxKeys, Ticker ticker) {
    this.serverKeys = serverKeys;
    this.maxKeys = maxKeys;
    this.ticker = ticker;
  }

  @Nullable Lease find(Long hash) {
    return leases.get(hash);
  }

  /** The lease that a call would use, if there is one. */
  @Nullable Lease look(Long hash) {
    Lease known = leases.get(hash);
    return known == null && leases.size() >= maxKeys ? shared.get(place(hash)) : known;
  }

  /** The lease of a client who may be new. */
  Lease get(Long hash) {
    Lease known = leases.get(hash);
    return known == null ? add(hash) : known;
  }

  private Lease add(Long hash) {
    long now = ticker.read();
    boolean full = leases.size() >= maxKeys;
    sweep(full ? LOOKED_AT_WHEN_FULL : LOOKED_AT_FOR_EACH_NEW, now);
    if (full && leases.size() >= maxKeys) {
      crowdedOut.increment();
      return shared(place(hash), now);
    }
    return leases.computeIfAbsent(hash, key -> new Lease(serverKey(key), now));
  }

  private static int place(long hash) {
    return (int) (hash & SHARED - 1);
  }

  private Lease shared(int i, long now) {
    Lease known = shared.get(i);
    if (known != null) {
      return known;
    }
    shared.compareAndSet(i, null, new Lease(serverKeys.apply("crowd-" + i), now));
    return shared(i, now);
  }

  /** The key on the server of a client. */
  String serverKey(long hash) {
    return serverKeys.apply(Long.toHexString(hash));
  }

  private void sweep(int most, long now) {
    if (!sweeping.tryLock()) {
      return;
    }
    try {
      for (int i = 0; i < most; i++) {
        if (!next.hasNext()) {
          next = leases.entrySet().iterator();
          if (!next.hasNext()) {
            return;
          }
        }
        Map.Entry<Long, Lease> entry = next.next();
        if (entry.getValue().retire(now)) {
          bury(entry.getKey(), entry.getValue()); // not what may have taken its place by now
        }
      }
    } finally {
      sweeping.unlock();
    }
  }

  /** Drops all that equals new ones. */
  void cleanUp() {
    long now = ticker.read();
    leases.values().removeIf(lease -> lease.retire(now));
  }

  /** Forgets a client. */
  void remove(Long hash) {
    Lease known = leases.remove(hash);
    if (known != null) {
      known.kill();
    }
  }

  /** Takes a lease out that was found dead. */
  void bury(Long hash, Lease dead) {
    leases.remove(hash, dead);
  }

  void resize(int maxKeys) {
    this.maxKeys = maxKeys;
  }

  long keys() {
    return leases.size();
  }

  long crowdedOut() {
    return crowdedOut.sum();
  }
}

package io.tidegate;

import io.tidegate.client.ClientKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who is refused most, in fixed space.
 *
 * <p>Space-Saving: of a stream of any length it keeps some counters. A key that has none takes over
 * the least, count and all, so every key with more than {@code total / counters} is kept, and each
 * count is too high by at most what it took over. It sees one refusal in 64, and none while another
 * thread holds the lock, so that no refusal ever waits for a report.
 *
 * <p>Source: Metwally, Agrawal and El Abbadi, "Efficient computation of frequent and top-k elements
 * in data streams" (2005).
 */
final class Offenders {

  private static final int COUNTERS = 128;
  private static final int SAMPLED = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, Counter> counters = new HashMap<>();

  private static final class Counter {
    final ClientKey key;
    final long error;
    long count;

    Counter(ClientKey key, long error) {
      this.key = key;
      this.error = error;
      this.count = error;
    }
  }

  /** Whether to report this refusal. */
  static boolean isSampled() {
    return ThreadLocalRandom.current().nextInt(SAMPLED) == 0;
  }

  void add(Long hash, ClientKey key) {
    if (!lock.tryLock()) {
      return;
    }
    try {
      Counter counter = counters.get(hash);
      if (counter == null) {
        counter = new Counter(key, counters.size() < COUNTERS ? 0 : removeLeast());
        counters.put(hash, counter);
      }
      counter.count += SAMPLED;
    } finally {
      lock.unlock();
    }
  }

  private long removeLeast() {
    Map.Entry<Long, Counter> least = null;
    for (Map.Entry<Long, Counter> entry : counters.entrySet()) {
      if (least == null || entry.getValue().count < least.getValue().count) {
        least = entry;
      }
    }
    if (least == null) {
      return 0;
    }
    counters.remove(least.getKey());
    return least.getValue().count;
  }

  List<GateStatus.Offender> heaviest() {
    List<GateStatus.Offender> found = new ArrayList<>();
    lock.lock();
    try {
      for (Counter counter : counters.values()) {
        found.add(new GateStatus.Offender(counter.key.label(), counter.count, counter.error));
      }
    } finally {
      lock.unlock();
    }
    found.sort(Comparator.comparingLong(GateStatus.Offender::refusals).reversed());
    return found;
  }
}

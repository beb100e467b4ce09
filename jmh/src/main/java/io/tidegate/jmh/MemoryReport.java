package io.tidegate.jmh;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/**
 * What a key costs in memory: what is in use after a collection, with a million keys and without.
 * All that is held counts, the text of the keys included.
 *
 * <pre>{@code java -cp jmh/target/benchmarks.jar io.tidegate.jmh.MemoryReport}</pre>
 */
public final class MemoryReport {

  private static final int KEYS = 1_000_000;
  private static final Buckets.Terms TERMS = new Buckets.Terms(1_000_000, 1_000_000_000);
  private static final int COLLECTIONS = 4;

  /**
   * What a key costs.
   *
   * @param name the limiter's
   * @param heap bytes in the heap
   * @param direct bytes in buffers outside of it
   * @param holdsKeys whether that is with the text of the key
   */
  record Line(String name, double heap, double direct, boolean holdsKeys) {}

  private record Use(long heap, long direct) {}

  private MemoryReport() {}

  /**
   * Measures and prints a table.
   *
   * @param args none
   */
  public static void main(String[] args) {
    LoadedServer.print("%-18s %10s %10s   %s%n", "bytes per key", "heap", "direct", "key's text");
    for (Line line : measure()) {
      LoadedServer.print(
          "%-18s %10.1f %10.1f   %s%n",
          line.name, line.heap, line.direct, line.holdsKeys ? "held" : "not held");
    }
  }

  static List<Line> measure() {
    List<Line> lines = new ArrayList<>();
    for (String name : Buckets.NAMES) {
      measure(name, KEYS / 1_000); // loads what it needs
      lines.add(measure(name, KEYS));
    }
    return lines;
  }

  private static Line measure(String name, int keys) {
    Use before = use();
    Buckets buckets = Buckets.of(name, keys, TERMS, Buckets.Forget.UNUSED);
    for (int i = 0; i < keys; i++) {
      buckets.tryAcquire(Addresses.text(Addresses.spread(i)), 1);
    }
    buckets.size(); // lets a cache finish what it has put off
    Use after;
    try {
      after = use();
    } finally {
      Reference.reachabilityFence(buckets);
    }
    return new Line(
        name,
        (double) (after.heap - before.heap) / keys,
        (double) (after.direct - before.direct) / keys,
        !name.equals("tidegate"));
  }

  private static Use use() {
    long heap = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      heap = Math.min(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    long direct = 0;
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      direct += pool.getMemoryUsed();
    }
    return new Use(heap, direct);
  }
}

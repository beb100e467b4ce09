package io.tidegate.jmh;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A token bucket for each of many keys, in one of the ways that are compared. A process that
 * measures calls one way only, so calls through this interface are inlined.
 */
interface Buckets {

  /** The ways, by the names of the methods that measure them. */
  List<String> NAMES =
      List.of("tidegate", "bucket4jCaffeine", "bucket4jMap", "gcraCaffeine", "gcraMap");

  /** How a bucket is forgotten. */
  enum Forget {
    /** Some time after its last use. */
    UNUSED,
    /** When there are too many; which one is the cache's choice. */
    SURPLUS
  }

  /**
   * What each key is allowed.
   *
   * @param burst how many permits at once
   * @param nanos how long one permit takes to come back
   */
  record Terms(long burst, long nanos) {

    Duration interval() {
      return Duration.ofNanos(nanos);
    }
  }

  /** Takes permits, all or none. */
  boolean tryAcquire(String key, long permits);

  /** How many keys are held. */
  long size();

  /**
   * Makes empty ones.
   *
   * @param name one of {@link #NAMES}, or a floor
   * @param keys how many keys there will be
   * @param forget how caches forget; the others do not
   */
  static Buckets of(String name, int keys, Terms terms, Forget forget) {
    checkHeap(name, keys);
    return switch (name) {
      case "tidegate" -> new TableBuckets(keys, terms);
      case "bucket4jCaffeine" -> new Bucket4jBuckets.InCaffeine(keys, terms, forget);
      case "bucket4jMap" -> new Bucket4jBuckets.InMap(terms);
      case "gcraCaffeine" -> new GcraBuckets.InCaffeine(keys, terms, forget);
      case "gcraMap" -> new GcraBuckets.InMap(terms);
      case "floor", "floorBare" -> new FloorLines(keys, terms);
      default -> throw new IllegalArgumentException("name: " + name + " (expected: a peer)");
    };
  }

  private static void checkHeap(String name, int keys) {
    long needed = ((keys * bytesPerKey(name)) >> 20) * 4 / 3;
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    if (needed > heap) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "skipped: %s with %,d keys in a heap of %,d MiB (expected: -Xmx%dm or more)",
              name,
              keys,
              heap,
              needed));
    }
  }

  /** Roughly. */
  private static long bytesPerKey(String name) {
    if (name.startsWith("bucket4j")) {
      return 450;
    }
    return name.startsWith("gcra") ? 220 : 32;
  }
}

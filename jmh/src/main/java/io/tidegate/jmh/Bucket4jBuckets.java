package io.tidegate.jmh;

import com.github.benmanes.caffeine.cache.Cache;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BandwidthBuilder;
import io.github.bucket4j.Bucket;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bucket4j's local buckets: without locks, which is its default, and on {@link System#nanoTime()},
 * which is not. All share the description of their limit.
 */
abstract class Bucket4jBuckets implements Buckets {

  private final Bandwidth limit;

  private Bucket4jBuckets(Terms terms) {
    this.limit =
        BandwidthBuilder.builder()
            .capacity(terms.burst())
            .refillGreedy(1, terms.interval())
            .build();
  }

  final Bucket newBucket(String key) {
    return Bucket.builder().addLimit(limit).withNanosecondPrecision().build();
  }

  /** In a cache. */
  static final class InCaffeine extends Bucket4jBuckets {
    private final Cache<String, Bucket> buckets;

    InCaffeine(int keys, Terms terms, Forget forget) {
      super(terms);
      this.buckets = Caches.of(keys, forget);
    }

    @Override
    public boolean tryAcquire(String key, long permits) {
      return buckets.get(key, this::newBucket).tryConsume(permits);
    }

    @Override
    public long size() {
      return Caches.size(buckets);
    }
  }

  /** In a map that forgets nothing. */
  static final class InMap extends Bucket4jBuckets {
    private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    InMap(Terms terms) {
      super(terms);
    }

    @Override
    public boolean tryAcquire(String key, long permits) {
      Bucket bucket = buckets.get(key); // computeIfAbsent alone may lock for a key that is there
      if (bucket == null) {
        bucket = buckets.computeIfAbsent(key, this::newBucket);
      }
      return bucket.tryConsume(permits);
    }

    @Override
    public long size() {
      return buckets.mappingCount();
    }
  }
}

package io.tidegate.jmh;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tidegate.jmh.Buckets.Forget;
import java.time.Duration;

/** Caffeine as it is used for buckets. */
final class Caches {

  private static final Duration UNUSED = Duration.ofHours(2);

  private Caches() {}

  static <V> Cache<String, V> of(int keys, Forget forget) {
    Caffeine<Object, Object> builder = Caffeine.newBuilder();
    return switch (forget) {
      case UNUSED -> builder.expireAfterAccess(UNUSED).build();
      case SURPLUS -> builder.maximumSize(keys).build();
    };
  }

  static long size(Cache<?, ?> cache) {
    cache.cleanUp();
    return cache.estimatedSize();
  }
}

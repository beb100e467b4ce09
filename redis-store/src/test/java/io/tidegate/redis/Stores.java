package io.tidegate.redis;

import io.lettuce.core.RedisURI;
import io.tidegate.limit.Decision;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Stores for tests. */
final class Stores {

  static final byte[] SECRET = "0123456789abcdef-test".getBytes(StandardCharsets.UTF_8);

  private Stores() {}

  /** Waits long for answers, so that a busy machine is no fault. */
  static RedisStore.Builder patient(RedisURI uri) {
    return RedisStore.builder(uri).secret(SECRET).nodes(2).deadline(Duration.ofSeconds(1));
  }

  static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static Decision decide(RedisLimiter<String> limiter, String key, long permits) {
    return get(limiter.decide(key, permits));
  }
}

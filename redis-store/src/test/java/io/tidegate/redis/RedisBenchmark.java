package io.tidegate.redis;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.LongPredicate;

/**
 * Decisions a second on one server, side by side with a peer and a bare script call. So many
 * callers each wait for their answer and ask again, on one key or on many. Last, one caller asks of
 * a server that is gone, which the store has noticed. Writes JSON.
 *
 * <p>Arguments: where to, seconds per measurement.
 */
final class RedisBenchmark {

  private static final int CALLERS = 32;
  private static final int KEYS = 100_000;
  private static final Quota QUOTA = Quota.perSecond(1_000_000);
  private static final long SEED = 20_261_125;

  private final RedisProcess server;
  private final RedisClient client;
  private final long nanos;

  private RedisBenchmark(RedisProcess server, RedisClient client, long nanos) {
    this.server = server;
    this.client = client;
    this.nanos = nanos;
  }

  public static void main(String[] args) throws IOException {
    Path out = Path.of(args[0]);
    long nanos = (long) (Double.parseDouble(args[1]) * 1e9);
    try (RedisProcess server = RedisProcess.start()) {
      RedisClient client = RedisClient.create(server.uri());
      try {
        String json = new RedisBenchmark(server, client, nanos).measureAll();
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, json);
      } finally {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
      }
    }
  }

  private String measureAll() {
    String hot = load(1);
    String spread = load(KEYS);
    return "{\n  \"hot\": "
        + hot
        + ",\n  \"spread\": "
        + spread
        + ",\n  \"serverGone\": "
        + object(measureWithoutServer())
        + "\n}\n";
  }

  private String load(int keys) {
    return object(measure(keys));
  }

  private static String object(Map<String, Result> results) {
    List<String> lines = new ArrayList<>();
    results.forEach((mode, result) -> lines.add("    \"" + mode + "\": " + result.json()));
    return "{\n" + String.join(",\n", lines) + "\n  }";
  }

  private Map<String, Result> measure(int keys) {
    Map<String, Result> results = new LinkedHashMap<>();
    results.put("bucket4j", run("bucket4j", keys, bucket4j()));
    results.put("evalsha", run("evalsha", keys, evalsha()));
    results.put("exact", withStore(store -> run("exact", keys, exact(store))));
    results.put("leased", withStore(store -> run("leased", keys, leased(store))));
    return results;
  }

  private Map<String, Result> measureWithoutServer() {
    try (RedisStore store = Stores.patient(server.uri()).build()) {
      LongPredicate exact = exact(store);
      LongPredicate leased = leased(store);
      server.kill();
      long policy = 0;
      while (!store.status().suspended()) {
        policy += exact.test(0) ? 1 : 0;
      }
      System.err.println("admitted by policy until the server was given up: " + policy);
      Map<String, Result> results = new LinkedHashMap<>();
      results.put("exact", run("exact, server gone", KEYS, 1, exact));
      results.put("leased", run("leased, server gone", KEYS, 1, leased));
      return results;
    }
  }

  private Result withStore(Function<RedisStore, Result> work) {
    try (RedisStore store = Stores.patient(server.uri()).build()) {
      return work.apply(store);
    }
  }

  /** As its documentation has it: compare-and-swap over one connection, keys that expire. */
  private LongPredicate bucket4j() {
    ProxyManager<byte[]> manager =
        Bucket4jLettuce.casBasedBuilder(client)
            .expirationAfterWrite(
                ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(
                    Duration.ofSeconds(10)))
            .build();
    BucketConfiguration configuration =
        BucketConfiguration.builder()
            .addLimit(
                limit ->
                    limit.capacity(QUOTA.burst()).refillGreedy(QUOTA.permits(), QUOTA.window()))
            .build();
    return key ->
        manager
            .getProxy(name(key).getBytes(StandardCharsets.US_ASCII), () -> configuration)
            .tryConsume(1);
  }

  /** The least that a decision on a server can be. */
  private LongPredicate evalsha() {
    RedisAsyncCommands<String, String> redis = client.connect().async();
    Script script = Script.DECIDE;
    Stores.get(redis.scriptLoad(script.text));
    String burst = Long.toString(Micros.of(QUOTA).tolerance());
    return key -> {
      List<Long> values =
          Stores.get(
              redis.evalsha(
                  script.sha,
                  ScriptOutputType.MULTI,
                  new String[] {"e" + name(key)},
                  "1",
                  "1",
                  burst,
                  "1"));
      return values.get(0) >= 0;
    };
  }

  private static LongPredicate exact(RedisStore store) {
    RedisLimiter<Long> limiter = store.exact("x", QUOTA, RedisBenchmark::name).build();
    return key -> Stores.get(limiter.decide(key)).admitted();
  }

  private static LongPredicate leased(RedisStore store) {
    KeyedRateLimiter<Long> limiter = store.leased().maxKeys(2 * KEYS).limiter("l", QUOTA);
    Long[] boxed = new Long[KEYS]; // as a gate has them
    for (int i = 0; i < KEYS; i++) {
      boxed[i] = (long) i * 0x9E3779B97F4A7C15L;
    }
    return key -> limiter.tryAcquire(boxed[(int) key], 1);
  }

  private static String name(long key) {
    return "client-" + key;
  }

  private Result run(String mode, int keys, LongPredicate decide) {
    return run(mode, keys, CALLERS, decide);
  }

  private Result run(String mode, int keys, int callers, LongPredicate decide) {
    drive(keys, callers, decide, Math.max(nanos / 2, 1_000_000_000L)); // warms up
    Result result = drive(keys, callers, decide, nanos);
    System.err.println(keys + " keys, " + mode + ": " + result.json());
    return result;
  }

  private static Result drive(int keys, int number, LongPredicate decide, long nanos) {
    List<Caller> callers = new ArrayList<>();
    CountDownLatch start = new CountDownLatch(1);
    for (int i = 0; i < number; i++) {
      Caller caller = new Caller(new SplittableRandom(SEED + i), keys, decide, start, nanos);
      callers.add(caller);
      caller.start();
    }
    long began = System.nanoTime();
    start.countDown();
    Result result = new Result();
    for (Caller caller : callers) {
      try {
        caller.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      result.add(caller);
    }
    result.nanos = System.nanoTime() - began;
    return result;
  }

  private static final class Caller extends Thread {
    private final SplittableRandom random;
    private final int keys;
    private final LongPredicate decide;
    private final CountDownLatch start;
    private final long nanos;
    final long[] counts = new long[Result.BUCKETS];
    long admitted;

    Caller(
        SplittableRandom random, int keys, LongPredicate decide, CountDownLatch start, long nanos) {
      this.random = random;
      this.keys = keys;
      this.decide = decide;
      this.start = start;
      this.nanos = nanos;
    }

    @Override
    public void run() {
      try {
        start.await();
      } catch (InterruptedException e) {
        return;
      }
      long end = System.nanoTime() + nanos;
      long before = System.nanoTime();
      while (before < end) {
        admitted += decide.test(random.nextInt(keys)) ? 1 : 0;
        long after = System.nanoTime();
        counts[Result.bucket(after - before)]++;
        before = after;
      }
    }
  }

  /** Times in buckets of 1/16 of a power of two. */
  private static final class Result {
    private static final int PARTS_BITS = 4;
    static final int BUCKETS = 64 << PARTS_BITS;

    private final long[] counts = new long[BUCKETS];
    private long admitted;
    private long nanos;

    static int bucket(long nanos) {
      long value = Math.max(nanos, 1 << PARTS_BITS);
      int power = 63 - Long.numberOfLeadingZeros(value);
      int part = (int) (value >> (power - PARTS_BITS)) & ((1 << PARTS_BITS) - 1);
      return power << PARTS_BITS | part;
    }

    private static double nanosOf(int bucket) {
      int power = bucket >> PARTS_BITS;
      int part = bucket & ((1 << PARTS_BITS) - 1);
      return Math.scalb(1 + (part + 0.5) / (1 << PARTS_BITS), power);
    }

    void add(Caller caller) {
      admitted += caller.admitted;
      for (int i = 0; i < BUCKETS; i++) {
        counts[i] += caller.counts[i];
      }
    }

    private long total() {
      long total = 0;
      for (long count : counts) {
        total += count;
      }
      return total;
    }

    private double micros(double share) {
      long left = (long) Math.ceil(total() * share);
      int bucket = 0;
      while (bucket < BUCKETS - 1 && left > counts[bucket]) {
        left -= counts[bucket++];
      }
      return nanosOf(bucket) / 1_000;
    }

    String json() {
      double seconds = nanos / 1e9;
      return String.format(
          Locale.ROOT,
          "{\"perSecond\": %.0f, \"admittedPerSecond\": %.0f, \"p50Micros\": %.3f, \"p99Micros\":"
              + " %.3f}",
          total() / seconds,
          admitted / seconds,
          micros(0.5),
          micros(0.99));
    }
  }
}

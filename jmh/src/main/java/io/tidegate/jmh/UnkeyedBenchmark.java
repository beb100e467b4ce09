package io.tidegate.jmh;

import dev.failsafe.RateLimiterBuilder;
import io.github.bucket4j.Bucket;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.tidegate.limit.Quota;
import io.tidegate.limit.RateLimiter;
import io.tidegate.limit.TokenBucket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One limiter that all threads share: a billion a second, of which each call gets one, or one a
 * day, which is gone.
 *
 * <p>{@link #floor} is no limiter: it reads the clock and the state, and changes it once if it
 * admits.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(5)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class UnkeyedBenchmark {

  private static final int MANY = 1_000_000_000;

  /** In the middle of an array of two cache lines, so that it has one to itself. */
  private static final int WORD = 8;

  @Param({"admit", "refuse"})
  private String mode = "admit";

  private final AtomicLongArray word = new AtomicLongArray(2 * WORD);
  private long cost;
  private long tolerance;

  @SuppressWarnings("NullAway.Init")
  private RateLimiter tidegate;

  @SuppressWarnings("NullAway.Init")
  private Bucket bucket4j;

  @SuppressWarnings("NullAway.Init")
  private io.github.resilience4j.ratelimiter.RateLimiter resilience4j;

  @SuppressWarnings("NullAway.Init")
  private com.google.common.util.concurrent.RateLimiter guava;

  @SuppressWarnings("NullAway.Init")
  private dev.failsafe.RateLimiter<Object> failsafe;

  /** Counts a thread's answers that are not as they should be. */
  @State(Scope.Thread)
  public static class Caller {
    private boolean expected;
    private long wrong;

    @Setup
    public void begin(UnkeyedBenchmark benchmark) {
      expected = benchmark.mode.equals("admit");
    }

    private boolean count(boolean admitted) {
      if (admitted != expected) {
        wrong++;
      }
      return admitted;
    }

    @TearDown(Level.Iteration)
    public void check() {
      if (wrong > 0) {
        throw new IllegalStateException("wrong answers: " + wrong + " (expected: none)");
      }
    }
  }

  /** Makes all limiters, and lets each give the one permit that is too many. */
  @Setup
  public void make() {
    boolean admit = mode.equals("admit");
    int permits = admit ? MANY : 1;
    Duration period = admit ? Duration.ofSeconds(1) : Duration.ofDays(1);
    cost = period.toNanos() / permits;
    tolerance = period.toNanos();
    word.set(WORD, System.nanoTime());
    tidegate = TokenBucket.of(Quota.of(permits, period));
    bucket4j =
        Bucket.builder()
            .addLimit(limit -> limit.capacity(permits).refillGreedy(permits, period))
            .withNanosecondPrecision()
            .build();
    resilience4j =
        io.github.resilience4j.ratelimiter.RateLimiter.of(
            "peer",
            RateLimiterConfig.custom()
                .limitForPeriod(permits)
                .limitRefreshPeriod(period)
                .timeoutDuration(Duration.ZERO)
                .build());
    guava =
        com.google.common.util.concurrent.RateLimiter.create((double) permits / period.toSeconds());
    failsafe = smooth(permits, period).build();
    prove(admit, this::askFloor);
    prove(admit, tidegate::tryAcquire);
    prove(admit, () -> bucket4j.tryConsume(1));
    prove(admit, resilience4j::acquirePermission);
    prove(admit, guava::tryAcquire);
    prove(admit, failsafe::tryAcquirePermit);
  }

  private static RateLimiterBuilder<Object> smooth(int permits, Duration period) {
    return dev.failsafe.RateLimiter.smoothBuilder(permits, period);
  }

  private static void prove(boolean admit, BooleanSupplier limiter) {
    boolean first = limiter.getAsBoolean();
    boolean second = limiter.getAsBoolean();
    if (!first || second != admit) {
      throw new IllegalStateException(
          "answers: " + first + ", " + second + " (expected: true, " + admit + ")");
    }
  }

  private boolean askFloor() {
    long now = System.nanoTime();
    while (true) {
      long before = word.get(WORD);
      long after = Math.max(before, now) + cost;
      if (after - now > tolerance) {
        return false;
      }
      if (word.compareAndSet(WORD, before, after)) {
        return true;
      }
    }
  }

  @Benchmark
  public boolean floor(Caller caller) {
    return caller.count(askFloor());
  }

  @Benchmark
  public boolean tidegate(Caller caller) {
    return caller.count(tidegate.tryAcquire());
  }

  @Benchmark
  public boolean bucket4j(Caller caller) {
    return caller.count(bucket4j.tryConsume(1));
  }

  @Benchmark
  public boolean resilience4j(Caller caller) {
    return caller.count(resilience4j.acquirePermission());
  }

  @Benchmark
  public boolean guava(Caller caller) {
    return caller.count(guava.tryAcquire());
  }

  @Benchmark
  public boolean failsafe(Caller caller) {
    return caller.count(failsafe.tryAcquirePermit());
  }
}

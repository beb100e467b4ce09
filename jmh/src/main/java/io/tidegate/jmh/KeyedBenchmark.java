package io.tidegate.jmh;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * A bucket for each of many keys, which all are there and owe something throughout. Each call makes
 * its key anew, as a server does with each request, and is admitted.
 *
 * <p>{@link #floor} is the same without a limiter, {@link #floorBare} without a key as well.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(
    value = 5,
    jvmArgs = {"-Xms4g", "-Xmx4g", "-Xmn512m", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class KeyedBenchmark {

  /** A permit comes back in a millisecond. */
  private static final Buckets.Terms TERMS = new Buckets.Terms(1_000_000_000, 1_000_000);

  /** An hour's worth: what each key owes before the measurement. */
  private static final long OWED = 3_600_000;

  private static final int CALLS = 1 << 22;

  /** Shares no factor with the numbers of keys. */
  private static final long STRIDE = 7_368_787;

  @Param({"10000", "1000000", "10000000"})
  private int keys;

  @Param({"skewed", "uniform"})
  private String order = "skewed";

  /** The addresses of the calls, in their order. */
  private final int[] calls = new int[CALLS];

  @SuppressWarnings("NullAway.Init")
  private Buckets buckets;

  /** Where a thread is among the calls, and how many of its own were refused. */
  @State(Scope.Thread)
  public static class Caller {
    private int next;
    private long refused;

    /** Lets each thread begin elsewhere. */
    @Setup
    public void begin(ThreadParams threads) {
      next = (int) ((long) CALLS * threads.getThreadIndex() / threads.getThreadCount());
    }

    @TearDown(Level.Iteration)
    public void check() {
      if (refused > 0) {
        throw new IllegalStateException("refused: " + refused + " (expected: none)");
      }
    }
  }

  /** Draws the calls, and lets every key owe. */
  @Setup
  public void fill(BenchmarkParams params) {
    SplittableRandom random = new SplittableRandom(20_250_127);
    double logKeys = Math.log(keys + 1);
    for (int i = 0; i < CALLS; i++) {
      calls[i] =
          Addresses.spread(order.equals("skewed") ? skewed(random, logKeys) : random.nextInt(keys));
    }
    String benchmark = params.getBenchmark();
    String name = benchmark.substring(benchmark.lastIndexOf('.') + 1);
    buckets = Buckets.of(name, keys, TERMS, Buckets.Forget.UNUSED);
    for (long i = 0; i < keys; i++) {
      int number = (int) (i * STRIDE % keys); // so that keys in demand are not neighbours in memory
      if (!buckets.tryAcquire(Addresses.text(Addresses.spread(number)), OWED)) {
        throw new IllegalStateException("key " + number + ": refused (expected: admitted)");
      }
    }
  }

  /** The k-th key comes about 1/k as often as the first: Zipf's law. */
  private int skewed(SplittableRandom random, double logKeys) {
    return (int) Math.min(Math.exp(random.nextDouble() * logKeys), keys) - 1;
  }

  /** All keys must still be there; of a table's, nearly all have a word of their own. */
  @TearDown
  public void check() {
    if (!(buckets instanceof FloorLines) && buckets.size() < keys * 0.98) {
      throw new IllegalStateException("keys: " + buckets.size() + " (expected: " + keys + ")");
    }
  }

  private boolean ask(Caller caller) {
    boolean admitted = buckets.tryAcquire(Addresses.text(calls[caller.next++ & CALLS - 1]), 1);
    if (!admitted) {
      caller.refused++;
    }
    return admitted;
  }

  @Benchmark
  public boolean floorBare(Caller caller) {
    return ((FloorLines) buckets).touch((long) calls[caller.next++ & CALLS - 1] << 32);
  }

  @Benchmark
  public boolean floor(Caller caller) {
    return ask(caller);
  }

  @Benchmark
  public boolean tidegate(Caller caller) {
    return ask(caller);
  }

  @Benchmark
  public boolean bucket4jCaffeine(Caller caller) {
    return ask(caller);
  }

  @Benchmark
  public boolean bucket4jMap(Caller caller) {
    return ask(caller);
  }

  @Benchmark
  public boolean gcraCaffeine(Caller caller) {
    return ask(caller);
  }

  @Benchmark
  public boolean gcraMap(Caller caller) {
    return ask(caller);
  }
}

package io.tidegate.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * A flood: each call has a key that never came before, and all memory is in use already. Caches
 * then drop buckets, whatever those owe; Tidegate's table keeps what is owed. So the methods do not
 * do the same, and what Tidegate does is more.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(
    value = 5,
    jvmArgs = {"-Xms4g", "-Xmx4g", "-Xmn512m", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FloodBenchmark {

  private static final int KEYS = 1_000_000;

  /** As many as there are places in a table. */
  private static final int FILL = 2 * KEYS;

  /** A permit comes back in a second, and the burst is so large that none is refused. */
  private static final Buckets.Terms TERMS = new Buckets.Terms(1_000_000, 1_000_000_000);

  @SuppressWarnings("NullAway.Init")
  private Buckets buckets;

  /** Which numbers a thread uses for its keys, and how many of its calls were refused. */
  @State(Scope.Thread)
  public static class Caller {
    private int next;
    private int step;
    private long refused;

    /** Lets each thread use numbers of its own. */
    @Setup
    public void begin(ThreadParams threads) {
      next = FILL + threads.getThreadIndex();
      step = threads.getThreadCount();
    }

    @TearDown(Level.Iteration)
    public void check() {
      if (refused > 0) {
        throw new IllegalStateException("refused: " + refused + " (expected: none)");
      }
    }
  }

  @Setup
  public void fill(BenchmarkParams params) {
    String benchmark = params.getBenchmark();
    String name = benchmark.substring(benchmark.lastIndexOf('.') + 1);
    buckets = Buckets.of(name, KEYS, TERMS, Buckets.Forget.SURPLUS);
    for (int i = 0; i < FILL; i++) {
      buckets.tryAcquire(Addresses.text(Addresses.spread(i)), 1);
    }
  }

  private boolean ask(Caller caller) {
    int number = caller.next;
    caller.next = number + caller.step;
    boolean admitted = buckets.tryAcquire(Addresses.text(Addresses.spread(number)), 1);
    if (!admitted) {
      caller.refused++;
    }
    return admitted;
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
  public boolean gcraCaffeine(Caller caller) {
    return ask(caller);
  }
}

package io.tidegate.jmh;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.tidegate.overload.Priority;
import io.tidegate.overload.Refusal;
import io.tidegate.overload.Slot;
import io.tidegate.overload.Slots;
import io.tidegate.overload.Turn;
import io.tidegate.overload.Waiter;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A slot that is free is taken and given back. Nobody waits.
 *
 * <p>The peers know how many may run, and neither classes nor a queue. All must admit every call.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(5)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SlotsBenchmark {

  private static final int SLOTS = 50;
  private static final Duration DEADLINE = Duration.ofMillis(500);

  private static final Waiter NOBODY =
      new Waiter() {
        @Override
        public void granted(Slot slot) {
          slot.close();
        }

        @Override
        public void refused(Refusal refusal) {}
      };

  @SuppressWarnings("NullAway.Init")
  private Slots slots;

  @SuppressWarnings("NullAway.Init")
  private Semaphore semaphore;

  @SuppressWarnings("NullAway.Init")
  private Bulkhead bulkhead;

  /** Makes all of them, with the same number of slots. */
  @Setup
  public void make() {
    slots = Slots.builder(SLOTS).build();
    semaphore = new Semaphore(SLOTS);
    bulkhead =
        Bulkhead.of(
            "peer",
            BulkheadConfig.custom()
                .maxConcurrentCalls(SLOTS)
                .maxWaitDuration(Duration.ZERO)
                .build());
  }

  /** Nothing may be left behind. */
  @TearDown
  public void check() {
    int inUse = slots.report().inUse();
    slots.close();
    if (inUse != 0 || semaphore.availablePermits() != SLOTS) {
      throw new IllegalStateException("in use: " + inUse + " (expected: 0)");
    }
  }

  private static IllegalStateException refused() {
    return new IllegalStateException("refused (expected: a free slot)");
  }

  @Benchmark
  public int tidegate() {
    Slot slot = slots.tryTake(Priority.ESTABLISHED, 1);
    if (slot == null) {
      throw refused();
    }
    slot.close();
    return 1;
  }

  @Benchmark
  public int tidegateTurn() {
    Turn turn = slots.take(Priority.ESTABLISHED, 1, DEADLINE, NOBODY);
    Slot slot = turn.slot();
    if (slot == null) {
      throw refused();
    }
    slot.close();
    return 1;
  }

  @Benchmark
  public int semaphore() {
    if (!semaphore.tryAcquire()) {
      throw refused();
    }
    semaphore.release();
    return 1;
  }

  @Benchmark
  public int resilience4j() {
    if (!bulkhead.tryAcquirePermission()) {
      throw refused();
    }
    bulkhead.onComplete();
    return 1;
  }
}

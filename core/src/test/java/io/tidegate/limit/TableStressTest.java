package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/**
 * Many threads, far more keys than words, random costs, a clock that one of them moves by random
 * steps, and of which each has a view of its own. In no stretch of time is a key admitted more than
 * {@code burst + rate x time}. The same run convicts the twins.
 */
class TableStressTest {

  private static final Quota QUOTA = Quota.of(20, Duration.ofSeconds(20));
  private static final int THREADS = 5;
  private static final int SETS = 2;
  private static final int KEYS = 100;
  private static final int ROUNDS = Integer.getInteger("tidegate.stress.rounds", 2);
  private static final int STEPS = 150;

  /** How many calls a step of the clock sees, at least. */
  private static final int CALLS = 400;

  private static final long SECOND = 1_000_000_000;

  /** How far the threads' views of the clock are apart, at most. */
  private static final long BLUR = SECOND / 2;

  /** A run of which every permit is accounted for, by key and step of the clock. */
  private static final class Run {
    final ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - 20 * SECOND);
    final long[] passed = new long[STEPS];
    final AtomicIntegerArray admitted = new AtomicIntegerArray(KEYS * STEPS);
    final LongAdder calls = new LongAdder();
    final AtomicBoolean over = new AtomicBoolean();
    final ThreadLocal<Long> blur = ThreadLocal.withInitial(() -> 0L);
    final long[] keys;
    final TableWords words;
    final Twins.Kind kind;
    volatile int step;

    Run(Twins.Kind kind, long seed) {
      this.kind = kind;
      this.keys = new Random(seed).longs(KEYS).toArray();
      this.words = Twins.words(QUOTA, SETS, () -> ticker.read() - blur.get());
    }

    void call(SplittableRandom random) {
      blur.set(random.nextLong(BLUR));
      Twins.Table table = kind.over(words, random);
      while (!over.get()) {
        calls.increment();
        int before = step;
        int key = random.nextInt(random.nextInt(KEYS) + 1);
        int permits = random.nextInt(8) == 0 ? 1 + random.nextInt(20) : 1;
        // When a call that the clock has overtaken was decided is not known, so it is left out.
        if (table.tryAcquire(keys[key], permits) && step == before) {
          admitted.addAndGet(key * STEPS + before, permits);
        }
      }
    }

    void move(SplittableRandom random) {
      for (int next = 1; next < STEPS; next++) {
        // The clock waits for the others, however little of the processor they get.
        for (long target = calls.sum() + CALLS; calls.sum() < target; ) {
          Thread.yield();
        }
        long by = random.nextInt(10) == 0 ? random.nextLong(40 * SECOND) : random.nextLong(SECOND);
        passed[next] = passed[next - 1] + by;
        ticker.advanceNanos(by);
        step = next;
      }
      over.set(true);
    }

    /** By how much the worst key is beyond its bound in the worst stretch of time. */
    double worstExcess() {
      double worst = 0;
      for (int key = 0; key < KEYS; key++) {
        Tally tally = new Tally(QUOTA, 1, BLUR);
        for (int at = 0; at < STEPS; at++) {
          // What was admitted while the clock went on may belong to the step before.
          tally.admit(admitted.get(key * STEPS + at), BigInteger.valueOf(passed[at]));
          worst = Math.max(worst, tally.excess());
        }
      }
      return worst;
    }
  }

  private static double worstExcess(Twins.Kind kind, int rounds) throws InterruptedException {
    double worst = 0;
    for (int round = 0; round < rounds && worst == 0; round++) {
      Run run = new Run(kind, round);
      SplittableRandom[] randoms = new SplittableRandom[THREADS];
      java.util.Arrays.setAll(randoms, i -> new SplittableRandom(31L * i + 7));
      Threads.run(
          THREADS,
          thread -> {
            if (thread == 0) {
              run.move(randoms[thread]);
            } else {
              run.call(randoms[thread]);
            }
          });
      worst = run.worstExcess();
      assertThat(run.words.counters.displaced.sum()).isPositive();
    }
    return worst;
  }

  @Test
  void tryAcquire_byManyThreads_keepsEveryKeyToItsQuota() throws InterruptedException {
    assertThat(worstExcess(Twins::faithful, ROUNDS)).isZero();
  }

  @Test
  void tryAcquire_withoutInheritance_exceedsTheQuota() throws InterruptedException {
    assertThat(worstExcess(Twins::withoutInheritance, 30 * ROUNDS)).isPositive();
  }

  @Test
  void tryAcquire_withRefunds_exceedsTheQuota() throws InterruptedException {
    assertThat(worstExcess(Twins::refunding, 30 * ROUNDS)).isPositive();
  }
}

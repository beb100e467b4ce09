package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Some threads, few places, many keys, one clock, moved by one of the threads. In no stretch of
 * time does a key get more than {@code burst + rate x time}, while the store fills up and empties
 * again and again. The same run convicts twins that forget, or that lose what was charged
 * elsewhere.
 */
class StoreStressTest {

  private static final Quota QUOTA = Quota.of(20, Duration.ofSeconds(20));
  private static final int THREADS = 4;
  private static final int PLACES = 8;
  private static final int KEYS = 24;
  private static final int ROUNDS = Integer.getInteger("tidegate.stress.rounds", 2);
  private static final int SECONDS = 100;

  /** How many calls a second sees, at least. */
  private static final int CALLS = 200;

  private static final long SECOND = 1_000_000_000;

  /** A run of which every permit is accounted for, by key and second. */
  private static final class Run {
    final long start = Long.MAX_VALUE - 20 * SECOND;
    final ManualTicker ticker = new ManualTicker(start);
    final AtomicIntegerArray admitted = new AtomicIntegerArray(KEYS * SECONDS);
    final LongAdder calls = new LongAdder();
    final AtomicBoolean over = new AtomicBoolean();
    final KeyedRateLimiter<String> keyed;
    final List<String> keys = SharedPlaces.keysBeside("key", KEYS);

    Run(UnaryOperator<Limit<Word>> twin) {
      keyed = SharedPlaces.keyed(twin.apply(new Gcra(QUOTA)), PLACES, WhenFull.SHARE, ticker);
    }

    private int second() {
      return (int) ((ticker.read() - start) / SECOND);
    }

    private static boolean isCrowded(int second) {
      return second % 50 >= 25;
    }

    /** For a while three keys and three others in turn, which go idle; then more than have room. */
    private static int pick(SplittableRandom random, int second) {
      return isCrowded(second)
          ? random.nextInt(PLACES + 2)
          : second / 6 % 2 * 3 + random.nextInt(3);
    }

    void call(SplittableRandom random) {
      while (!over.get()) {
        calls.increment();
        int second = second();
        int key = (3 * (second / 50) + pick(random, second)) % KEYS;
        int permits = random.nextInt(8) == 0 ? 5 : 1;
        boolean taken =
            random.nextBoolean()
                ? keyed.tryAcquire(keys.get(key), permits)
                : keyed.decide(keys.get(key), permits).admitted();
        // When a call that the clock has overtaken was decided is not known, so it is left out.
        if (taken && second() == second) {
          admitted.addAndGet(key * SECONDS + second, permits);
        }
      }
    }

    void move() {
      for (int second = 1; second < SECONDS; second++) {
        // The clock waits for the others, however little of the processor they get.
        for (long target = calls.sum() + CALLS; calls.sum() < target; ) {
          Thread.yield();
        }
        ticker.advanceNanos(SECOND);
        if (isCrowded(second)) {
          keyed.tryAcquire("holds a place for a while, " + second);
        }
        if (second % 7 == 0) {
          keyed.cleanUp();
        }
      }
      over.set(true);
    }

    /** By how much the worst key is beyond its bound in the worst stretch of time. */
    double worstExcess() {
      double worst = 0;
      for (int key = 0; key < KEYS; key++) {
        Tally tally = new Tally(QUOTA);
        for (int second = 0; second < SECONDS; second++) {
          tally.admit(admitted.get(key * SECONDS + second), BigInteger.valueOf(second * SECOND));
          worst = Math.max(worst, tally.excess());
        }
      }
      return worst;
    }
  }

  private static double worstExcess(UnaryOperator<Limit<Word>> twin, int rounds)
      throws InterruptedException {
    double worst = 0;
    long crowdedOut = 0;
    for (int round = 0; round < rounds && worst == 0; round++) {
      Run run = new Run(twin);
      SplittableRandom random = new SplittableRandom(round);
      SplittableRandom[] randoms = new SplittableRandom[THREADS];
      Arrays.setAll(randoms, i -> random.split());
      Threads.run(
          THREADS,
          thread -> {
            if (thread == 0) {
              run.move();
            } else {
              run.call(randoms[thread]);
            }
          });
      worst = run.worstExcess();
      crowdedOut += run.keyed.crowdedOut();
      assertThat(run.keyed.keys()).isLessThan(PLACES + THREADS);
    }
    if (worst == 0) { // a twin may be caught before there is a crowd
      assertThat(crowdedOut).isPositive();
    }
    return worst;
  }

  @Test
  void tryAcquire_byManyThreadsInAStoreThatFillsAndEmpties_keepsEveryKeyToItsQuota()
      throws InterruptedException {
    assertThat(worstExcess(limit -> limit, ROUNDS)).isZero();
  }

  @Test
  void tryAcquire_byATwinThatForgetsDebtsTooSoon_exceedsTheQuota() throws InterruptedException {
    double excess = worstExcess(limit -> new ForgetfulLimit<>(limit, 8), 30 * ROUNDS);
    assertThat(excess).isPositive();
  }

  @Test
  void tryAcquire_byATwinThatLosesWhatIsOwedInTheCrowd_exceedsTheQuota()
      throws InterruptedException {
    double excess =
        worstExcess(
            limit ->
                new ForwardingLimit<>(limit) {
                  @Override
                  Word copy(Word state) {
                    return new Word(state.get() - (20L * SECOND << 6));
                  }
                },
            30 * ROUNDS);
    assertThat(excess).isPositive();
  }
}

package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The bound of a {@link Budget}: all that was settled, and all that is reserved or drawn and still
 * open, is at most {@code burst + permits x t / window + overdraft}.
 */
class BudgetModelTest {

  private static final long BURST = 100;
  private static final Duration PER_PERMIT = Duration.ofMillis(100);

  private static Budget<String> budget(ManualTicker ticker, long overdraft) {
    return Budget.builder(KeyFunnel.ofString())
        .limit("tokens", Quota.of(BURST, PER_PERMIT.multipliedBy(BURST)), overdraft)
        .atOnce("streams", 7)
        .longest(Duration.ofHours(1))
        .ticker(ticker)
        .build();
  }

  /** A call and what it has used of what it may. */
  private static final class Open {
    final Spending spending;
    final long reserved;
    long used;

    Open(Spending spending, long reserved) {
      this.spending = spending;
      this.reserved = reserved;
    }

    long charged() {
      return Math.max(reserved, used);
    }
  }

  /**
   * Runs random calls, and returns by how much they went beyond the bound at worst.
   *
   * @param settled what is settled of what was used; itself, but for a broken caller
   */
  private static long worst(long seed, long overdraft, LongUnaryOperator settled) {
    Random random = new Random(seed);
    ManualTicker ticker = new ManualTicker(random.nextLong());
    Budget<String> budget = budget(ticker, overdraft);
    List<Open> open = new ArrayList<>();
    long start = ticker.read();
    long done = 0;
    long worst = Long.MIN_VALUE;
    for (int step = 0; step < 3_000; step++) {
      switch (random.nextInt(5)) {
        case 0 -> {
          long estimate = random.nextInt(60);
          Spending spending = budget.reserve("a", Map.of("tokens", estimate, "streams", 1L));
          if (spending.admitted()) {
            open.add(new Open(spending, estimate));
          }
        }
        case 1, 2 -> {
          if (!open.isEmpty()) {
            Open call = open.get(random.nextInt(open.size()));
            long permits = random.nextInt(20);
            call.used += call.spending.meter("tokens", permits) ? permits : 0;
          }
        }
        case 3 -> {
          if (!open.isEmpty()) {
            Open call = open.remove(random.nextInt(open.size()));
            call.spending.settle(Map.of("tokens", settled.applyAsLong(call.used)));
            call.spending.close();
            done += call.used;
          }
        }
        // At first none, so that the bound is reached before time gives more.
        default -> ticker.advance(PER_PERMIT.multipliedBy(random.nextInt(step < 60 ? 1 : 12)));
      }
      assertThat(open).as("seed %d", seed).hasSizeLessThanOrEqualTo(7);
      long charged = open.stream().mapToLong(Open::charged).sum();
      long most = BURST + (ticker.read() - start) / PER_PERMIT.toNanos() + overdraft;
      worst = Math.max(worst, done + charged - most);
    }
    return worst;
  }

  @Test
  void usedAndOpen_areNeverMoreThanTheBound() {
    for (long overdraft : new long[] {0, 25, BURST}) {
      long closest = Long.MIN_VALUE;
      for (long seed = 1; seed <= 60; seed++) {
        long worst = worst(seed, overdraft, used -> used);
        assertThat(worst).as("seed %d, overdraft %d", seed, overdraft).isLessThanOrEqualTo(0);
        closest = Math.max(closest, worst);
      }
      assertThat(closest).as("the bound is reached, overdraft %d", overdraft).isEqualTo(0);
    }
  }

  @Test
  void callerWhoSettlesLessThanWasUsed_isCaught() {
    long worst = Long.MIN_VALUE;
    for (long seed = 1; seed <= 20; seed++) {
      worst = Math.max(worst, worst(seed, 0, used -> used / 2));
    }
    assertThat(worst).isPositive();
  }

  @Test
  void manyThreads_useNoMoreThanTheBucketHolds() throws Exception {
    for (int round = 0; round < 20; round++) {
      ManualTicker ticker = new ManualTicker();
      Budget<String> budget = budget(ticker, 0);
      LongAdder used = new LongAdder();
      int seed = round;
      Threads.run(
          8,
          thread -> {
            Random random = new Random(31L * seed + thread);
            for (int i = 0; i < 200; i++) {
              Map<String, Long> cost = new HashMap<>();
              cost.put("tokens", (long) random.nextInt(8));
              cost.put("streams", 1L);
              Spending spending = budget.reserve("a", cost);
              for (int token = 0; token < 5; token++) {
                if (spending.meter("tokens", 1)) {
                  used.increment();
                }
              }
              spending.close();
            }
          });
      assertThat(used.sum()).as("round %d", round).isEqualTo(BURST);
      assertThat(budget.reserve("a", Map.of("streams", 7L)).admitted()).as("all back").isTrue();
    }
  }

  @Test
  void settleAndCloseAndCancelAtOnce_countOnce() throws Exception {
    for (int round = 0; round < 500; round++) {
      ManualTicker ticker = new ManualTicker();
      Budget<String> budget = budget(ticker, 0);
      Spending spending = budget.reserve("a", Map.of("tokens", 90L, "streams", 7L));
      Threads.run(
          3,
          thread -> {
            switch (thread) {
              case 0 -> spending.settle(Map.of("tokens", 30L));
              case 1 -> spending.cancel();
              default -> spending.close();
            }
          });
      assertThat(budget.standing("a").get("tokens").remaining())
          .as("round %d", round)
          .isIn(70L, 100L, 10L);
      assertThat(budget.reserve("a", Map.of("streams", 7L)).admitted()).isTrue();
      assertThat(budget.reserve("a", Map.of("streams", 1L)).admitted()).isFalse();
    }
  }
}

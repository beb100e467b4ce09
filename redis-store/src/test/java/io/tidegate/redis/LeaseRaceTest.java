package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.limit.Quota;
import io.tidegate.limit.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Many threads on one lease, while answers come. */
class LeaseRaceTest {

  private static final long SEED = 20_261_125;
  private static final long KEY = 1;
  private static final long BURST = 400_000;
  private static final int THREADS = 4;

  /** Answers on a thread of its own, and counts exactly. */
  private static final class Counting implements LeaseServer {
    final ExecutorService thread = Executors.newSingleThreadExecutor();
    final AtomicInteger underWay = new AtomicInteger();
    volatile long charged;

    @Override
    public boolean isDown(String serverKey) {
      return false;
    }

    @Override
    public long deadlineNanos() {
      return 1_000_000;
    }

    @Override
    public void forget(String serverKey) {
      charged = 0;
    }

    @Override
    public void send(LeaseCall call) {
      underWay.incrementAndGet();
      thread.execute(() -> answer(call));
    }

    private void answer(LeaseCall call) {
      long now = System.nanoTime();
      call.begin(now);
      long granted = Math.min(call.wanted(), BURST - charged + call.back() - call.ahead());
      granted = Math.max(granted, 0);
      charged += call.ahead() + granted - call.back();
      long owed = call.rules.cost(charged);
      call.answered(call.ahead(), granted, owed, now);
      LeaseCall more = call.lease.call(call.rules, now);
      if (more != null) {
        send(more);
      }
      underWay.decrementAndGet();
    }
  }

  @Test
  void whatTheServerCharged_isWhatWasUsedAndWhatIsInHand() throws InterruptedException {
    Quota quota = new Quota(1, Duration.ofMillis(1), BURST);
    Fallback fallback = new Fallback(WhenDown.CLOSED, quota, 1, 10, Ticker.system());
    LeaseRules half = LeaseRules.of(quota, 2_000, fallback);
    LeaseRules rules =
        new LeaseRules(
            half.micros(), Duration.ofDays(1).toNanos(), half.inHand(), half.ahead(), fallback);
    Counting server = new Counting();
    LeaseTable table = new LeaseTable(name -> name, 10, Ticker.system());
    LeasedLimiter limiter =
        new LeasedLimiter(quota, rules, table, server, new Counts(), Ticker.system(), next -> null);
    LongAdder used = new LongAdder();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      SplittableRandom random = new SplittableRandom(SEED + i);
      Thread thread = new Thread(() -> call(limiter, random, used));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Until.isTrue("settled", Duration.ofSeconds(10), () -> server.underWay.get() == 0);
    server.thread.shutdown();
    assertThat(server.thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

    Lease lease = table.get(KEY);
    assertThat(used.sum()).as("seed %s", SEED).isGreaterThan(BURST / 100);
    assertThat(server.charged)
        .as("seed %s", SEED)
        .isEqualTo(used.sum() + lease.inHand() - lease.takeReturned());
  }

  private static void call(LeasedLimiter limiter, SplittableRandom random, LongAdder used) {
    for (int i = 0; i < 100_000; i++) {
      long permits = random.nextInt(8) == 0 ? random.nextLong(1, 20) : 1;
      if (limiter.tryAcquire(KEY, permits)) {
        used.add(permits);
        if (random.nextInt(10) == 0) {
          limiter.giveBack(KEY, permits);
          used.add(-permits);
        }
      }
    }
  }
}

package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.limit.Quota;
import io.tidegate.limit.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads on some leases, while calls fail, keys are reset, and leases swept. */
class LeaseRaceFaultsTest {

  private static final long SEED = 20_261_126;
  private static final int THREADS = 4;
  private static final long LEASE = 20;

  /** Counts exactly, on a thread of its own; loses calls and answers. */
  private static final class Losing implements LeaseServer {
    final ExecutorService thread = Executors.newSingleThreadExecutor();
    final AtomicInteger underWay = new AtomicInteger();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<String, Long> paidOff = new HashMap<>();
    private final int lostOfAHundred;

    /** All that was ever charged, less what came back. */
    long charged;

    /** What was charged, and a node does not know of; so it tells it again, or has lost it. */
    long notHeard;

    /** What a node gave back, and the server does not know of. */
    long notGivenBack;

    int lost;
    volatile boolean reliable;

    Losing(int lostOfAHundred) {
      this.lostOfAHundred = lostOfAHundred;
    }

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
      thread.execute(() -> paidOff.remove(serverKey));
    }

    @Override
    public void send(LeaseCall call) {
      underWay.incrementAndGet();
      thread.execute(() -> answer(call));
    }

    private boolean isLost() {
      boolean isLost = !reliable && random.nextInt(100) < lostOfAHundred;
      lost += isLost ? 1 : 0;
      return isLost;
    }

    private void answer(LeaseCall call) {
      long now = System.nanoTime();
      call.begin(now);
      if (isLost()) {
        boolean sent = random.nextBoolean();
        notGivenBack += sent ? call.back() : 0;
        call.failed(sent, now);
      } else {
        decide(call, now);
      }
      LeaseCall more = call.lease.call(call.rules, now);
      if (more != null) {
        send(more);
      }
      underWay.decrementAndGet();
    }

    private void decide(LeaseCall call, long now) {
      LeaseRules rules = call.rules;
      long owed = Math.max(paidOff.getOrDefault(call.lease.serverKey, now) - now, 0);
      owed = Math.max(owed - rules.cost(call.back()), 0) + rules.cost(call.ahead());
      long granted = Math.min(call.wanted(), Math.max(rules.room(owed), 0));
      owed += rules.cost(granted);
      paidOff.put(call.lease.serverKey, now + owed);
      charged += call.ahead() + granted - call.back();
      if (isLost()) {
        notHeard += call.ahead() + granted;
        call.failed(true, now);
      } else {
        call.answered(call.ahead(), granted, owed, now);
      }
    }
  }

  private final LongAdder used = new LongAdder();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final List<Thread> beside = new ArrayList<>();
  private Losing server = new Losing(0);
  private LeaseTable table = new LeaseTable(name -> name, 10, Ticker.system());

  @AfterEach
  void stop() {
    ended.set(true);
    server.thread.shutdownNow();
  }

  private LeaseJudge judge;

  private LeasedLimiter limiter(Quota quota, int lostOfAHundred, int maxKeys) {
    Fallback fallback = new Fallback(WhenDown.CLOSED, quota, 1, 10, Ticker.system());
    LeaseRules half = LeaseRules.of(quota, LEASE, fallback);
    LeaseRules rules =
        new LeaseRules(
            half.micros(), Duration.ofDays(1).toNanos(), half.inHand(), half.ahead(), fallback);
    server = new Losing(lostOfAHundred);
    table = new LeaseTable(name -> name, maxKeys, Ticker.system());
    judge = new LeaseJudge(rules, server, new Counts(), Ticker.system());
    return new LeasedLimiter(
        quota, rules, table, server, new Counts(), Ticker.system(), next -> null);
  }

  private static Thread started(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Does something again and again while others call. */
  private void beside(Runnable work) {
    beside.add(
        started(
            () -> {
              while (!ended.get()) {
                work.run();
                Thread.yield();
              }
            }));
  }

  private void load(LeasedLimiter limiter, int keys, int calls) throws InterruptedException {
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      SplittableRandom random = new SplittableRandom(SEED + i);
      callers.add(started(() -> call(limiter, random, keys, calls)));
    }
    for (Thread caller : callers) {
      caller.join(60_000);
      assertThat(caller.isAlive()).as("a caller is stuck").isFalse();
    }
    ended.set(true);
    for (Thread thread : beside) {
      thread.join(10_000);
      assertThat(thread.isAlive()).as("what runs beside is stuck").isFalse();
    }
  }

  private void call(LeasedLimiter limiter, SplittableRandom random, int keys, int calls) {
    for (int i = 0; i < calls; i++) {
      long key = random.nextInt(keys);
      long permits = random.nextInt(8) == 0 ? random.nextLong(1, 6) : 1;
      if (limiter.tryAcquire(key, permits)) {
        used.add(permits);
      }
      if (i % 64 == 0) {
        Thread.yield(); // to answers
      }
    }
  }

  /** Until nothing is under way, and then no more is. */
  private void settle() throws InterruptedException {
    Until.isTrue("settled", Duration.ofSeconds(20), () -> server.underWay.get() == 0);
    server.thread.shutdown();
    assertThat(server.thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void callsThatFail_loseNothingThatIsNotAccountedFor() throws InterruptedException {
    LeasedLimiter limiter = limiter(new Quota(1, Duration.ofMinutes(1), 400_000), 10, 10);
    beside(limiter::cleanUp);
    SplittableRandom random = new SplittableRandom(SEED);
    beside(
        () -> {
          if (limiter.tryAcquire(0L, 3)) {
            long back = random.nextLong(1, 4);
            judge.giveBack(table.get(0L), back, false);
            used.add(3 - back);
          }
        });
    load(limiter, 1, 100_000);
    settle();
    Lease lease = table.get(0L);
    assertThat(used.sum()).as("seed %s", SEED).isGreaterThan(1_000);
    assertThat(server.lost).as("seed %s", SEED).isGreaterThan(10);
    assertThat(server.charged)
        .as("seed %s", SEED)
        .isEqualTo(
            used.sum()
                + lease.inHand()
                - lease.takeReturned()
                + server.notHeard
                + server.notGivenBack);
  }

  /** A key that was reset has lost what was in hand, or let pass and not told. */
  @Test
  void resetsAndSweeps_mintNothing_andLeaveNoKeyStuck() throws InterruptedException {
    int keys = 64;
    LeasedLimiter limiter = limiter(Quota.perSecond(2_000).withBurst(40), 0, keys / 2);
    AtomicInteger resets = new AtomicInteger();
    SplittableRandom random = new SplittableRandom(SEED);
    beside(limiter::cleanUp);
    beside(
        () -> {
          limiter.reset((long) random.nextInt(keys));
          resets.incrementAndGet();
          LockSupport.parkNanos(2_000_000);
        });
    load(limiter, keys, 200_000);
    Until.isTrue(
        "every key is admitted again",
        Duration.ofSeconds(20),
        () -> {
          int admitted = 0;
          for (long key = 0; key < keys; key++) {
            if (limiter.tryAcquire(key)) {
              admitted++;
              used.increment();
            }
          }
          return admitted == keys;
        });
    settle();
    assertThat(limiter.crowdedOut()).as("there was no room for all").isPositive();
    assertThat(used.sum()).as("seed %s", SEED).isGreaterThan(resets.get() * LEASE * 2);
    assertThat(used.sum())
        .as("seed %s: what the server charged, and what %s resets forgot", SEED, resets)
        .isLessThanOrEqualTo(server.charged + resets.get() * (LEASE - LEASE / 2));
  }
}

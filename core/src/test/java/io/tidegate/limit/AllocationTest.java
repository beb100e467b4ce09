package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a call costs the garbage collector. The yardstick is measured first, in the same way, so the
 * test is skipped on a virtual machine that does not count, and knows the size of an object on one
 * that does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AllocationTest {

  private static final int CALLS = 20_000;
  private static final int FEWEST_ROUNDS = 5;
  private static final int MOST_ROUNDS = 200;
  private static final double NOTHING = 0.1;

  private static final Quota ENDLESS =
      Quota.perSecond(1_000_000_000).withBurst(Duration.ofDays(300).toNanos());

  /** Every permit owes for 86 ms, so that a key is kept between two calls. */
  private static final Quota AMPLE = Quota.perDay(1_000_000).withBurst(100_000_000);

  private static final Quota ONE = Quota.of(1, Duration.ofDays(366));

  private static final String[] KEYS = {"alice", "bob", "carol", "dave"};

  private Object sink = "";
  private double decision;
  private double boxedLong;

  /** Bytes per call, the least of some rounds: of more, as long as the code may not be warm. */
  private double bytesPerCall(double expected, Runnable call) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    double least = Double.MAX_VALUE;
    for (int round = 0;
        round < FEWEST_ROUNDS || (round < MOST_ROUNDS && least > expected + NOTHING);
        round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      least = Math.min(least, (double) (threads.getThreadAllocatedBytes(id) - before) / CALLS);
    }
    return least;
  }

  private void assertAllocates(double most, String what, Runnable call) {
    assertThat(bytesPerCall(most, call)).as(what).isLessThan(most + NOTHING);
  }

  @BeforeAll
  void calibrate() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
            && threads.isThreadAllocatedMemorySupported()
            && threads.isThreadAllocatedMemoryEnabled());
    long[] counter = new long[1];
    assertAllocates(0, "nothing", () -> counter[0]++);
    decision =
        bytesPerCall(40, () -> sink = new Decision(Decision.Outcome.ADMITTED, counter[0]++, 0, 0));
    boxedLong = bytesPerCall(24, () -> sink = Long.valueOf(1_000_000 + counter[0]++));
    assertThat(decision).as("bytes of a Decision").isBetween(32.0, 56.0);
    assertThat(boxedLong).as("bytes of a Long").isBetween(16.0, 24.0);
  }

  private static void drain(RateLimiter limiter) {
    assertThat(limiter.tryAcquire(limiter.quota().burst())).isTrue();
  }

  @Test
  void tryAcquire_singleLimiter_allocatesNothing() {
    assertTryAcquireAllocatesNothing(TokenBucket.of(ENDLESS), TokenBucket.of(ONE));
    Quota many = Quota.of(1_048_575, Duration.ofNanos(1_048_575));
    assertTryAcquireAllocatesNothing(SlidingWindow.counter(many), SlidingWindow.counter(ONE));
    Quota few = Quota.of(1, Duration.ofNanos(1));
    assertTryAcquireAllocatesNothing(SlidingWindow.log(few), SlidingWindow.log(ONE));
  }

  private void assertTryAcquireAllocatesNothing(RateLimiter open, RateLimiter drained) {
    drain(drained);
    long[] admitted = new long[2];
    assertAllocates(0, "admitted, " + open, () -> admitted[0] += open.tryAcquire() ? 1 : 0);
    assertAllocates(0, "refused, " + drained, () -> admitted[1] += drained.tryAcquire() ? 1 : 0);
    assertThat(admitted[0]).isGreaterThan(FEWEST_ROUNDS * CALLS / 2);
    assertThat(admitted[1]).isZero();
  }

  @Test
  void decideAndPeek_singleLimiter_allocateOneDecision() {
    RateLimiter open = TokenBucket.of(ENDLESS);
    RateLimiter drained = TokenBucket.of(ONE);
    drain(drained);
    for (RateLimiter limiter : new RateLimiter[] {open, drained}) {
      assertAllocates(decision, "decide, " + limiter, () -> sink = limiter.decide());
      assertAllocates(decision, "peek, " + limiter, () -> sink = limiter.peek());
    }
  }

  private static KeyedRateLimiter<String> keyed(Quota quota) {
    return TokenBucket.keyed(quota, KeyFunnel.ofString()).maxKeys(100).build();
  }

  @Test
  void tryAcquire_keyedLimiter_allocatesItsLookUpKeyAtMost() {
    KeyedRateLimiter<String> open = keyed(AMPLE);
    KeyedRateLimiter<String> drained = keyed(ONE);
    long[] calls = new long[4];
    assertAllocates(
        boxedLong,
        "admitted",
        () -> calls[1] += open.tryAcquire(KEYS[(int) (calls[0]++ & 3)]) ? 1 : 0);
    assertAllocates(
        boxedLong,
        "refused",
        () -> calls[3] += drained.tryAcquire(KEYS[(int) (calls[2]++ & 3)]) ? 1 : 0);
    assertThat(calls[1]).isEqualTo(calls[0]);
    assertThat(calls[3]).isEqualTo(KEYS.length);
  }

  @Test
  void tryAcquire_keyedLimiterOfHashes_allocatesNothing() {
    KeyedRateLimiter<Long> keyed = TokenBucket.keyed(AMPLE, KeyFunnel.hashed()).build();
    Long hash = 1_234_567_890_123L;
    assertAllocates(0, "admitted", () -> keyed.tryAcquire(hash));
  }

  @Test
  void decide_keyedLimiter_allocatesItsLookUpKeyAndOneDecision() {
    KeyedRateLimiter<String> open = keyed(AMPLE);
    assertAllocates(boxedLong + decision, "decide", () -> sink = open.decide("alice"));
  }

  @Test
  void tryAcquire_refusedForWantOfRoom_allocatesItsLookUpKeyAtMost() {
    for (WhenFull whenFull : new WhenFull[] {WhenFull.SHARE, WhenFull.REFUSE}) {
      KeyedRateLimiter<String> full =
          TokenBucket.keyed(ONE, KeyFunnel.ofString()).maxKeys(1).whenFull(whenFull).build();
      assertThat(full.tryAcquire("holder")).isTrue();
      full.tryAcquire("newcomer");
      long[] admitted = new long[1];
      // A look for what could be dropped, once in a millisecond, may allocate.
      assertAllocates(
          boxedLong + 1,
          whenFull.toString(),
          () -> admitted[0] += full.tryAcquire("newcomer") ? 1 : 0);
      assertThat(admitted[0]).isZero();
    }
  }

  @Test
  void tryAcquire_table_allocatesNothing() {
    KeyedTable<String> open = TokenBucket.table(AMPLE, KeyFunnel.ofString()).maxKeys(100).build();
    KeyedTable<String> drained = TokenBucket.table(ONE, KeyFunnel.ofString()).maxKeys(100).build();
    long[] calls = new long[4];
    assertAllocates(
        0, "admitted", () -> calls[1] += open.tryAcquire(KEYS[(int) (calls[0]++ & 3)]) ? 1 : 0);
    assertAllocates(
        0, "refused", () -> calls[3] += drained.tryAcquire(KEYS[(int) (calls[2]++ & 3)]) ? 1 : 0);
    assertAllocates(decision, "decide", () -> sink = open.decide("alice"));
    assertThat(calls[1]).isEqualTo(calls[0]);
    assertThat(calls[3]).isEqualTo(KEYS.length);
  }
}

package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a flood costs the garbage collector: nothing, or next to nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeaseAllocationTest {

  private static final Long KEY = 5_000L;
  private static final int CALLS = 2_000;
  private static final int FEWEST_ROUNDS = 5;
  private static final int MOST_ROUNDS = 500;

  private Object sink = "";
  private int admitted;
  private int refused;

  /** Bytes per call, the least of some rounds: of more, as long as the code may not be warm. */
  private double bytesPerCall(BooleanSupplier call) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    double least = Double.MAX_VALUE;
    for (int round = 0; round < FEWEST_ROUNDS || (round < MOST_ROUNDS && least > 1); round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < CALLS; i++) {
        if (call.getAsBoolean()) {
          admitted++;
        } else {
          refused++;
        }
      }
      least = Math.min(least, (double) (threads.getThreadAllocatedBytes(id) - before) / CALLS);
    }
    return least;
  }

  @BeforeAll
  void calibrate() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
            && threads.isThreadAllocatedMemorySupported()
            && threads.isThreadAllocatedMemoryEnabled());
    assertThat(bytesPerCall(() -> true)).as("nothing").isLessThan(1);
    assertThat(
            bytesPerCall(
                () -> {
                  sink = new byte[64];
                  return sink != null;
                }))
        .as("64 bytes")
        .isBetween(64.0, 96.0);
    admitted = 0;
    refused = 0;
  }

  private static LeaseFleet fleet(Quota quota, long lease, WhenDown whenDown) {
    return new LeaseFleet(new SplittableRandom(1), 1, quota, lease, whenDown);
  }

  /** Measures a flood on the first node; time stands still meanwhile. */
  private double bytesPerCall(LeaseFleet fleet) {
    KeyedRateLimiter<Long> limiter = fleet.nodes.get(0).limiter;
    admitted = 0;
    refused = 0;
    return bytesPerCall(() -> limiter.tryAcquire(KEY, 1));
  }

  @Test
  void admittedFromTheHand_allocatesNothing() {
    LeaseFleet fleet = fleet(Quota.perSecond(1_000_000), 1_000_000, WhenDown.CLOSED);
    KeyedRateLimiter<Long> limiter = fleet.nodes.get(0).limiter;
    for (int i = 0; i < 1_000_000; i++) {
      limiter.tryAcquire(KEY, 1);
      fleet.pass(i % 1_000 == 0 ? 2_000_000 : 0);
    }
    while (fleet.isQuiet()) {
      limiter.tryAcquire(KEY, 1);
    }
    fleet.pass(10_000_000); // now there is as much in hand as there can be
    double bytes = bytesPerCall(fleet);
    assertThat(refused).isZero();
    assertThat(fleet.isQuiet()).as("nobody was told").isTrue();
    assertThat(bytes).as("bytes").isLessThan(1);
  }

  @Test
  void refused_allocatesNothing() {
    LeaseFleet fleet = fleet(Quota.perDay(10), 1, WhenDown.CLOSED);
    fleet.nodes.get(0).limiter.tryAcquire(KEY, 10);
    fleet.pass(10_000_000);
    double bytes = bytesPerCall(fleet);
    assertThat(admitted).isZero();
    assertThat(bytes).as("bytes").isLessThan(1);
  }

  @Test
  void refusedBecauseTheAnswerIsOnItsWay_allocatesNothing() {
    LeaseFleet fleet = fleet(Quota.perDay(1_000), 10, WhenDown.CLOSED);
    for (int i = 0; i < 5; i++) {
      assertThat(fleet.nodes.get(0).limiter.tryAcquire(KEY)).isTrue();
    }
    double bytes = bytesPerCall(fleet);
    assertThat(admitted).isZero();
    assertThat(fleet.isQuiet()).as("the answer is on its way").isFalse();
    assertThat(bytes).as("bytes").isLessThan(1);
  }

  @Test
  void answeredByPolicy_allocatesNoMoreThanAHash() {
    for (WhenDown whenDown : WhenDown.values()) {
      LeaseFleet fleet = fleet(Quota.perDay(100_000_000), 10, whenDown);
      fleet.suspended = true;
      double bytes = bytesPerCall(fleet);
      assertThat(admitted == 0).as("%s", whenDown).isEqualTo(whenDown == WhenDown.CLOSED);
      int most = whenDown == WhenDown.LOCAL ? 32 : 1;
      assertThat(bytes).as("%s, bytes", whenDown).isLessThanOrEqualTo(most);
    }
  }
}

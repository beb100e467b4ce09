package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Decision.Outcome;
import io.tidegate.limit.Quota;
import io.tidegate.limit.RateLimiter;
import io.tidegate.limit.TokenBucket;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What nodes with leases admit together, in virtual time: never more than the bound says. */
class LeaseBoundTest {

  private static final long SEED = 20_261_125;
  private static final long KEY = 77;
  private static final Quota QUOTA = Quota.of(200, Duration.ofSeconds(1)).withBurst(120);

  /** Adds up, for all spans of time at once, what was admitted beyond the rate. */
  private static final class Meter {
    private final double perNano;
    private double admitted;
    private double least = Double.MAX_VALUE;
    private double most;

    Meter(Quota quota) {
      perNano = 1e-3 / Micros.of(quota).interval();
    }

    void add(long now, long permits) {
      least = Math.min(least, admitted - perNano * now);
      admitted += permits;
      most = Math.max(most, admitted - perNano * now - least);
    }
  }

  /** One client's calls at random: floods, trickles and pauses; on one node or all. */
  private static final class Load {
    final SplittableRandom random;
    final LeaseFleet fleet;
    final Meter meter;
    final long largest;
    int favourite = -1;
    long mean = 1_000_000;

    Load(SplittableRandom random, LeaseFleet fleet, long largest) {
      this.random = random;
      this.fleet = fleet;
      this.meter = new Meter(fleet.quota);
      this.largest = largest;
    }

    void step() {
      if (random.nextInt(300) == 0) {
        mean = 1L << random.nextInt(10, 31);
        favourite = random.nextInt(-1, fleet.nodes.size());
      }
      if (random.nextInt(2_000) == 0) {
        fleet.pass(random.nextLong(0, 3_000_000_000L));
      }
      fleet.pass(random.nextLong(0, mean));
      int i = favourite < 0 ? random.nextInt(fleet.nodes.size()) : favourite;
      call(fleet.nodes.get(i));
    }

    void call(LeaseFleet.Node node) {
      long permits = random.nextInt(4) == 0 ? random.nextLong(1, largest + 1) : 1;
      if (node.limiter.tryAcquire(KEY, permits)) {
        meter.add(fleet.now(), permits);
      }
    }
  }

  private static LeaseFleet fleet(SplittableRandom random, int size, WhenDown whenDown) {
    return new LeaseFleet(random, size, QUOTA, 20, whenDown);
  }

  private static double bound(LeaseFleet fleet) {
    return fleet.quota.burst() + fleet.nodes.size() * fleet.lease + 1e-6;
  }

  @Test
  void randomCallsOnThreeNodes_stayWithinTheBound_andNeedMuchOfIt() {
    double most = 0;
    for (long seed = SEED; seed < SEED + 20; seed++) {
      most = Math.max(most, excess(seed, 10, 20_000, false));
    }
    assertThat(most).as("the load is hard enough to go beyond one burst").isGreaterThan(130);
  }

  @Tag("long")
  @Test
  void randomCallsOnThreeNodes_manySeeds() {
    for (long seed = 0; seed < 1_000; seed++) {
      excess(seed, 10, 20_000, false);
    }
  }

  private static double excess(long seed, long largest, int steps, boolean broken) {
    SplittableRandom random = new SplittableRandom(seed);
    LeaseFleet fleet = fleet(random, 3, WhenDown.CLOSED);
    fleet.lostOfAThousand = 20;
    fleet.believesInWhatItDidNotHear = broken;
    Load load = new Load(random, fleet, largest);
    for (int i = 0; i < steps; i++) {
      load.step();
    }
    if (!broken) {
      assertThat(load.meter.most).as("seed %s", seed).isLessThanOrEqualTo(bound(fleet));
      assertThat(load.meter.admitted).as("seed %s: admits", seed).isGreaterThan(steps / 50.0);
    }
    return load.meter.most;
  }

  @Test
  void nodesThatTakeLostAnswersForGranted_areFoundOut() {
    LeaseFleet right = fleet(new SplittableRandom(SEED), 3, WhenDown.CLOSED);
    assertThat(excess(SEED, 10, 20_000, true)).isGreaterThan(bound(right));
  }

  @Test
  void callsLargerThanALease_countAsHalfALeaseAndTheLargest() {
    for (long seed = SEED; seed < SEED + 10; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      LeaseFleet fleet = fleet(random, 3, WhenDown.CLOSED);
      Load load = new Load(random, fleet, 60);
      for (int i = 0; i < 20_000; i++) {
        load.step();
      }
      assertThat(load.meter.most)
          .as("seed %s", seed)
          .isLessThanOrEqualTo(QUOTA.burst() + 3 * (10 + 60) + 1e-6);
    }
  }

  /**
   * Nodes crash when all they let pass is told: over time the fleet has admitted no more than
   * without crashes, whatever number of them there were.
   */
  private static void crashes(long seed, boolean broken) {
    SplittableRandom random = new SplittableRandom(seed);
    LeaseFleet fleet = fleet(random, 3, WhenDown.CLOSED);
    Load load = new Load(random, fleet, 3);
    int crashes = 0;
    for (int i = 0; i < 40_000; i++) {
      fleet.pass(random.nextLong(0, 4_000_000));
      load.call(fleet.nodes.get(random.nextInt(3)));
      LeaseFleet.Node node = fleet.nodes.get(random.nextInt(3));
      if (random.nextInt(50) == 0 && node.underWay == 0) {
        if (broken) {
          keepInHand(load, node);
        }
        node.crash();
        crashes++;
      }
    }
    assertThat(crashes).isGreaterThan(200);
    double most = load.meter.perNano * fleet.now() + 2 * QUOTA.burst() + 3 * fleet.lease;
    assertThat(load.meter.admitted).as("seed %s", seed).isLessThanOrEqualTo(most);
    assertThat(load.meter.most)
        .as("seed %s: a node that starts counts as one more", seed)
        .isLessThanOrEqualTo(bound(fleet) + crashes * fleet.lease);
  }

  /** What a node would do that found its leases again after a crash, and forgot what it used. */
  private static void keepInHand(Load load, LeaseFleet.Node node) {
    load.meter.add(load.fleet.now(), load.fleet.lease / 2);
    assertThat(node.underWay).isZero();
  }

  @Test
  void crashes_loseWhatIsInHand_andMintNothing() {
    for (long seed = SEED; seed < SEED + 10; seed++) {
      crashes(seed, false);
    }
  }

  @Test
  void nodesThatFindTheirLeasesAgainAfterACrash_areFoundOut() {
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> crashes(SEED, true)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("seed");
  }

  @Test
  void serverThatLosesItsMemory_addsABurstEachTime() {
    for (long seed = SEED; seed < SEED + 10; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      LeaseFleet fleet = fleet(random, 3, WhenDown.CLOSED);
      Load load = new Load(random, fleet, 5);
      int losses = 0;
      for (int i = 0; i < 20_000; i++) {
        load.step();
        if (random.nextInt(3_000) == 0) {
          fleet.loseMemory();
          losses++;
        }
      }
      assertThat(load.meter.most)
          .as("seed %s", seed)
          .isLessThanOrEqualTo(bound(fleet) + losses * QUOTA.burst());
    }
  }

  @Test
  void outagesUnderLocal_addABurstAndTheRate() {
    for (long seed = SEED; seed < SEED + 10; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      LeaseFleet fleet = fleet(random, 3, WhenDown.LOCAL);
      Load load = new Load(random, fleet, 5);
      int outages = 0;
      long deadNanos = 0;
      long diedAt = 0;
      for (int i = 0; i < 30_000; i++) {
        load.step();
        if (random.nextInt(2_000) == 0) {
          fleet.dead = !fleet.dead;
          outages += fleet.dead ? 1 : 0;
          deadNanos += fleet.dead ? 0 : fleet.now() - diedAt;
          diedAt = fleet.now();
        }
      }
      // Nodes learn of a server's return one by one, by their next calls.
      double more = load.meter.perNano * (deadNanos + outages * 4e9) + outages * QUOTA.burst();
      assertThat(load.meter.most).as("seed %s", seed).isLessThanOrEqualTo(bound(fleet) + more);
      assertThat(outages).isPositive();
    }
  }

  /** How many a fleet admits that had leases in hand and has had no server for a window. */
  private static int afterAWindowAlone(long lastsTimesAsLong) {
    LeaseFleet fleet = fleet(new SplittableRandom(SEED), 1, WhenDown.CLOSED);
    fleet.lastsTimesAsLong = lastsTimesAsLong;
    LeaseFleet.Node node = fleet.nodes.get(0);
    node.crash(); // starts with the rules
    for (int i = 0; i < 50; i++) {
      node.limiter.tryAcquire(KEY);
      fleet.pass(1_000_000);
    }
    fleet.pass(100_000_000);
    fleet.dead = true;
    fleet.pass(QUOTA.window().toNanos());
    int admitted = 0;
    for (int i = 0; i < 200; i++) {
      admitted += node.limiter.tryAcquire(KEY) ? 1 : 0;
      fleet.pass(10_000_000);
    }
    return admitted;
  }

  @Test
  void leases_endAWindowAfterTheirGrant() {
    assertThat(afterAWindowAlone(1))
        .as("what is let pass until the server is missed")
        .isLessThanOrEqualTo(2);
  }

  @Test
  void nodesThatForgetTheEndOfALease_areFoundOut() {
    assertThat(afterAWindowAlone(1_000)).isGreaterThan(5);
  }

  @Test
  void leaseOfOne_withAnswersAtOnce_decidesAsCoreDoes() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int run = 0; run < 50; run++) {
      Quota quota =
          new Quota(
              random.nextLong(1, 1_000),
              Duration.ofMillis(random.nextLong(1_000, 100_000)),
              random.nextLong(1, 50));
      LeaseFleet fleet = new LeaseFleet(random, 1, quota, 1, WhenDown.CLOSED);
      fleet.longestWayNanos = 0;
      long interval = Micros.of(quota).interval() * 1_000;
      RateLimiter oracle =
          TokenBucket.of(new Quota(1, Duration.ofNanos(interval), quota.burst()), fleet.ticker);
      for (int i = 0; i < 2_000; i++) {
        fleet.pass(random.nextLong(0, 3 * interval / 1_000) * 1_000);
        long permits = random.nextInt(3) == 0 ? random.nextLong(1, quota.burst() + 2) : 1;
        Decision expected = oracle.decide(permits);
        Decision answer = fleet.nodes.get(0).limiter.decide(KEY, permits);
        assertThat(answer)
            .as("seed %s, run %s, step %s, %s", SEED, run, i, quota)
            .isEqualTo(expected);
        fleet.pass(0);
      }
    }
  }

  @Test
  void hotClient_costsFewCalls_andGetsAllThereIs() {
    Quota quota = Quota.perSecond(10_000);
    LeaseFleet fleet = new LeaseFleet(new SplittableRandom(SEED), 3, quota, 1_666, WhenDown.CLOSED);
    long admitted = 0;
    for (int i = 0; i < 40_000; i++) {
      fleet.pass(250_000);
      admitted += fleet.nodes.get(i % 3).limiter.tryAcquire(KEY) ? 1 : 0;
    }
    assertThat(admitted).as("4,000 a second of 10,000").isEqualTo(40_000);
    assertThat(fleet.calls).as("20 a second and node").isLessThan(3 * 10 * 30);
  }

  @Test
  void floodOfRefusals_costsACallPerRetryTimeAndNode() {
    LeaseFleet fleet =
        new LeaseFleet(
            new SplittableRandom(SEED), 3, Quota.perMinute(60).withBurst(30), 5, WhenDown.CLOSED);
    for (int i = 0; i < 3_000; i++) {
      fleet.pass(100_000);
      fleet.nodes.get(i % 3).limiter.tryAcquire(KEY);
    }
    fleet.calls = 0;
    int refused = 0;
    for (int i = 0; i < 600_000; i++) {
      fleet.pass(100_000);
      Decision decision = fleet.nodes.get(i % 3).limiter.decide(KEY, 1);
      refused += decision.outcome() == Outcome.REFUSED ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(599_900);
    assertThat(fleet.calls).as("60 retry times on 3 nodes").isLessThanOrEqualTo(183);
  }
}

package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Decision.Outcome;
import io.tidegate.limit.Quota;
import io.tidegate.limit.RateLimiter;
import io.tidegate.limit.TokenBucket;
import io.tidegate.redis.LeaseFleet.Mistake;
import java.time.Duration;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What nodes with leases admit together, in virtual time: never more than the bound says. */
class LeaseBoundTest {

  private static final long SEED = 20_261_125;
  private static final long KEY = 77;
  private static final String EXCESS = "seed %s: beyond the bound";
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
      most = Math.max(most, excess(seed, 10, 20_000, null));
    }
    assertThat(most).as("the load is hard enough to go beyond one burst").isGreaterThan(130);
  }

  @Tag("long")
  @Test
  void randomCallsOnThreeNodes_manySeeds() {
    for (long seed = 0; seed < 1_000; seed++) {
      excess(seed, 10, 20_000, null);
    }
  }

  private static double excess(long seed, long largest, int steps, @Nullable Mistake mistake) {
    SplittableRandom random = new SplittableRandom(seed);
    LeaseFleet fleet = fleet(random, 3, WhenDown.CLOSED).with(mistake);
    fleet.lostOfAThousand = 20;
    Load load = new Load(random, fleet, largest);
    for (int i = 0; i < steps; i++) {
      load.step();
    }
    assertThat(load.meter.most).as(EXCESS, seed).isLessThanOrEqualTo(bound(fleet));
    assertThat(load.meter.admitted).as("seed %s: admits", seed).isGreaterThan(steps / 50.0);
    return load.meter.most;
  }

  @ParameterizedTest
  @EnumSource(names = {"BELIEVES_IN_WHAT_IT_DID_NOT_HEAR", "FORGETS_TO_TELL", "GRANTS_TWICE"})
  void mistakes_areFoundOut(Mistake mistake) {
    foundOut(() -> excess(SEED, 10, 20_000, mistake));
  }

  /** That a check fails, and for no other reason than that too much was admitted. */
  private static void foundOut(ThrowingCallable check) {
    assertThatThrownBy(check)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("beyond the bound");
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
  private static void crashes(long seed, @Nullable Mistake mistake) {
    SplittableRandom random = new SplittableRandom(seed);
    LeaseFleet fleet = fleet(random, 3, WhenDown.CLOSED).with(mistake);
    Load load = new Load(random, fleet, 3);
    int crashes = 0;
    for (int i = 0; i < 40_000; i++) {
      fleet.pass(random.nextLong(0, 4_000_000));
      load.call(fleet.nodes.get(random.nextInt(3)));
      LeaseFleet.Node node = fleet.nodes.get(random.nextInt(3));
      if (random.nextInt(50) == 0 && node.underWay == 0) {
        node.crash(KEY);
        crashes++;
      }
    }
    assertThat(crashes).isGreaterThan(200);
    double most = load.meter.perNano * fleet.now() + 2 * QUOTA.burst() + 3 * fleet.lease;
    assertThat(load.meter.admitted).as(EXCESS, seed).isLessThanOrEqualTo(most);
    assertThat(load.meter.most)
        .as("seed %s: a node that starts counts as one more", seed)
        .isLessThanOrEqualTo(bound(fleet) + crashes * fleet.lease);
  }

  @Test
  void crashes_loseWhatIsInHand_andMintNothing() {
    for (long seed = SEED; seed < SEED + 10; seed++) {
      crashes(seed, null);
    }
  }

  @Test
  void nodesThatFindTheirLeasesAgainAfterACrash_areFoundOut() {
    foundOut(() -> crashes(SEED, Mistake.FINDS_LEASES_AGAIN));
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

  /** A server that comes and goes. */
  private static final class Weather {
    final LeaseFleet fleet;
    final boolean burstsComeBack;
    long more;
    int outages;
    private long changed;

    Weather(LeaseFleet fleet, boolean burstsComeBack) {
      this.fleet = fleet;
      this.burstsComeBack = burstsComeBack;
    }

    /** Changes now. For the bound, an outage's time counts twice, and until nodes have noticed. */
    void change() {
      long lasted = fleet.now() - changed;
      long burst = QUOTA.burst() * Micros.of(QUOTA).interval() * 1_000;
      changed = fleet.now();
      if (fleet.dead) {
        more += lasted + 4 * LeaseFleet.DEADLINE.toNanos();
      } else {
        outages++;
        more += burstsComeBack ? Math.min(lasted, burst) : 0;
      }
      fleet.dead = !fleet.dead;
    }

    /** The time, and what outages add to it. */
    long now() {
      return fleet.now() + more + (fleet.dead ? fleet.now() - changed : 0);
    }
  }

  /**
   * A client calls three times as often as the quota allows while the server comes and goes: each
   * call on any node, or, for one who moves, all on one until it is away.
   */
  private static void outages(long seed, boolean moves, int calls, @Nullable Mistake mistake) {
    SplittableRandom random = new SplittableRandom(seed);
    LeaseFleet fleet = fleet(random, 3, WhenDown.LOCAL).with(mistake);
    Weather weather = new Weather(fleet, moves);
    Meter meter = new Meter(QUOTA);
    int home = 0;
    for (int i = 0; i < 60_000; i++) {
      fleet.pass(random.nextLong(0, 3_300_000));
      if (random.nextInt(calls) == 0) {
        weather.change();
        home = random.nextInt(3);
      }
      int at = moves && !fleet.dead ? home : random.nextInt(3);
      if (fleet.nodes.get(at).limiter.tryAcquire(KEY)) {
        meter.add(weather.now(), 1);
      }
    }
    assertThat(weather.outages).isGreaterThan(30);
    assertThat(meter.most)
        .as(EXCESS + " after %s outages", seed, weather.outages)
        .isLessThanOrEqualTo(bound(fleet) + QUOTA.burst());
  }

  @Test
  void outagesUnderLocal_addOneBurstAndTheRate_howeverOften() {
    for (long seed = SEED; seed < SEED + 10; seed++) {
      outages(seed, false, 600, null);
    }
  }

  /** Nodes that had not served a client have their share of his burst again. */
  @Test
  void outagesUnderLocal_clientWhoMoves_hasBesidesWhatCameBackSinceTheLast() {
    for (long seed = SEED; seed < SEED + 10; seed++) {
      outages(seed, true, 600, null);
      outages(seed, true, 60, null);
    }
  }

  @Test
  void nodesThatHaveAFreshShareInEachOutage_areFoundOut() {
    foundOut(() -> outages(SEED, false, 600, Mistake.STARTS_WITH_A_FRESH_SHARE));
    foundOut(() -> outages(SEED, true, 60, Mistake.STARTS_WITH_A_FRESH_SHARE));
  }

  /** How many a fleet admits that had leases in hand and has had no server for a window. */
  private static int afterAWindowAlone(@Nullable Mistake mistake) {
    LeaseFleet fleet = fleet(new SplittableRandom(SEED), 1, WhenDown.CLOSED).with(mistake);
    LeaseFleet.Node node = fleet.nodes.get(0);
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
    assertThat(afterAWindowAlone(null))
        .as("what is let pass until the server is missed")
        .isLessThanOrEqualTo(2);
  }

  @Test
  void nodesThatForgetTheEndOfALease_areFoundOut() {
    assertThat(afterAWindowAlone(Mistake.FORGETS_THE_END)).isGreaterThan(5);
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

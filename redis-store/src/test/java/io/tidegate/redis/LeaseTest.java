package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Decision.Outcome;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.Reservation;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One client's leases on a node, in virtual time. */
class LeaseTest {

  private static final long KEY = 5;
  private static final Quota QUOTA = Quota.perMinute(60);
  private static final long SECOND = 1_000_000_000;

  private static LeaseFleet fleet(int size, Quota quota, long lease, WhenDown whenDown) {
    return new LeaseFleet(new SplittableRandom(1), size, quota, lease, whenDown);
  }

  private static KeyedRateLimiter<Long> node(LeaseFleet fleet, int i) {
    return fleet.nodes.get(i).limiter;
  }

  private static int admitted(KeyedRateLimiter<Long> limiter, int calls) {
    int admitted = 0;
    for (int i = 0; i < calls; i++) {
      admitted += limiter.tryAcquire(KEY) ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void firstCalls_passUpToHalfALease_andTheRestWhenTheServerHasAnswered() {
    LeaseFleet fleet = fleet(3, QUOTA, 10, WhenDown.LOCAL);
    assertThat(admitted(node(fleet, 0), 9)).isEqualTo(5);
    Decision notKnown = node(fleet, 0).decide(KEY, 1);
    assertThat(notKnown.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(notKnown.retryAfterNanos()).isEqualTo(LeaseFleet.DEADLINE.toNanos());
    fleet.pass(notKnown.retryAfterNanos());
    assertThat(admitted(node(fleet, 0), 9)).isPositive();
  }

  @Test
  void decision_saysWhatIsLeftOnTheServer() {
    LeaseFleet fleet = fleet(2, QUOTA, 10, WhenDown.LOCAL);
    assertThat(node(fleet, 0).decide(KEY, 1)).isEqualTo(admits(59, SECOND));
    fleet.pass(SECOND / 2);
    assertThat(node(fleet, 1).decide(KEY, 2)).isEqualTo(admits(58, 2 * SECOND));
    fleet.pass(SECOND / 2 + 5_000_000); // an answer is as old as its way here was long
    Decision after = node(fleet, 1).peek(KEY, 1);
    assertThat(after.remaining()).as("3 taken by both, 1 came back").isEqualTo(58);
  }

  private static Decision admits(long remaining, long reset) {
    return new Decision(Outcome.ADMITTED, remaining, 0, reset);
  }

  @Test
  void refusedClient_isToldAWaitThatSuffices_andNoLongerOne() {
    LeaseFleet fleet = fleet(1, QUOTA, 10, WhenDown.CLOSED);
    for (int i = 0; i < 200; i++) {
      node(fleet, 0).tryAcquire(KEY);
      fleet.pass(2_000_000);
    }
    int calls = fleet.calls;
    Decision refused = node(fleet, 0).decide(KEY, 4);
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    fleet.pass(refused.retryAfterNanos() - 1);
    assertThat(node(fleet, 0).admits(KEY, 4)).isFalse();
    assertThat(node(fleet, 0).decide(KEY, 4).retryAfterNanos()).isOne();
    assertThat(fleet.calls).as("nobody asked").isEqualTo(calls);
    fleet.pass(1);
    assertThat(node(fleet, 0).admits(KEY, 4)).isTrue();
    assertThat(node(fleet, 0).tryAcquire(KEY, 4)).isTrue();
  }

  @Test
  void smallerCost_passesWhereALargerIsRefused() {
    LeaseFleet fleet = fleet(1, QUOTA, 2, WhenDown.CLOSED);
    assertThat(node(fleet, 0).tryAcquire(KEY, 55)).as("more than a lease").isTrue();
    fleet.pass(1_000_000);
    assertThat(node(fleet, 0).tryAcquire(KEY, 6)).isFalse();
    assertThat(node(fleet, 0).tryAcquire(KEY, 5)).isTrue();
    assertThat(node(fleet, 0).decide(KEY, 61).outcome()).isEqualTo(Outcome.NEVER);
    assertThat(node(fleet, 0).tryAcquire(KEY, 61)).isFalse();
    assertThat(node(fleet, 0).admits(KEY, 61)).isFalse();
  }

  @Test
  void whatIsGivenBack_canBeHadAgain_onceAndNoMore() {
    Quota perDay = Quota.perDay(100);
    for (long lease : new long[] {1, 20}) {
      LeaseFleet fleet = fleet(2, perDay, lease, WhenDown.CLOSED);
      assertThat(node(fleet, 0).tryAcquire(KEY, 100)).isTrue();
      fleet.pass(10_000_000);
      assertThat(node(fleet, 0).giveBack(KEY, 30)).isTrue();
      fleet.pass(10_000_000);
      int admitted = 0;
      for (int i = 0; i < 200; i++) {
        admitted += node(fleet, i % 2).tryAcquire(KEY) ? 1 : 0;
        fleet.pass(10_000_000);
      }
      assertThat(admitted).as("lease %s", lease).isBetween(30 - (int) lease / 2, 30 + (int) lease);
    }
  }

  @Test
  void reservation_givesBackWhatTimeHasNotPaidOff() {
    LeaseFleet fleet = fleet(1, QUOTA, 1, WhenDown.CLOSED);
    Reservation open = node(fleet, 0).reserve(KEY, 40);
    assertThat(open.admitted()).isTrue();
    fleet.pass(30 * SECOND + 5_000_000);
    assertThat(node(fleet, 0).peek(KEY, 1).remaining()).isEqualTo(50);
    open.settle(20);
    fleet.pass(5_000_000);
    assertThat(node(fleet, 0).peek(KEY, 1).remaining())
        .as("of 20 unused, a little less than a quarter is still owed")
        .isEqualTo(54);
    open.cancel();
    fleet.pass(5_000_000);
    assertThat(node(fleet, 0).peek(KEY, 1).remaining()).isEqualTo(54);
  }

  @Test
  void reservation_beyondItsEstimate_isOwed() {
    LeaseFleet fleet = fleet(2, QUOTA, 1, WhenDown.CLOSED);
    node(fleet, 0).reserve(KEY, 10).settle(70);
    fleet.pass(5_000_000);
    Decision here = node(fleet, 0).decide(KEY, 1);
    assertThat(here.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(here.retryAfterNanos()).isBetween(10 * SECOND, 11 * SECOND);
  }

  @Test
  void otherQuota_goesOnFromWhatIsOwed() {
    RedisStoreless store = new RedisStoreless();
    KeyedRateLimiter<Long> before =
        store.leases.limiter("a", QUOTA, WhenDown.CLOSED, 1, 10, q -> null);
    assertThat(before.tryAcquire(KEY, 50)).isTrue();
    store.fleet.pass(5_000_000);
    KeyedRateLimiter<Long> after =
        store.leases.limiter("a", QUOTA.withBurst(70), WhenDown.CLOSED, 1, 10, q -> null);
    assertThat(after.peek(KEY, 1).remaining()).isEqualTo(20);
    assertThat(after.quota().burst()).isEqualTo(70);
    assertThat(store.leases.limiter("b", QUOTA, WhenDown.CLOSED, 1, 10, q -> null).keys()).isZero();
  }

  /** Leases on a modelled server. */
  private static final class RedisStoreless {
    final LeaseFleet fleet = fleet(1, QUOTA, 1, WhenDown.CLOSED);
    final Leases leases =
        new Leases(
            fleet.nodes.get(0), new ServerKeys("t", Stores.SECRET), 1, new Counts(), fleet.ticker);
  }

  @Test
  void reset_forgetsHereAndOnTheServer() {
    LeaseFleet fleet = fleet(2, QUOTA, 1, WhenDown.CLOSED);
    node(fleet, 0).tryAcquire(KEY, 60);
    fleet.pass(5_000_000);
    assertThat(node(fleet, 0).tryAcquire(KEY)).isFalse();
    assertThat(node(fleet, 0).reset(KEY)).isTrue();
    assertThat(node(fleet, 0).peek(KEY, 1).remaining()).isEqualTo(60);
    assertThat(node(fleet, 0).tryAcquire(KEY, 60)).isTrue();
  }

  @Test
  void answerThatComesAfterAReset_bringsNothing() {
    LeaseFleet fleet = fleet(1, QUOTA, 10, WhenDown.CLOSED);
    node(fleet, 0).tryAcquire(KEY, 60);
    node(fleet, 0).reset(KEY);
    fleet.pass(5_000_000);
    assertThat(node(fleet, 0).peek(KEY, 1).remaining()).isEqualTo(60);
  }

  @Test
  void resetOfAClientWhoCallsALot_endsCallsForWhatHeHadInHand() {
    LeaseFleet fleet = fleet(1, Quota.perSecond(1_000), 100, WhenDown.CLOSED);
    for (int i = 0; i < 400; i++) {
      node(fleet, 0).tryAcquire(KEY);
      fleet.pass(1_000_000);
    }
    while (fleet.isQuiet()) {
      node(fleet, 0).tryAcquire(KEY);
    }
    node(fleet, 0).reset(KEY);
    fleet.pass(10_000_000);
    int calls = fleet.calls;
    fleet.pass(SECOND);
    assertThat(fleet.calls).as("nobody calls any more").isEqualTo(calls);
    assertThat(fleet.isQuiet()).isTrue();
  }

  @Test
  void keysThatOweNothing_areForgotten_andOthersNever() {
    LeaseFleet fleet = fleet(1, QUOTA, 1, WhenDown.CLOSED);
    KeyedRateLimiter<Long> limiter = node(fleet, 0);
    limiter.tryAcquire(1L, 60);
    for (long key = 100; key < 2_000; key++) {
      limiter.tryAcquire(key, 1);
      fleet.pass(5_000_000);
    }
    assertThat(limiter.keys()).as("1 s each, 200 a second").isLessThan(600);
    fleet.pass(5 * SECOND);
    limiter.cleanUp();
    assertThat(limiter.keys()).isOne();
    assertThat(limiter.admits(1L, 60)).isFalse();
    fleet.pass(60 * SECOND);
    limiter.cleanUp();
    assertThat(limiter.keys()).isZero();
  }

  @Test
  void keysWithoutRoom_shareWhatTheyOwe_andOthersKeepTheirs() {
    LeaseFleet fleet = fleet(1, QUOTA, 1, WhenDown.CLOSED);
    KeyedRateLimiter<Long> limiter = node(fleet, 0);
    for (long key = 0; key < 5_000; key++) {
      limiter.tryAcquire(key, 60);
    }
    assertThat(limiter.keys()).isEqualTo(1_000);
    assertThat(limiter.crowdedOut()).isEqualTo(4_000);
    fleet.pass(5_000_000);
    assertThat(limiter.tryAcquire(1L)).as("held").isFalse();
    assertThat(limiter.admits(4_999L, 1)).as("what a call would meet").isFalse();
    assertThat(limiter.tryAcquire(4_999L)).as("shares with others").isFalse();
    limiter.resize(10_000);
    assertThat(limiter.tryAcquire(4_999L)).as("now held for itself").isTrue();
  }

  @Test
  void serverGone_policyAnswers_andIsFoundWhenItIsBack() {
    for (WhenDown policy : WhenDown.values()) {
      LeaseFleet fleet = fleet(3, QUOTA, 2, policy);
      fleet.dead = true;
      int admitted = 0;
      for (int i = 0; i < 400; i++) {
        admitted += node(fleet, 0).tryAcquire(KEY) ? 1 : 0;
        fleet.pass(1_000_000);
      }
      int expected =
          switch (policy) {
            case OPEN -> 390;
            case CLOSED -> 0;
            case LOCAL -> 20;
          };
      assertThat(admitted).as("%s", policy).isBetween(expected, expected + 2);
      fleet.dead = false;
      fleet.pass(20_000_000);
      node(fleet, 0).tryAcquire(KEY);
      fleet.pass(10_000_000);
      assertThat(node(fleet, 0).decide(KEY, 1).remaining()).as("%s", policy).isBetween(55L, 59L);
    }
  }

  @Test
  void local_countsWhatTheServerGranted() {
    LeaseFleet fleet = fleet(3, QUOTA, 1, WhenDown.LOCAL);
    for (int i = 0; i < 15; i++) {
      assertThat(node(fleet, 0).tryAcquire(KEY)).isTrue();
      fleet.pass(5_000_000);
    }
    fleet.dead = true;
    int admitted = 0;
    for (int i = 0; i < 400; i++) {
      admitted += node(fleet, 0).tryAcquire(KEY) ? 1 : 0;
      fleet.pass(1_000_000);
    }
    assertThat(admitted).as("a share of 20, of which 15 are used").isBetween(5, 6);
  }

  @Test
  void lostAnswer_refusesNobodyForEver() {
    for (long permits : new long[] {1, 40, 60}) {
      Quota quota = permits == 1 ? QUOTA.withBurst(1) : QUOTA;
      LeaseFleet fleet = fleet(1, quota, 2, WhenDown.CLOSED);
      fleet.lostOfAThousand = 1_000;
      assertThat(node(fleet, 0).tryAcquire(KEY, permits)).isTrue();
      fleet.pass(20_000_000);
      fleet.lostOfAThousand = 0;
      int admitted = 0;
      for (int i = 0; i < 1_500; i++) {
        admitted += node(fleet, 0).tryAcquire(KEY, permits) ? 1 : 0;
        fleet.pass(SECOND / 10);
      }
      int most = (int) ((150 + quota.burst()) / permits);
      assertThat(admitted).as("%s at once", permits).isBetween(1, most);
      assertThat(admitted).as("%s at once", permits).isGreaterThanOrEqualTo(most / 2);
    }
  }

  @Test
  void debtThatTheServerDidNotTake_isPaidOffInTime() {
    LeaseFleet fleet = fleet(2, QUOTA, 2, WhenDown.CLOSED);
    Reservation open = node(fleet, 1).reserve(KEY, 1);
    fleet.pass(5_000_000);
    assertThat(node(fleet, 0).tryAcquire(KEY, 59)).isTrue();
    fleet.pass(5_000_000);
    open.settle(200);
    int admitted = 0;
    for (int i = 0; i < 400; i++) {
      fleet.pass(SECOND);
      admitted += node(fleet, 1).tryAcquire(KEY) ? 1 : 0;
    }
    assertThat(admitted).as("a debt of 180, of which 60 may stay").isBetween(250, 282);
  }

  @Test
  void serverThatAnswersLate_chargesTwiceAndNoMore() {
    LeaseFleet fleet = fleet(1, QUOTA, 2, WhenDown.CLOSED);
    fleet.longestWayNanos = SECOND / 5;
    for (int i = 0; i < 200; i++) {
      node(fleet, 0).tryAcquire(KEY);
      fleet.pass(10_000_000);
    }
    fleet.longestWayNanos = 400_000;
    fleet.pass(SECOND);
    for (int i = 0; i < 3; i++) {
      node(fleet, 0).tryAcquire(KEY);
      fleet.pass(20_000_000);
    }
    assertThat(node(fleet, 0).peek(KEY, 1).remaining()).isGreaterThan(50);
  }

  @Test
  void outage_policyAnswersAlsoWhereTheServerWasNotTold() {
    LeaseFleet fleet = fleet(2, QUOTA.withBurst(1), 1, WhenDown.LOCAL);
    fleet.dead = true;
    int admitted = 0;
    for (int i = 0; i < 600; i++) {
      admitted += node(fleet, 0).tryAcquire(KEY) ? 1 : 0;
      fleet.pass(SECOND / 10);
    }
    assertThat(admitted).as("a minute at half the rate").isBetween(29, 32);
  }

  @Test
  void outage_keepsADebtAndWhatWasNotTold_forBothTimes() {
    LeaseFleet fleet = fleet(1, QUOTA, 1, WhenDown.CLOSED);
    node(fleet, 0).tryAcquire(KEY, 30);
    fleet.pass(5_000_000);
    fleet.dead = true;
    assertThat(node(fleet, 0).tryAcquire(KEY, 5)).isTrue();
    fleet.pass(31 * SECOND);
    node(fleet, 0).cleanUp();
    assertThat(node(fleet, 0).keys()).as("30 s paid off, 5 not").isOne();
    fleet.pass(5 * SECOND);
    node(fleet, 0).cleanUp();
    assertThat(node(fleet, 0).keys()).isZero();
  }

  @Test
  void floodWhileNobodyAsks_triesNowAndThen() {
    LeaseFleet fleet = fleet(1, QUOTA, 2, WhenDown.CLOSED);
    fleet.suspended = true;
    for (int i = 0; i < 10_000; i++) {
      node(fleet, 0).tryAcquire(KEY);
      fleet.pass(SECOND / 10_000);
    }
    assertThat(fleet.calls).isBetween(50, 101);
  }

  @Test
  void keyWithPermitsInHand_isForgottenWhenItIsIdle() {
    LeaseFleet fleet = fleet(1, Quota.perDay(1_000_000), 100, WhenDown.CLOSED);
    for (int i = 0; i < 20; i++) {
      node(fleet, 0).tryAcquire(KEY);
      fleet.pass(1_000_000);
    }
    fleet.pass(SECOND / 2);
    node(fleet, 0).cleanUp();
    assertThat(node(fleet, 0).keys()).isOne();
    fleet.pass(10 * SECOND);
    node(fleet, 0).cleanUp();
    assertThat(node(fleet, 0).keys()).as("a lease lasts a day").isZero();
  }

  @Test
  void fasterQuota_cutsWhatIsOwed() {
    RedisStoreless store = new RedisStoreless();
    KeyedRateLimiter<Long> before =
        store.leases.limiter("a", Quota.perDay(10), WhenDown.CLOSED, 1, 10, q -> null);
    assertThat(before.tryAcquire(KEY, 10)).isTrue();
    store.fleet.pass(5_000_000);
    KeyedRateLimiter<Long> after =
        store.leases.limiter("a", Quota.perSecond(10), WhenDown.CLOSED, 1, 10, q -> null);
    assertThat(after.tryAcquire(KEY)).isFalse();
    store.fleet.pass(SECOND + 5_000_000);
    assertThat(after.tryAcquire(KEY)).as("not a day later").isTrue();
  }

  @Test
  void permitsGivenBackWhileCutOff_comeBackWhenTheServerCanBeReached() {
    LeaseFleet fleet = fleet(1, Quota.perDay(60), 1, WhenDown.CLOSED);
    Reservation open = node(fleet, 0).reserve(KEY, 60);
    fleet.pass(SECOND);
    fleet.cutOff = true;
    open.settle(20);
    fleet.pass(SECOND);
    assertThat(node(fleet, 0).tryAcquire(KEY)).isFalse();
    fleet.cutOff = false;
    fleet.pass(SECOND);
    assertThat(node(fleet, 0).tryAcquire(KEY)).as("the server is asked on the side").isFalse();
    fleet.pass(SECOND);
    int admitted = 0;
    for (int i = 0; i < 60; i++) {
      admitted += node(fleet, 0).tryAcquire(KEY) ? 1 : 0;
      fleet.pass(5_000_000);
    }
    assertThat(admitted).as("40 of a day's 60, less what time has paid off").isBetween(39, 40);
  }

  @Test
  void wrongArguments_areRefused() {
    LeaseFleet fleet = fleet(1, QUOTA, 1, WhenDown.CLOSED);
    KeyedRateLimiter<Long> limiter = node(fleet, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.tryAcquire(KEY, 0))
        .withMessage("permits: 0 (expected: at least 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.reserve(KEY, 0))
        .withMessage("estimate: 0 (expected: at least 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.resize(0))
        .withMessage("maxKeys: 0 (expected: 1 to 268435456)");
    assertThat(limiter.limiter(KEY).tryAcquire(60)).isTrue();
    fleet.pass(Duration.ofMillis(5).toNanos());
    assertThat(limiter.limiter(KEY).tryAcquire(1)).isFalse();
    assertThat(limiter.limiter(KEY).toString()).doesNotContain("key=5");
  }
}

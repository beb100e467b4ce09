package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Leases on a cluster of three nodes. */
class LeaseClusterTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Quota TEN = Quota.perDay(10);
  private static final long KEY = 77;
  private static final long MOVED = 1_000;

  private final List<RedisStore> stores = new ArrayList<>();
  private static ThreeNodes nodes;

  @BeforeAll
  static void start() {
    nodes = new ThreeNodes();
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  @AfterEach
  void closeStores() {
    stores.forEach(RedisStore::close);
  }

  private RedisStore store() {
    RedisStore store =
        RedisStore.cluster(nodes.uris())
            .secret(Stores.SECRET)
            .nodes(2)
            .whenDown(WhenDown.CLOSED)
            .deadline(Duration.ofSeconds(1))
            .connectWait(LONG)
            .build();
    stores.add(store);
    return store;
  }

  private static KeyedRateLimiter<Long> limiter(RedisStore store, String name) {
    return store.leased().lease(1).limiter(name, TEN);
  }

  private static void untilTold(RedisStore store) {
    Until.isTrue("told", LONG, () -> store.status().decided() >= store.status().trips());
  }

  @Test
  void leasesOfTwoNodes_areCountedTogether_onAllNodesOfTheCluster() {
    RedisStore here = store();
    RedisStore there = store();
    for (long key = 0; key < 90; key++) {
      assertThat(limiter(here, "both").tryAcquire(key, 6)).as("key %s", key).isTrue();
    }
    untilTold(here);
    for (int node = 0; node < 3; node++) {
      assertThat(nodes.keys(node)).as("keys of node %s", node).isGreaterThan(10);
    }
    for (long key = 0; key < 90; key++) {
      limiter(there, "both").tryAcquire(key);
    }
    untilTold(there);
    for (long key = 0; key < 90; key++) {
      assertThat(limiter(there, "both").peek(key, 1).remaining()).as("key %s", key).isEqualTo(3);
    }
    assertThat(here.status().failed() + here.status().late()).isZero();
    assertThat(here.status().answeredByPolicy()).isZero();
  }

  @Test
  void keyOfALease_isInTheSlotOfExactLimitsOnTheSameClient() {
    RedisStore store = store();
    limiter(store, "slot").tryAcquire(KEY, 4);
    untilTold(store);
    String name = Long.toHexString(KEY);
    RedisLimiter<String> same = store.exact("slot", TEN).build();
    RedisLimiter<String> other = store.exact("other", TEN).build();
    JointDecision both = Stores.get(store.decideAll(same.charge(name, 1), other.charge(name, 1)));
    assertThat(both.admitted()).isTrue();
    assertThat(both.decision().remaining()).as("10, less the lease's 4 and 1").isEqualTo(5);
  }

  @Test
  void slotThatMoves_isFollowed_andNothingIsChargedTwice() {
    RedisStore store = store();
    KeyedRateLimiter<Long> limiter = limiter(store, "moved");
    assertThat(limiter.tryAcquire(MOVED, 4)).isTrue();
    untilTold(store);
    String key = store.exact("moved", TEN).build().charge(Long.toHexString(MOVED), 1).serverKey;
    int slot = SlotHash.getSlot(key);
    int from = nodes.ownerOf(slot);
    int to = (from + 1) % 3;
    nodes.move(slot, key, from, to);

    assertThat(limiter.tryAcquire(MOVED, 3)).isTrue();
    untilTold(store);
    assertThat(nodes.redirects(from)).as("the old owner was asked first").isPositive();
    assertThat(store.status().failed() + store.status().late()).isZero();
    KeyedRateLimiter<Long> other = limiter(store(), "moved");
    other.tryAcquire(MOVED);
    untilTold(stores.get(1));
    assertThat(other.peek(MOVED, 1).remaining()).as("10 - 4 - 3 - 1").isEqualTo(2);
  }

  @Tag("long")
  @Test
  void oneNodeGone_keysOfTheOthersGoOn_andItsOwnAreServedWhenItIsBack() {
    RedisStore store = store();
    KeyedRateLimiter<Long> limiter =
        store.leased().lease(2).limiter("gone", Quota.perSecond(50_000));
    Until.isTrue("all are served", LONG, () -> admitted(limiter) == 90);
    nodes.kill(1);
    Until.isTrue(
        "one third of the keys is refused at once, the others are served",
        LONG,
        () -> {
          int admitted = admitted(limiter);
          return admitted > 30 && admitted < 80;
        });
    nodes.restart(1);
    Until.isTrue("all are served again", LONG, () -> admitted(limiter) == 90);
  }

  private static int admitted(KeyedRateLimiter<Long> limiter) {
    int admitted = 0;
    for (long key = 0; key < 90; key++) {
      admitted += limiter.tryAcquire(key) ? 1 : 0;
    }
    return admitted;
  }
}

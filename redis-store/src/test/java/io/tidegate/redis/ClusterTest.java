package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a cluster of three nodes. */
class ClusterTest {

  private ThreeNodes nodes;
  private RedisStore store;

  @BeforeEach
  void start() {
    nodes = new ThreeNodes();
    store =
        RedisStore.cluster(nodes.uris())
            .secret(Stores.SECRET)
            .nodes(1)
            .deadline(Duration.ofSeconds(1))
            .connectWait(Duration.ofSeconds(20))
            .build();
  }

  @AfterEach
  void stop() {
    store.close();
    nodes.close();
  }

  @Test
  void limits_ofOneKey_areDecidedTogether_othersAreRefusedWithAReason() {
    RedisLimiter<String> requests = store.exact("requests", Quota.perHour(10)).build();
    RedisLimiter<String> bytes = store.exact("bytes", Quota.perHour(1_000)).build();
    RedisLimiter<String> tenants = store.exact("tenants", Quota.perHour(50)).build();
    RedisLimiter<String> users =
        store.exact("users", Quota.perHour(50)).together(user -> user.split("/")[0]).build();
    for (int i = 0; i < 50; i++) {
      String user = "tenant-" + i + "/alice";
      assertThat(
              Stores.get(store.decideAll(requests.charge(user, 1), bytes.charge(user, 40)))
                  .admitted())
          .isTrue();
      assertThat(
              Stores.get(store.decideAll(tenants.charge("tenant-" + i, 1), users.charge(user, 1)))
                  .admitted())
          .isTrue();
    }
    assertThat(Stores.decide(bytes, "tenant-7/alice", 1).remaining()).isEqualTo(959);
    assertThat(store.status().answeredByPolicy()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> {
              for (int i = 0; i < 20; i++) {
                store.decideAll(requests.charge("a" + i, 1), bytes.charge("b" + i, 1));
              }
            })
        .withMessageContaining("one slot")
        .withMessageContaining("together");
  }

  @Test
  void oneNodeGone_othersGoOn_andItIsFoundAgain() {
    RedisLimiter<String> limiter =
        store.exact("gone", Quota.perSecond(100_000)).whenDown(WhenDown.CLOSED).build();
    List<String> keys = keys(limiter);
    assertThat(keys).allMatch(key -> Stores.decide(limiter, key, 1).admitted());

    nodes.kill(1);
    Until.isTrue(
        "one third of the keys is refused at once, the others are served",
        Duration.ofSeconds(20),
        () -> {
          long late = store.status().late();
          long refused =
              keys.stream().filter(key -> !Stores.decide(limiter, key, 1).admitted()).count();
          return refused > 10 && refused < 60 && store.status().late() == late;
        });
    nodes.restart(1);
    Until.isTrue(
        "all are served",
        Duration.ofSeconds(30),
        () -> keys.stream().allMatch(key -> Stores.decide(limiter, key, 1).admitted()));
  }

  private static List<String> keys(RedisLimiter<String> limiter) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      keys.add("key-" + i);
    }
    return keys;
  }

  /** A minute of load while nodes are killed, paused and started again. */
  @Test
  @Tag("long")
  void nodesComeAndGo_noKeyIsAdmittedMoreThanTheBound() {
    long seed = 77;
    SplittableRandom random = new SplittableRandom(seed);
    long burst = 20;
    Quota quota = Quota.of(burst, Duration.ofDays(100));
    RedisLimiter<String> limiter = store.exact("bound", quota).whenDown(WhenDown.CLOSED).build();
    long[] admitted = new long[300];
    int losses = 0;
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < end) {
      int node = random.nextInt(3);
      boolean kill = random.nextBoolean();
      if (kill) {
        nodes.kill(node);
      } else {
        nodes.pause(node);
      }
      load(limiter, admitted, Duration.ofSeconds(3));
      if (kill) {
        nodes.restart(node);
        losses++;
      } else {
        nodes.resume(node);
      }
      load(limiter, admitted, Duration.ofSeconds(4));
    }
    for (int key = 0; key < admitted.length; key++) {
      assertThat(admitted[key])
          .as("seed %s, key %s after %s losses", seed, key, losses)
          .isLessThanOrEqualTo(burst * (1 + losses));
    }
    Until.isTrue(
        "all is well again",
        Duration.ofSeconds(30),
        () -> {
          Decision decision = Stores.decide(limiter, "fresh-" + System.nanoTime(), 1);
          return decision.admitted() && !store.status().suspended();
        });
  }

  private static void load(RedisLimiter<String> limiter, long[] admitted, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (int key = 0; System.nanoTime() < end; key = (key + 1) % admitted.length) {
      admitted[key] += Stores.decide(limiter, "key-" + key, 1).admitted() ? 1 : 0;
    }
  }
}

package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.tidegate.limit.Decision;
import io.tidegate.limit.Decision.Outcome;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisLimiterTest {

  private static RedisProcess server;
  private static RedisStore store;
  private static RedisStore other;
  private static RedisClient client;
  private static RedisCommands<String, String> redis;

  @BeforeAll
  static void start() {
    server = RedisProcess.start();
    store = Stores.patient(server.uri()).prefix("app").build();
    other = Stores.patient(server.uri()).prefix("app").build();
    client = RedisClient.create(server.uri());
    redis = client.connect().sync();
  }

  @AfterAll
  static void stop() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    store.close();
    other.close();
    server.close();
  }

  @BeforeEach
  void forgetAll() {
    redis.flushall();
  }

  private static List<String> keys() {
    return redis.eval("return redis.call('KEYS', '*')", ScriptOutputType.MULTI);
  }

  private static RedisLimiter<String> limiter(String name, Quota quota) {
    return store.exact(name, quota).build();
  }

  @Test
  void decide_onTwoNodes_countsTogether() {
    Quota quota = Quota.perHour(3);
    RedisLimiter<String> here = limiter("together", quota);
    RedisLimiter<String> there = other.exact("together", quota).build();

    assertThat(Stores.decide(here, "alice", 2).remaining()).isEqualTo(1);
    assertThat(Stores.decide(there, "alice", 2).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(Stores.decide(there, "alice", 1).admitted()).isTrue();
    assertThat(Stores.decide(here, "bob", 3).admitted()).isTrue();
  }

  @Test
  void decide_moreThanTheBurst_isNeverAndSaysWhatIsLeft() {
    RedisLimiter<String> limiter = limiter("never", Quota.perHour(3));
    Stores.decide(limiter, "alice", 1);
    Decision decision = Stores.decide(limiter, "alice", 4);
    assertThat(decision.outcome()).isEqualTo(Outcome.NEVER);
    assertThat(decision.remaining()).isEqualTo(2);
    assertThat(Stores.decide(limiter, "alice", 2).admitted()).isTrue();
  }

  @Test
  void decide_refusedBefore_isAnsweredWithoutTheServer() {
    RedisLimiter<String> limiter = limiter("refused", Quota.perHour(4));
    Stores.decide(limiter, "alice", 2);
    Decision first = Stores.decide(limiter, "alice", 3);
    StoreStatus before = store.status();
    Decision second = Stores.decide(limiter, "alice", 3);
    StoreStatus after = store.status();

    assertThat(first.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(second.retryAfterNanos()).isBetween(1L, first.retryAfterNanos());
    assertThat(after.trips()).isEqualTo(before.trips());
    assertThat(after.refusedHere()).isEqualTo(before.refusedHere() + 1);
  }

  @Test
  void decide_smallerThanWhatWasRefused_isAsked() {
    RedisLimiter<String> limiter = limiter("smaller", Quota.perHour(4));
    Stores.decide(limiter, "alice", 2);
    assertThat(Stores.decide(limiter, "alice", 3).admitted()).isFalse();
    assertThat(Stores.decide(limiter, "alice", 2).admitted()).isTrue();
  }

  @Test
  void decide_afterTheToldWait_isAdmitted() {
    RedisLimiter<String> limiter = limiter("wait", Quota.perSecond(20).withBurst(1));
    Stores.decide(limiter, "alice", 1);
    Decision refusal = Stores.decide(limiter, "alice", 1);
    long told = System.nanoTime() + refusal.retryAfterNanos();
    assertThat(refusal.retryAfterNanos()).isBetween(1L, 50_000_000L);
    while (System.nanoTime() - told < 0) {
      assertThat(Stores.decide(limiter, "bob-" + System.nanoTime(), 1).admitted()).isTrue();
    }
    assertThat(Stores.decide(limiter, "alice", 1).admitted()).isTrue();
  }

  @Test
  void key_livesAsLongAsTheDebt() {
    RedisLimiter<String> limiter = limiter("ttl", Quota.perSecond(10));
    Decision decision = Stores.decide(limiter, "alice", 5);
    String key = keys().get(0);
    assertThat(decision.resetAfterNanos()).isEqualTo(500_000_000);
    assertThat(redis.pttl(key)).isBetween(1L, 501L);
    assertThat(redis.pexpiretime(key) * 1_000 - Long.parseLong(redis.get(key)))
        .as("microseconds between the end of the debt and that of the key")
        .isBetween(0L, 999L);
  }

  @Test
  void keys_tellNoName_andAreOfOneApplication() {
    Quota quota = Quota.perHour(1);
    RedisStore foreign = Stores.patient(server.uri()).prefix("other-app").build();
    try (foreign) {
      Stores.decide(limiter("keys", quota), "alice@example.org", 1);
      assertThat(Stores.decide(foreign.exact("keys", quota).build(), "alice@example.org", 1))
          .extracting(Decision::admitted)
          .isEqualTo(true);
    }
    List<String> keys = keys();
    assertThat(keys)
        .hasSize(2)
        .allMatch(key -> key.matches("(app|other-app):1:\\{[A-Za-z0-9_-]{22}}:keys"));
    assertThat(keys.get(0).split("[{}]")[1]).isNotEqualTo(keys.get(1).split("[{}]")[1]);
  }

  @Test
  void keys_underAnotherSecret_areOthers() {
    byte[] secret = new byte[32];
    assertThat(new ServerKeys("p", secret).of("l", "alice"))
        .isEqualTo(new ServerKeys("p", secret).of("l", "alice"))
        .isNotEqualTo(new ServerKeys("p", Stores.SECRET).of("l", "alice"));
    String longName = "x".repeat(100_000);
    assertThat(new ServerKeys("p", secret).of("l", longName)).hasSizeLessThan(40);
  }

  @Test
  void script_forgottenByTheServer_isSentAgain() {
    RedisLimiter<String> limiter = limiter("noscript", Quota.perHour(2));
    Stores.decide(limiter, "alice", 1);
    redis.scriptFlush();
    assertThat(Stores.decide(limiter, "alice", 1).remaining()).isZero();
    assertThat(Stores.decide(limiter, "alice", 1).admitted()).isFalse();
    assertThat(store.status().failed()).isZero();
  }

  @Test
  void quota_changed_keepsWhatIsOwed() {
    Stores.decide(limiter("live", Quota.perHour(10)), "alice", 6);
    RedisLimiter<String> smaller = limiter("live", Quota.perHour(10).withBurst(8));
    assertThat(Stores.decide(smaller, "alice", 1).remaining()).isEqualTo(1);
  }

  @Test
  void decideAll_oneRefuses_chargesNone() {
    RedisLimiter<String> requests = limiter("requests", Quota.perHour(10));
    RedisLimiter<String> tokens = limiter("tokens", Quota.perHour(1_000));
    Stores.decide(tokens, "alice", 900);

    JointDecision refused =
        Stores.get(store.decideAll(requests.charge("alice", 1), tokens.charge("alice", 200)));
    assertThat(refused.admitted()).isFalse();
    assertThat(refused.decidedBy()).isEqualTo(1);
    JointDecision admitted =
        Stores.get(store.decideAll(requests.charge("alice", 10), tokens.charge("alice", 50)));
    assertThat(admitted.admitted()).isTrue();
    assertThat(admitted.decidedBy()).isZero();
    assertThat(Stores.decide(tokens, "alice", 50).remaining()).isZero();
  }

  @Test
  void decideAll_oneLimitTwice_isRefusedWithAReason() {
    RedisLimiter<String> limiter = limiter("twice", Quota.perHour(10));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.decideAll(limiter.charge("a", 1), limiter.charge("a", 2)))
        .withMessageContaining("once");
    assertThatIllegalArgumentException().isThrownBy(() -> store.decideAll());
  }

  @Test
  void hotKey_manyCallers_shareTripsAndAdmitExactly() throws Exception {
    int callers = 16;
    int each = 500;
    long burst = 3_000;
    RedisLimiter<String> limiter = limiter("hot", Quota.of(burst, Duration.ofDays(100)));
    StoreStatus before = store.status();
    LongAdder admitted = new LongAdder();
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    for (int i = 0; i < callers; i++) {
      threads.execute(
          () -> {
            List<CompletionStage<Decision>> answers = new ArrayList<>();
            for (int call = 0; call < each; call++) {
              answers.add(limiter.decide("hot"));
            }
            answers.forEach(answer -> admitted.add(Stores.get(answer).admitted() ? 1 : 0));
          });
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    StoreStatus after = store.status();

    assertThat(after.trips() - before.trips())
        .as("trips for %s decisions", after.decided() - before.decided())
        .isLessThan((after.decided() - before.decided()) / 4);
    long byPolicy = after.answeredByPolicy() - before.answeredByPolicy();
    assertThat(admitted.sum()).isBetween(burst, burst + byPolicy);
  }

  @Test
  void manyKeys_calledAtOnce_shareTrips() {
    int keys = 2_000;
    RedisLimiter<String> limiter = limiter("crowd", Quota.perDay(2));
    StoreStatus before = store.status();
    List<CompletionStage<Decision>> answers = new ArrayList<>();
    for (int i = 0; i < 3 * keys; i++) {
      answers.add(limiter.decide("client" + i % keys));
    }
    long admitted = answers.stream().filter(answer -> Stores.get(answer).admitted()).count();
    StoreStatus after = store.status();
    assertThat(after.answeredByPolicy()).isEqualTo(before.answeredByPolicy());
    assertThat(admitted).isEqualTo(2L * keys);
    assertThat(after.trips() - before.trips()).isLessThan(keys / 4);
  }

  @Test
  void builders_badParts_areRefusedWithAReason() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisStore.builder(server.uri()).build())
        .withMessage("secret: none (expected: the same on all nodes)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisStore.builder(server.uri()).secret(new byte[15]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisStore.builder(server.uri()).prefix("a{b}"))
        .withMessageContaining("prefix: a{b} (expected:");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisStore.builder(server.uri()).deadline(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> store.exact("a:b", Quota.perHour(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter("ok", Quota.perHour(1)).decide("alice", 0))
        .withMessage("permits: 0 (expected: at least 1)");
    try (RedisStore alone = RedisStore.builder(server.uri()).secret(Stores.SECRET).build()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> alone.exact("a", Quota.perHour(1)).build())
          .withMessageContaining("nodes");
    }
  }
}

package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.tidegate.limit.Decision;
import io.tidegate.limit.Decision.Outcome;
import io.tidegate.limit.Quota;
import io.tidegate.redis.StoreEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that is slow, gone, or comes back empty. */
class FaultsTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration DEADLINE = Duration.ofMillis(100);
  private static final Quota PLENTY = Quota.perSecond(100_000);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Kind> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.add(resource);
    return resource;
  }

  private RedisStore store(RedisURI uri, WhenDown whenDown) {
    return opened(
        RedisStore.builder(uri)
            .secret(Stores.SECRET)
            .nodes(2)
            .whenDown(whenDown)
            .deadline(DEADLINE)
            .connectWait(Duration.ofSeconds(10))
            .listener(event -> events.add(event.kind()))
            .build());
  }

  /** Calls until the server is not asked any more. */
  private static void suspend(RedisStore store, RedisLimiter<String> limiter) {
    Until.isTrue(
        "suspended",
        LONG,
        () -> {
          Stores.decide(limiter, "any", 1);
          return store.status().suspended();
        });
  }

  /** Calls until the server is asked again and decides. */
  private static void recover(RedisStore store, RedisLimiter<String> limiter) {
    long before = store.status().decided();
    Until.isTrue(
        "recovered",
        LONG,
        () -> {
          Stores.decide(limiter, "any", 1);
          return !store.status().suspended() && store.status().decided() > before;
        });
  }

  @Test
  void pausedServer_callsEndByTheDeadlineThenAtOnce_andItIsAskedAgain() {
    RedisProcess server = opened(RedisProcess.start());
    RedisStore store = store(server.uri(), WhenDown.CLOSED);
    RedisLimiter<String> limiter = store.exact("paused", PLENTY).build();
    recover(store, limiter);

    server.pause();
    long began = System.nanoTime();
    Decision late = Stores.decide(limiter, "alice", 1);
    long took = System.nanoTime() - began;
    assertThat(late.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(late.retryAfterNanos()).isPositive();
    assertThat(took)
        .isGreaterThan(DEADLINE.toNanos() / 2)
        .isLessThan(Duration.ofSeconds(5).toNanos());
    assertThat(store.status().late()).isPositive();

    suspend(store, limiter);
    long trips = store.status().trips();
    int atOnce = 0;
    for (int i = 0; i < 1_000; i++) {
      CompletionStage<Decision> answer = limiter.decide("alice");
      atOnce += answer.toCompletableFuture().isDone() ? 1 : 0;
    }
    assertThat(atOnce).as("all but a few probes").isGreaterThan(900);
    assertThat(store.status().trips() - trips).isLessThan(50);

    server.resume();
    recover(store, limiter);
    assertThat(events).contains(Kind.SUSPENDED, Kind.PROBING, Kind.RESUMED);
    assertThat(events).doesNotContain(Kind.RESTARTED);
  }

  @Test
  void killedServer_isAskedAgainWhenItIsBack_andItsLossIsTold() {
    RedisProcess server = opened(RedisProcess.start());
    RedisStore store = store(server.uri(), WhenDown.OPEN);
    RedisLimiter<String> limiter = store.exact("killed", PLENTY).build();
    RedisLimiter<String> slow = store.exact("slow", Quota.perDay(1)).build();
    recover(store, limiter);
    assertThat(Stores.decide(slow, "alice", 1).admitted()).isTrue();
    Decision refused = Stores.decide(slow, "alice", 1);

    server.kill();
    suspend(store, limiter);
    assertThat(Stores.decide(limiter, "bob", 1).admitted()).as("open").isTrue();
    server.again();
    recover(store, limiter);
    assertThat(events).contains(Kind.DISCONNECTED, Kind.SUSPENDED, Kind.RESUMED, Kind.RESTARTED);
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(Stores.decide(slow, "alice", 1).outcome())
        .as("who was refused here stays so, whatever the server forgot")
        .isEqualTo(Outcome.REFUSED);
  }

  @Test
  void noServerAtTheStart_policyAnswers_andItIsFound() {
    int port = RedisProcess.freePort();
    RedisStore store =
        opened(
            RedisStore.builder(RedisURI.create("127.0.0.1", port))
                .secret(Stores.SECRET)
                .whenDown(WhenDown.OPEN)
                .deadline(DEADLINE)
                .connectWait(Duration.ofMillis(50))
                .build());
    RedisLimiter<String> limiter = store.exact("early", PLENTY).build();
    assertThat(Stores.decide(limiter, "alice", 1).admitted()).isTrue();
    assertThat(store.status().connected()).isFalse();
    opened(RedisProcess.startAt(port));
    recover(store, limiter);
    assertThat(store.status().connected()).isTrue();
  }

  @Test
  void local_countsWhatTheServerAdmitted_andGivesANodesShare() {
    RedisProcess server = opened(RedisProcess.start());
    RedisStore store = store(server.uri(), WhenDown.LOCAL);
    RedisLimiter<String> limiter = store.exact("local", Quota.perDay(20)).build();
    RedisLimiter<String> plenty = store.exact("plenty", PLENTY).whenDown(WhenDown.OPEN).build();
    recover(store, plenty);
    assertThat(Stores.decide(limiter, "alice", 7).remaining()).isEqualTo(13);
    server.kill();
    suspend(store, plenty);

    assertThat(Stores.decide(limiter, "alice", 3).remaining()).as("10 of 20 are here").isZero();
    assertThat(Stores.decide(limiter, "alice", 1).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(Stores.decide(limiter, "bob", 10).admitted()).isTrue();
    Decision tooMuchHere = Stores.decide(limiter, "carol", 11);
    assertThat(tooMuchHere.outcome()).as("the server could").isEqualTo(Outcome.REFUSED);
    assertThat(Stores.decide(limiter, "carol", 21).outcome()).isEqualTo(Outcome.NEVER);
  }

  @Test
  void local_ofSeveralLimits_takesAllOrNone() {
    RedisStore store =
        opened(
            RedisStore.builder(RedisURI.create("127.0.0.1", RedisProcess.freePort()))
                .secret(Stores.SECRET)
                .nodes(1)
                .connectWait(Duration.ZERO)
                .build());
    RedisLimiter<String> large = store.exact("large", Quota.perDay(10)).build();
    RedisLimiter<String> small = store.exact("small", Quota.perDay(2)).build();
    RedisLimiter<String> shut =
        store.exact("shut", Quota.perDay(2)).whenDown(WhenDown.CLOSED).build();

    assertThat(Stores.get(store.decideAll(large.charge("a", 10), small.charge("a", 2))).admitted())
        .isTrue();
    JointDecision refused =
        Stores.get(
            store.decideAll(large.charge("b", 10), small.charge("b", 2), shut.charge("b", 1)));
    assertThat(refused.admitted()).isFalse();
    assertThat(refused.decidedBy()).isEqualTo(2);
    assertThat(Stores.decide(large, "b", 10).admitted()).isTrue();
  }

  @Test
  void cutConnection_isMadeAgain_andNothingIsSentTwice() {
    RedisProcess server = opened(RedisProcess.start());
    FaultyProxy proxy = opened(new FaultyProxy(server.port));
    RedisStore store = store(proxy.uri(), WhenDown.CLOSED);
    RedisLimiter<String> plenty = store.exact("plenty", PLENTY).build();
    recover(store, plenty);
    RedisLimiter<String> limiter = store.exact("cut", Quota.perDay(100)).build();
    assertThat(Stores.decide(limiter, "alice", 1).remaining()).isEqualTo(99);

    proxy.answerDelayMillis = 5_000;
    String before = valueOf(server, limiter);
    CompletionStage<Decision> underWay = limiter.decide("alice");
    Until.isTrue("charged", LONG, () -> !valueOf(server, limiter).equals(before));
    proxy.cut();
    Stores.get(underWay);
    proxy.answerDelayMillis = 0;
    recover(store, plenty);
    assertThat(Stores.decide(limiter, "alice", 1).remaining())
        .as("the call that was cut counts once")
        .isEqualTo(97);
  }

  private static String valueOf(RedisProcess server, RedisLimiter<String> limiter) {
    RedisClient client = RedisClient.create(server.uri());
    try {
      return client.connect().sync().get(limiter.charge("alice", 1).serverKey);
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
  }

  @Test
  void halfClosedConnection_isMadeAgain() {
    RedisProcess server = opened(RedisProcess.start());
    FaultyProxy proxy = opened(new FaultyProxy(server.port));
    RedisStore store = store(proxy.uri(), WhenDown.CLOSED);
    RedisLimiter<String> limiter = store.exact("half", PLENTY).build();
    recover(store, limiter);
    proxy.halfClose();
    recover(store, limiter);
    assertThat(events).contains(Kind.DISCONNECTED);
  }

  @Test
  void connectionThatLeadsNowhere_isReplaced() {
    RedisProcess server = opened(RedisProcess.start());
    FaultyProxy proxy = opened(new FaultyProxy(server.port));
    RedisStore store = store(proxy.uri(), WhenDown.CLOSED);
    RedisLimiter<String> limiter = store.exact("hole", PLENTY).build();
    recover(store, limiter);
    proxy.blackHole();
    suspend(store, limiter);
    recover(store, limiter);
    assertThat(store.status().connected()).isTrue();
  }

  @Test
  void slowServer_callsEndByTheDeadline_andAreChargedAllTheSame() {
    RedisProcess server = opened(RedisProcess.start());
    FaultyProxy proxy = opened(new FaultyProxy(server.port));
    RedisStore store = store(proxy.uri(), WhenDown.CLOSED);
    RedisLimiter<String> plenty = store.exact("plenty", PLENTY).build();
    recover(store, plenty);
    RedisLimiter<String> limiter = store.exact("slow", Quota.perDay(100)).build();
    proxy.answerDelayMillis = 150;
    assertThat(Stores.decide(limiter, "alice", 10).admitted()).isFalse();
    proxy.answerDelayMillis = 0;
    RedisStore direct = opened(Stores.patient(server.uri()).build());
    RedisLimiter<String> same = direct.exact("slow", Quota.perDay(100)).build();
    assertThat(Stores.decide(same, "alice", 1).remaining()).as("errs strict").isEqualTo(89);
  }

  @Test
  void closedStore_answersByPolicy() {
    RedisProcess server = opened(RedisProcess.start());
    RedisStore store = store(server.uri(), WhenDown.OPEN);
    RedisLimiter<String> limiter = store.exact("closed", Quota.perDay(5)).build();
    server.pause();
    CompletionStage<Decision> underWay = limiter.decide("alice");
    CompletionStage<Decision> waiting = limiter.decide("alice");
    store.close();
    assertThat(Stores.get(underWay).admitted()).isTrue();
    assertThat(Stores.get(waiting).admitted()).isTrue();
    assertThat(Stores.decide(limiter, "alice", 1).admitted()).isTrue();
  }

  @Test
  void listenerThatThrows_harmsNothing() {
    RedisProcess server = opened(RedisProcess.start());
    RedisStore store =
        opened(
            Stores.patient(server.uri())
                .listener(
                    event -> {
                      throw new IllegalStateException("not mine");
                    })
                .build());
    RedisLimiter<String> limiter = store.exact("listener", PLENTY).build();
    recover(store, limiter);
  }
}

package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lease calls that go wrong on their way to a real server and back: what it has charged then. */
class LeaseCallsTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final long KEY = 9;

  /** A permit in 100 seconds, so that time pays off nearly nothing meanwhile. */
  private static final Quota SLOW = new Quota(1_000, Duration.ofSeconds(100_000), 1_000);

  private final AtomicInteger restarts = new AtomicInteger();
  private RedisProcess server;
  private FaultyProxy proxy;
  private RedisClient client;
  private StatefulRedisConnection<String, String> connection;
  private RedisCommands<String, String> redis;
  private RedisStore store;

  @BeforeEach
  void start() {
    server = RedisProcess.start();
    proxy = new FaultyProxy(server.port);
    client = RedisClient.create(server.uri());
    connection = client.connect();
    redis = connection.sync();
  }

  @AfterEach
  void stop() {
    store.close();
    connection.close();
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    proxy.close();
    server.close();
  }

  private KeyedRateLimiter<Long> limiter(Duration deadline, long lease, Quota quota) {
    store =
        RedisStore.builder(proxy.uri())
            .secret(Stores.SECRET)
            .nodes(1)
            .whenDown(WhenDown.CLOSED)
            .deadline(deadline)
            .connectWait(LONG)
            .listener(
                event -> {
                  if (event.kind() == StoreEvent.Kind.RESTARTED) {
                    restarts.incrementAndGet();
                  }
                })
            .build();
    return store.leased().lease(lease).limiter("api", quota);
  }

  /** How many permits of {@link #SLOW} are owed on the only key of the server. */
  private long owed() {
    String key = redis.keys("*").get(0);
    return Math.round(redis.pttl(key) / 100_000.0);
  }

  private long ended() {
    StoreStatus status = store.status();
    return status.decided() + status.late() + status.failed();
  }

  private void untilQuiet() {
    Until.isTrue("all calls have ended", LONG, () -> ended() >= store.status().trips());
  }

  /** Calls with new keys of another limit until the server is asked and answers in time. */
  private void recover() {
    KeyedRateLimiter<Long> other = store.leased().limiter("other", Quota.perSecond(50_000));
    long before = store.status().decided();
    long[] key = {1_000_000};
    Until.isTrue(
        "recovered",
        LONG,
        () -> {
          other.tryAcquire(key[0]++);
          return !store.status().suspended() && store.status().decided() > before + 5;
        });
    untilQuiet();
    Until.isTrue("paid off", LONG, () -> redis.dbsize() <= 1);
  }

  @Test
  void scriptForgottenBetweenCalls_chargesEachOnce() {
    KeyedRateLimiter<Long> limiter = limiter(Duration.ofSeconds(1), 1, SLOW);
    for (int call = 1; call <= 20; call++) {
      assertThat(limiter.tryAcquire(KEY, 3)).isTrue();
      untilQuiet();
      assertThat(owed()).as("after call %s", call).isEqualTo(3L * call);
      redis.scriptFlush();
    }
    assertThat(restarts).as("told each time, after the first call").hasValue(19);
    assertThat(store.status().failed()).isZero();
  }

  @Test
  void scriptForgottenWhileCallsAreUnderWay_chargesEachOnce() {
    KeyedRateLimiter<Long> limiter = limiter(Duration.ofSeconds(1), 1, SLOW);
    assertThat(limiter.tryAcquire(0L)).isTrue();
    Until.isTrue("the script is known", LONG, () -> redis.dbsize() == 1);
    for (long key = 1; key < 1_000; key++) {
      assertThat(limiter.tryAcquire(key)).isTrue();
      if (key % 50 == 25) {
        redis.scriptFlush();
      }
    }
    untilQuiet();
    Until.isTrue("told", LONG, () -> redis.dbsize() == 1_000);
    long longest = redis.keys("*").stream().mapToLong(redis::pttl).max().orElseThrow();
    assertThat(longest).as("owed on any key, ms").isLessThanOrEqualTo(100_001);
    Until.isTrue("it was forgotten", LONG, () -> restarts.get() > 0);
  }

  @Test
  void answersAfterTheDeadline_mintNothing_andChargeTwiceOnceAtMost() {
    KeyedRateLimiter<Long> limiter = limiter(Duration.ofMillis(50), 1, SLOW);
    recover();
    proxy.answerDelayMillis = 120;
    long late = store.status().late();
    assertThat(limiter.tryAcquire(KEY, 40)).isTrue();
    Until.isTrue(
        "four answers were late",
        LONG,
        () -> {
          limiter.tryAcquire(KEY, 1_000);
          return store.status().late() >= late + 4;
        });
    assertThat(owed()).as("told once, and then only asked").isEqualTo(40);

    proxy.answerDelayMillis = 0;
    recover();
    Until.isTrue(
        "told again",
        LONG,
        () -> {
          limiter.tryAcquire(KEY, 1_000);
          untilQuiet();
          return limiter.peek(KEY, 1).remaining() == 1_000 - owed();
        });
    assertThat(owed()).as("40 or twice that").isIn(40L, 80L);
    long before = owed();
    assertThat(limiter.tryAcquire(KEY, 10)).isTrue();
    untilQuiet();
    assertThat(owed()).as("what is in time is charged once").isEqualTo(before + 10);
  }

  @Test
  void answersNowInTimeNowLate_admitNoMoreThanTheServerCharged() {
    KeyedRateLimiter<Long> limiter = limiter(Duration.ofMillis(50), 100, SLOW.withBurst(20_000));
    recover();
    long admitted = 0;
    for (int round = 0; round < 4; round++) {
      proxy.answerDelayMillis = round % 2 == 0 ? 0 : 70;
      long end = System.nanoTime() + Duration.ofMillis(200).toNanos();
      while (System.nanoTime() < end) {
        admitted += limiter.tryAcquire(KEY) ? 1 : 0;
        LockSupport.parkNanos(200_000);
      }
    }
    long late = store.status().late();
    proxy.answerDelayMillis = 0;
    recover();
    long total = admitted;
    Until.isTrue(
        "all told",
        LONG,
        () -> {
          limiter.tryAcquire(KEY, 20_000);
          untilQuiet();
          return owed() >= total;
        });
    assertThat(admitted).isGreaterThan(100);
    assertThat(late).isPositive();
    assertThat(owed())
        .as(
            "%s used, and a lease lost or charged twice with each of %s late answers",
            admitted, late)
        .isLessThanOrEqualTo(admitted + 50 + late * 100);
  }

  @Test
  void permitsGivenBackWithoutAConnection_areGivenBackWhenThereIsOne() {
    KeyedRateLimiter<Long> limiter = limiter(Duration.ofSeconds(1), 1, SLOW);
    assertThat(limiter.tryAcquire(KEY, 1_000)).isTrue();
    untilQuiet();
    assertThat(owed()).isEqualTo(1_000);
    proxy.refusing = true;
    proxy.cut();
    Until.isTrue("disconnected", LONG, () -> !store.status().connected());
    limiter.giveBack(KEY, 400);
    untilQuiet();
    assertThat(store.status().failed()).as("nothing went out").isOne();
    proxy.refusing = false;
    Until.isTrue("connected", LONG, () -> store.status().connected());
    Until.isTrue("admitted", LONG, () -> limiter.tryAcquire(KEY, 400));
    untilQuiet();
    assertThat(owed()).isEqualTo(1_000);
  }

  @Test
  void moreCallsThanMayBeUnderWay_failAtOnce_andNoLeaseIsStuck() {
    KeyedRateLimiter<Long> limiter = limiter(Duration.ofMillis(500), 2, SLOW);
    recover();
    server.pause();
    for (long key = 0; key < 3_000; key++) {
      limiter.tryAcquire(key);
    }
    Until.isTrue("suspended", LONG, () -> store.status().suspended());
    untilQuiet();
    assertThat(store.status().late()).isGreaterThanOrEqualTo(512);
    server.resume();
    recoverAll(limiter);
  }

  @Test
  void manyCallsWithoutAConnection_failAtOnce_andNoLeaseIsStuck() {
    KeyedRateLimiter<Long> limiter = limiter(Duration.ofMillis(200), 2, SLOW);
    proxy.refusing = true;
    proxy.cut();
    Until.isTrue("disconnected", LONG, () -> !store.status().connected());
    for (long key = 0; key < 3_000; key++) {
      limiter.tryAcquire(key);
    }
    untilQuiet();
    proxy.refusing = false;
    recoverAll(limiter);
  }

  /** Calls for each of 3,000 keys until the server knows all. */
  private void recoverAll(KeyedRateLimiter<Long> limiter) {
    Until.isTrue(
        "all are told",
        LONG,
        () -> {
          for (long key = 0; key < 3_000; key++) {
            limiter.tryAcquire(key);
          }
          return redis.dbsize() == 3_000;
        });
    untilQuiet();
  }
}

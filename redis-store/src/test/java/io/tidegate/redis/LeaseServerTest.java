package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.tidegate.limit.Decision;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases on a real server. */
class LeaseServerTest {

  private static final long SEED = 20_261_125;
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final long KEY = 99;

  private static RedisProcess server;
  private static RedisClient client;
  private static StatefulRedisConnection<String, String> connection;
  private final List<RedisStore> stores = new ArrayList<>();

  @BeforeAll
  static void start() {
    server = RedisProcess.start();
    client = RedisClient.create(server.uri());
    connection = client.connect();
  }

  @AfterAll
  static void stop() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    server.close();
  }

  @BeforeEach
  void forgetAll() {
    connection.sync().flushall();
  }

  @AfterEach
  void close() {
    stores.forEach(RedisStore::close);
  }

  private List<KeyedRateLimiter<Long>> nodes(int count, Quota quota, long lease) {
    List<KeyedRateLimiter<Long>> limiters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RedisStore store = Stores.patient(server.uri()).nodes(count).build();
      stores.add(store);
      limiters.add(store.leased().lease(lease).limiter("api", quota));
    }
    return limiters;
  }

  private static long scriptCalls() {
    return connection
        .sync()
        .info("commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_eval"))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*calls=(\\d+),.*", "$1")))
        .sum();
  }

  /** What is sent, and what the model answers. */
  private record Sent(long[] expected, RedisFuture<List<Object>> reply) {}

  @Test
  void script_answersAsTheModelDoes() {
    String clock = "redis.call('TIME')";
    assertThat(Script.LEASE.text).contains(clock);
    Script script =
        new Script(Script.LEASE.text.replace(clock, "redis.call('MGET', 'clock:s', 'clock:us')"));
    connection.sync().scriptLoad(script.text);
    SplittableRandom random = new SplittableRandom(SEED);
    LeaseFleet model = new LeaseFleet(random, 1, Quota.perSecond(1), 1, WhenDown.CLOSED);
    long origin = (System.currentTimeMillis() + 400L * 86_400_000L) * 1_000;
    ArrayDeque<Sent> sent = new ArrayDeque<>();
    for (int step = 0; step < 60_000; step++) {
      model.pass(random.nextLong(0, 1L << random.nextInt(10, 33)));
      long micros = origin + model.now() / 1_000;
      int kind = random.nextInt(5);
      long permit = 1_000L * (kind + 1);
      long burst = permit * (10 + 20 * kind);
      long[] args = {
        burst,
        permit,
        random.nextInt(6) == 0 ? random.nextLong(0, 30) : 0,
        random.nextInt(3) > 0 ? random.nextLong(0, 8) : 0,
        random.nextInt(2) > 0 ? random.nextLong(0, 12) : 0
      };
      connection
          .async()
          .mset(
              Map.of(
                  "clock:s", Long.toString(micros / 1_000_000),
                  "clock:us", Long.toString(micros % 1_000_000)));
      String[] texts = new String[args.length];
      for (int i = 0; i < args.length; i++) {
        texts[i] = Long.toString(args[i]);
      }
      sent.add(
          new Sent(
              model.script("k" + kind, args[0], args[1], args[2], args[3], args[4]),
              connection
                  .async()
                  .evalsha(script.sha, ScriptOutputType.MULTI, new String[] {"k" + kind}, texts)));
      if (sent.size() > 200) {
        check(sent.remove(), step);
      }
    }
    while (!sent.isEmpty()) {
      check(sent.remove(), -1);
    }
  }

  private static void check(Sent step, int number) {
    List<Object> reply = Stores.get(step.reply);
    long[] values = reply.stream().mapToLong(value -> (Long) value).toArray();
    if (!java.util.Arrays.equals(values, step.expected)) {
      assertThat(values).as("seed %s, before step %s", SEED, number).isEqualTo(step.expected);
    }
  }

  @Test
  void hotKeyOnThreeNodes_staysWithinTheBound_andGetsItsRate() throws InterruptedException {
    Quota quota = Quota.perSecond(2_000).withBurst(600);
    long lease = 100;
    List<KeyedRateLimiter<Long>> nodes = nodes(3, quota, lease);
    LongAdder admitted = new LongAdder();
    AtomicBoolean ended = new AtomicBoolean();
    long began = System.nanoTime();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      KeyedRateLimiter<Long> node = nodes.get(i % 3);
      Thread caller =
          new Thread(
              () -> {
                while (!ended.get()) {
                  for (int call = 0; call < 50; call++) {
                    admitted.add(node.tryAcquire(KEY) ? 1 : 0);
                  }
                  LockSupport.parkNanos(200_000);
                }
              });
      callers.add(caller);
      caller.start();
    }
    LockSupport.parkNanos(2_000_000_000L);
    ended.set(true);
    for (Thread caller : callers) {
      caller.join();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    double rate = 2_000 * seconds;
    assertThat((double) admitted.sum())
        .as("in %s s", seconds)
        .isLessThanOrEqualTo(600 + rate + 3 * lease)
        .isGreaterThan(0.8 * rate);
  }

  @Test
  void floodOfRefusals_costsACallPerRetryTimeAndNode() {
    List<KeyedRateLimiter<Long>> nodes = nodes(2, Quota.perMinute(60).withBurst(4), 1);
    Until.isTrue(
        "refused by both",
        LONG,
        () -> !nodes.get(0).tryAcquire(KEY) & !nodes.get(1).tryAcquire(KEY) && isDrained(nodes));
    long before = scriptCalls();
    long began = System.nanoTime();
    int refused = 0;
    while (System.nanoTime() - began < 2_500_000_000L) {
      for (int i = 0; i < 500; i++) {
        refused += nodes.get(i % 2).tryAcquire(KEY) ? 0 : 1;
      }
      LockSupport.parkNanos(500_000);
    }
    double retryTimes = (System.nanoTime() - began) / 1e9;
    assertThat(refused).isGreaterThan(10_000);
    assertThat(scriptCalls() - before)
        .as("in %s retry times, on 2 nodes", retryTimes)
        .isLessThanOrEqualTo(2 * (long) Math.ceil(retryTimes));
  }

  private static boolean isDrained(List<KeyedRateLimiter<Long>> nodes) {
    return nodes.stream()
        .allMatch(node -> node.decide(KEY, 1).retryAfterNanos() > Duration.ofMillis(50).toNanos());
  }

  @Test
  void exactLimiterOfTheSameNameAndKey_countsInTheSameState() {
    Quota quota = Quota.perDay(10);
    KeyedRateLimiter<Long> leased = nodes(1, quota, 1).get(0);
    assertThat(leased.tryAcquire(KEY, 4)).isTrue();
    RedisLimiter<Long> exact = stores.get(0).exact("api", quota, Long::toHexString).build();
    Until.isTrue(
        "told", LONG, () -> Stores.get(exact.decide(KEY, 7)).outcome() == Decision.Outcome.REFUSED);
    assertThat(Stores.get(exact.decide(KEY, 5)).remaining()).isEqualTo(1);
  }

  @Test
  void reset_forgetsOnTheServer() {
    List<KeyedRateLimiter<Long>> nodes = nodes(2, Quota.perDay(10), 1);
    nodes.get(0).tryAcquire(KEY, 10);
    Until.isTrue("told", LONG, () -> connection.sync().dbsize() == 1);
    nodes.get(0).reset(KEY);
    Until.isTrue("forgotten", LONG, () -> connection.sync().dbsize() == 0);
    assertThat(nodes.get(1).tryAcquire(KEY, 10)).isTrue();
  }

  @Test
  void giveBack_bringsItBackForOtherNodes() {
    List<KeyedRateLimiter<Long>> nodes = nodes(2, Quota.perDay(10), 1);
    assertThat(nodes.get(0).tryAcquire(KEY, 10)).isTrue();
    Until.isTrue("told", LONG, () -> connection.sync().dbsize() == 1);
    nodes.get(0).giveBack(KEY, 10);
    Until.isTrue("nothing is owed", LONG, () -> connection.sync().dbsize() == 0);
    assertThat(nodes.get(1).tryAcquire(KEY, 10)).isTrue();
  }

  @Test
  void manyNewKeys_areAllToldToTheServer() {
    KeyedRateLimiter<Long> node = nodes(1, Quota.perDay(10), 4).get(0);
    for (long key = 0; key < 20_000; key++) {
      assertThat(node.tryAcquire(key)).as("key %s", key).isTrue();
    }
    Until.isTrue("told", LONG, () -> connection.sync().dbsize() == 20_000);
  }

  @Test
  void wrongNames_andUnknownNodes_areRefused() {
    RedisStore store = Stores.patient(server.uri()).build();
    stores.add(store);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.leased().limiter("a b", Quota.perDay(1)))
        .withMessage("name: a b (expected: 1 to 80 of A-Z, a-z, 0-9, '.', '/', '_' and '-')");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.leased().lease(0))
        .withMessage("lease: 0 (expected: at least 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.leased().maxKeys(0))
        .withMessage("maxKeys: 0 (expected: 1 to 268435456)");
    RedisStore alone =
        RedisStore.builder(server.uri()).secret(Stores.SECRET).whenDown(WhenDown.OPEN).build();
    stores.add(alone);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> alone.leased().limiter("a", Quota.perDay(1)))
        .withMessage("nodes: not said (expected: how many nodes share a quota, for leases)");
    assertThat(store.leased().limiter("api/passes", Quota.perDay(1)).tryAcquire(KEY)).isTrue();
  }
}

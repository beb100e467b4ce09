package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.tidegate.limit.Decision;
import io.tidegate.limit.ManualTicker;
import io.tidegate.limit.Quota;
import io.tidegate.limit.RateLimiter;
import io.tidegate.limit.TokenBucket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script, on a server, gives the answers of core's token bucket with an interval of whole
 * microseconds. The clock is the test's: it stands, runs, leaps and goes back.
 */
class OracleTest {

  private static final int LIMITS = 6;
  private static final int IN_FLIGHT = 300;

  private static RedisProcess server;
  private static RedisStore store;
  private static RedisClient client;
  private static StatefulRedisConnection<String, String> connection;

  @BeforeAll
  static void start() {
    server = RedisProcess.start();
    store = Stores.patient(server.uri()).whenDown(WhenDown.CLOSED).build();
    client = RedisClient.create(server.uri());
    connection = client.connect();
  }

  @AfterAll
  static void stop() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    store.close();
    server.close();
  }

  @Test
  void script_aMillionSteps_answersAsCore() {
    new Run(20_261_125).steps(1_000_000);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
  void script_aMillionStepsOfOtherSeeds_answersAsCore(long seed) {
    new Run(seed).steps(1_000_000);
  }

  /** Calls that share a script call, at one moment. */
  private record Sent(
      long micros, List<int[]> limits, List<Call> calls, RedisFuture<List<Object>> reply) {}

  private static final class Run {
    private final long seed;
    private final SplittableRandom random;
    private final ManualTicker ticker = new ManualTicker();
    private final List<RedisLimiter<String>> limiters = new ArrayList<>();
    private final List<RateLimiter> oracles = new ArrayList<>();
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();
    private final Script script;
    private long micros = (System.currentTimeMillis() + 400L * 86_400_000L) * 1_000;
    private long origin = micros;
    private int checked;
    private int admitted;

    Run(long seed) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      String clock = "redis.call('TIME')";
      assertThat(Script.DECIDE.text).contains(clock);
      script =
          new Script(
              Script.DECIDE.text.replace(clock, "redis.call('MGET', 'clock:s', 'clock:us')"));
      connection.sync().scriptLoad(script.text);
      for (int i = 0; i < LIMITS; i++) {
        Quota quota =
            new Quota(
                random.nextLong(1, 2_000),
                Duration.ofNanos(random.nextLong(2_000_000_000L, 2_000_000_000_000L)),
                random.nextLong(1, 1 << (1 + i)));
        RedisLimiter<String> limiter = store.exact("oracle-" + seed + "-" + i, quota).build();
        limiters.add(limiter);
        long interval = Micros.of(quota).interval();
        oracles.add(
            TokenBucket.of(
                new Quota(1, Duration.ofNanos(interval * 1_000), quota.burst()), ticker));
      }
    }

    void steps(int steps) {
      while (checked < steps) {
        if (sent.size() >= IN_FLIGHT) {
          check(sent.remove());
        }
        move();
        sent.add(send());
      }
      while (!sent.isEmpty()) {
        check(sent.remove());
      }
      assertThat(admitted)
          .as("seed %s: the test sees admissions and refusals", seed)
          .isBetween(steps / 20, steps - steps / 20);
    }

    private void move() {
      int kind = random.nextInt(1_000);
      if (kind < 600) {
        micros += random.nextLong(0, 300_000);
      } else if (kind < 900) {
        micros += random.nextLong(0, 3);
      } else if (kind < 990) {
        micros += random.nextLong(0, 60_000_000);
      } else if (kind < 998) {
        micros -= random.nextLong(0, 50_000_000);
      } else {
        micros = origin + random.nextLong(-10_000_000_000L, 10_000_000_000L);
      }
    }

    private Sent send() {
      List<int[]> limits = new ArrayList<>();
      List<Call> calls = new ArrayList<>();
      for (int i = random.nextInt(1, 17); i > 0; i--) {
        int[] some = random.ints(0, LIMITS).distinct().limit(random.nextInt(1, 4)).toArray();
        limits.add(some);
        calls.add(new Call(store.desk(), charges(some), 0));
      }
      Together together = new Together(calls);
      connection
          .async()
          .mset(
              Map.of(
                  "clock:s", Long.toString(micros / 1_000_000),
                  "clock:us", Long.toString(micros % 1_000_000)));
      return new Sent(
          micros,
          limits,
          calls,
          connection
              .async()
              .evalsha(script.sha, ScriptOutputType.MULTI, together.keys, together.args));
    }

    private List<RedisCharge> charges(int[] limits) {
      List<RedisCharge> charges = new ArrayList<>();
      for (int limit : limits) {
        long burst = limiters.get(limit).quota().burst();
        long permits = random.nextInt(100) == 0 ? burst + 1 : random.nextLong(1, burst / 6 + 2);
        charges.add(limiters.get(limit).charge("k", permits));
      }
      return charges;
    }

    private void check(Sent step) {
      ticker.set((step.micros - origin) * 1_000);
      List<Object> values = Stores.get(step.reply);
      int from = 0;
      for (int i = 0; i < step.calls.size(); i++) {
        Call call = step.calls.get(i);
        call.settle(values, from);
        from += call.charges.size();
        JointDecision expected = expected(step.limits.get(i), call.charges);
        JointDecision answer = call.answer.join();
        if (!answer.equals(expected)) {
          assertThat(answer)
              .as("seed %s, step %s: %s", seed, checked, call.charges)
              .isEqualTo(expected);
        }
        checked++;
        admitted += expected.admitted() ? 1 : 0;
      }
    }

    /** Asks all of core's limits first, and charges them if all admit. */
    private JointDecision expected(int[] limits, List<RedisCharge> charges) {
      List<Decision> peeked = new ArrayList<>();
      for (int i = 0; i < limits.length; i++) {
        peeked.add(oracles.get(limits[i]).peek(charges.get(i).permits));
      }
      boolean all = peeked.stream().allMatch(Decision::admitted);
      boolean never = peeked.stream().anyMatch(peek -> peek.outcome() == Decision.Outcome.NEVER);
      Decision best = null;
      int decidedBy = 0;
      for (int i = 0; i < limits.length; i++) {
        Decision decision = peeked.get(i);
        if (all || !never && !decision.admitted()) {
          decision = oracles.get(limits[i]).decide(charges.get(i).permits);
        }
        boolean decides =
            all
                ? best == null || decision.remaining() < best.remaining()
                : !decision.admitted()
                    && (best == null || decision.retryAfterNanos() > best.retryAfterNanos());
        if (decides) {
          best = decision;
          decidedBy = i;
        }
      }
      return new JointDecision(best, decidedBy);
    }
  }
}

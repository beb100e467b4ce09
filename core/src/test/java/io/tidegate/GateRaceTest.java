package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.KeyBy;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.TokenBucket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many threads, several limits: exactly what is allowed, and what is refused leaves no trace. */
class GateRaceTest {

  private static final int TIGHT = 5;
  private static final int WIDE = 8;
  private static final int ROUNDS = 150;

  @RegisterExtension final TestGates gates = new TestGates();

  /** Something that admits a user to both limits, or to the wide one alone. */
  private interface Door {
    boolean toBoth(String user);

    boolean toWide(String user);
  }

  /** How many were let through both, under way and in all, and what was then left of the wide. */
  private record Tally(int inTheRace, int toBoth, int leftOfWide) {}

  private static Tally race(Door door, String user) throws Exception {
    List<Integer> admitted =
        Threads.run(
            4,
            thread -> {
              int mine = 0;
              for (int i = 0; i < 6; i++) {
                mine += door.toBoth(user) ? 1 : 0;
              }
              return mine;
            });
    int raced = admitted.stream().mapToInt(Integer::intValue).sum();
    int both = raced;
    while (door.toBoth(user)) {
      both++;
    }
    int left = 0;
    while (door.toWide(user)) {
      left++;
    }
    return new Tally(raced, both, left);
  }

  private static Rule.Builder rule(String name, int perDay, String algorithm) {
    Rule.Builder rule = Rule.named(name).per(KeyBy.principal()).quota(Quota.perDay(perDay));
    return switch (algorithm) {
      case "counter" -> rule.slidingWindow();
      case "log" -> rule.slidingLog();
      default -> rule;
    };
  }

  private Door gate(String algorithm, boolean shadowBetween) {
    Rule tight = rule("tight", TIGHT, algorithm).match(Match.path("/both")).build();
    Rule wide = rule("wide", WIDE, algorithm).build();
    Rule shadow = rule("shadow", 2, algorithm).shadow().build();
    Gate gate = shadowBetween ? gates.of(wide, shadow, tight) : gates.of(tight, wide);
    return new Door() {
      @Override
      public boolean toBoth(String user) {
        return gate.enter(FakeRequest.get("/both").principal(user)).admitted();
      }

      @Override
      public boolean toWide(String user) {
        return gate.enter(FakeRequest.get("/wide").principal(user)).admitted();
      }
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"bucket", "counter", "log"})
  void race_admitsExactlyTheQuotaAndChargesNothingElse(String algorithm) throws Exception {
    for (boolean shadowBetween : new boolean[] {false, true}) {
      Door door = gate(algorithm, shadowBetween);
      for (int round = 0; round < ROUNDS; round++) {
        Tally tally = race(door, "user" + round);
        assertThat(tally.toBoth()).as("%s, round %d", algorithm, round).isEqualTo(TIGHT);
        assertThat(tally.leftOfWide()).as("%s, round %d", algorithm, round).isEqualTo(WIDE - TIGHT);
      }
    }
  }

  /** Looks first and then charges, and does not look whether it was charged. */
  private static final class Twin implements Door {
    private final KeyedRateLimiter<String> tight = limiter(TIGHT);
    private final KeyedRateLimiter<String> wide = limiter(WIDE);

    private static KeyedRateLimiter<String> limiter(int perDay) {
      return TokenBucket.keyed(Quota.perDay(perDay), KeyFunnel.ofString()).build();
    }

    @Override
    public boolean toBoth(String user) {
      if (!tight.admits(user, 1) || !wide.admits(user, 1)) {
        return false;
      }
      Thread.yield();
      tight.tryAcquire(user);
      wide.tryAcquire(user);
      return true;
    }

    @Override
    public boolean toWide(String user) {
      return wide.tryAcquire(user);
    }
  }

  /** Charges one after the other, and keeps the first where the second refuses. */
  private static final class Forgetful implements Door {
    private final Twin limits = new Twin();

    @Override
    public boolean toBoth(String user) {
      return limits.wide.tryAcquire(user) && limits.tight.tryAcquire(user);
    }

    @Override
    public boolean toWide(String user) {
      return limits.wide.tryAcquire(user);
    }
  }

  @Test
  void brokenTwin_isCaught() throws Exception {
    Door door = new Twin();
    int tooMany = 0;
    for (int round = 0; round < 50 * ROUNDS && tooMany == 0; round++) {
      tooMany += race(door, "user" + round).toBoth() > TIGHT ? 1 : 0;
    }
    assertThat(tooMany).as("rounds in which the twin admitted too many").isPositive();
  }

  @Test
  void forgetfulTwin_isCaught() throws Exception {
    assertThat(race(new Forgetful(), "user").leftOfWide()).isLessThan(WIDE - TIGHT);
  }

  @Test
  void outcomesInARace_giveBackExactlyWhatWasTaken() throws Exception {
    Rule rule = Rule.named("r").quota(Quota.perDay(40)).chargeWhen(Outcome::failed).cost(2).build();
    Gate gate = gates.of(rule);
    List<Integer> failed =
        Threads.run(
            4,
            thread -> {
              int mine = 0;
              for (int i = 0; i < 2_000; i++) {
                Verdict verdict = gate.enter(FakeRequest.get("/"));
                boolean fails = i % 400 == thread;
                if (verdict.admitted()) {
                  verdict.permit().close(fails ? 401 : 200);
                  mine += fails ? 1 : 0;
                }
              }
              return mine;
            });
    int total = failed.stream().mapToInt(Integer::intValue).sum();
    int left = 0;
    while (gate.enter(FakeRequest.get("/")).admitted()) {
      left++;
    }
    assertThat(total).as("failures").isBetween(1, 20);
    assertThat(total + left).isEqualTo(20);
    assertThat(TestGates.counts(gate, "r").forfeited()).isZero();
  }
}

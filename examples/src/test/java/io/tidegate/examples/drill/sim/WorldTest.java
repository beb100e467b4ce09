package io.tidegate.examples.drill.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WorldTest {

  private static final double SIZE = 0.3;
  private static final double FLOOD = 2_000;
  private static final long SEED = 7;

  /** Few enough that none shares a word of a table with another, whatever the hash's secret. */
  private static final Crowd CROWD = new Crowd(2_000);

  private static Scenario scenario(long seed, double solvers) {
    return Scenario.of(seed, solvers).size(SIZE).flood(FLOOD);
  }

  @Test
  void run_withOneSeed_showsTheSameAgain() {
    Scenario scenario = scenario(SEED, 1_500);

    String first = World.run(scenario, CROWD).toJson().toString();

    assertThat(World.run(scenario, CROWD).toJson().toString()).as("seed %d", SEED).isEqualTo(first);
  }

  @Test
  void run_withSolvingAttackers_letsHumansInAndServesUsersAsBefore() {
    Result result = World.run(scenario(SEED, 1_500), CROWD);

    assertThat(result.humans().counted()).as("seed %d", SEED).isPositive();
    assertThat(result.humansInPct()).as("seed %d", SEED).isGreaterThanOrEqualTo(80);
    assertThat(result.establishedOkPct()).as("seed %d", SEED).isGreaterThanOrEqualTo(99);
    assertThat(result.solvers().solved()).as("seed %d", SEED).isPositive();
    assertThat(Arrays.stream(result.tally().priceMillis).max().orElse(0)).isGreaterThan(400);
  }

  @Test
  void run_inCalm_asksNobodyForAPrice() {
    Result result = World.run(Scenario.of(SEED, 0).flood(0), CROWD);

    RoleTally newcomers = result.tally().of(Role.NEWCOMERS);
    assertThat(newcomers.refused).as("seed %d", SEED).isEmpty();
    assertThat(result.humansInPct()).as("seed %d", SEED).isEqualTo(100);
    assertThat(result.tally().of(Role.ATTACKERS).sent).containsOnly(0);
  }

  @Test
  void run_withTwiceThePrice_hasAttackersSolveHalf() {
    Result fixed = World.run(scenario(SEED, 500).fixedPrice(), CROWD);
    Result moving = World.run(scenario(SEED, 500), CROWD);

    // 500 a second for 30 seconds, at the size, each for 100 ms
    double budget = 500 * 30 * SIZE * 100;
    assertThat(spent(fixed)).as("seed %d", SEED).isBetween(0.97 * budget, 1.03 * budget);
    assertThat(spent(moving)).as("seed %d", SEED).isBetween(0.9 * budget, 1.05 * budget);
    assertThat(moving.solvers().meanPaidMillis()).isGreaterThan(200);
    assertThat(moving.solvers().solved()).isLessThan(fixed.solvers().solved() / 2);
  }

  private static double spent(Result result) {
    return result.solvers().solved() * result.solvers().meanPaidMillis();
  }
}

package io.tidegate.examples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.examples.drill.Settings.Rates;
import io.tidegate.examples.drill.Settings.Strategy;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A short and small drill with Tidegate. It checks that everything is measured, not how good the
 * figures are: for those nobody else may use the machine.
 */
class LiveDrillTest {

  private static final Settings SMALL =
      new Settings(
          1,
          0,
          1,
          3,
          1,
          new Rates(20, 3, 300),
          20,
          4,
          50,
          Strategy.PROOF,
          List.of(Column.TIDEGATE),
          Path.of("target"));

  private static JsonNode report = com.fasterxml.jackson.databind.node.NullNode.instance;
  private static JsonNode figures = report;

  @BeforeAll
  static void play() throws Exception {
    report = new LiveDrill(SMALL, System.getProperty("java.class.path"), line -> {}).run();
    figures = report.path("live").path("tidegate");
  }

  @Test
  void run_ofTidegate_givesEveryFigureThatIsPromised() {
    assertThat(
            List.of(
                "establishedOkPct",
                "establishedP99CalmMs",
                "establishedP99AttackMs",
                "newcomersRegisteredPct",
                "attackerWorkPct",
                "victimsLockedOut",
                "recoverySeconds",
                "slotsLeaked"))
        .allSatisfy(name -> assertThat(figures.has(name)).as(name).isTrue());
    assertThat(report.path("settings").path("slots").asInt()).isEqualTo(16);
  }

  @Test
  void run_whenItIsOver_hasLeakedNoSlot() {
    assertThat(figures.path("slotsLeaked").asInt(-1)).isZero();
  }

  @Test
  void run_ofAnAttack_servesAndRefuses() {
    JsonNode series = figures.path("series");
    assertThat(sum(series.path("established").path("ok"))).isPositive();
    assertThat(sum(series.path("slotMs").path("established"))).isPositive();
    JsonNode attackers = series.path("attackers");
    assertThat(sum(attackers.path("sent"))).isGreaterThan(300);
    assertThat(
            StreamSupport.stream(attackers.path("refused").spliterator(), false)
                .mapToInt(LiveDrillTest::sum)
                .sum())
        .isPositive();
  }

  @Test
  void run_forSomeSeconds_givesSeriesOfOneEntryForEach() {
    JsonNode series = figures.path("series");
    for (Role role : Role.values()) {
      JsonNode of = series.path(role.label());
      assertThat(of.path("sent")).as(role + " sent").hasSize(SMALL.seconds());
      assertThat(of.path("p99Ms")).as(role + " p99Ms").hasSize(SMALL.seconds());
      assertThat(series.path("slotMs").path(role.label())).hasSize(SMALL.seconds());
    }
    assertThat(series.path("priceMs")).isNotEmpty();
    assertThat(series.path("sea")).isNotEmpty();
  }

  private static int sum(JsonNode counts) {
    return StreamSupport.stream(counts.spliterator(), false).mapToInt(JsonNode::asInt).sum();
  }
}

package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever threads do to a set of words at once, they could have done one after another by the
 * plain rule: in interleavings that are searched one by one, and in those that happen.
 *
 * <p>Model checking follows the words through their array's handle. It searches interleavings of
 * steps that all threads see in one order; orders that only hardware makes are left to the stress
 * strategy, and to the races.
 */
class TableLincheckTest {

  /** How many scenarios are drawn, besides those that stand here. */
  private static final int SCENARIOS = Integer.getInteger("tidegate.stress.scenarios", 3);

  /** How many interleavings of each are tried. */
  private static final int TRIES = Integer.getInteger("tidegate.stress.tries", 300);

  private static <O extends Options<O, ?>> O shaped(O options, Class<?> history) {
    return options
        .iterations(SCENARIOS)
        .invocationsPerIteration(TRIES)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(2)
        .actorsAfter(2)
        .addCustomScenario(newcomer(history))
        .addCustomScenario(displaced(history));
  }

  /** Two views of now meet a key that has no word. */
  private static ExecutionScenario newcomer(Class<?> history) {
    return scenario(List.of(List.of(charge(history, 9, 0)), List.of(charge(history, 9, 1))));
  }

  /** The keys of the two least words, and two newcomers, who displace them. */
  private static ExecutionScenario displaced(Class<?> history) {
    return scenario(
        List.of(
            List.of(charge(history, 4, 0), charge(history, 9, 0)),
            List.of(charge(history, 10, 0), charge(history, 7, 0))));
  }

  private static ExecutionScenario scenario(List<List<Actor>> threads) {
    return new ExecutionScenario(List.of(), threads, List.of(), null);
  }

  private static Actor charge(Class<?> history, int key, int now) {
    try {
      return new Actor(history.getMethod("charge", int.class, int.class), List.of(key, now));
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void charge_modelChecked_isAsByThePlainRule() {
    shaped(new ModelCheckingOptions(), TableHistory.Faithful.class)
        .checkObstructionFreedom(true)
        .sequentialSpecification(PlainTable.class)
        .check(TableHistory.Faithful.class);
  }

  @Test
  void charge_stressed_isAsByThePlainRule() {
    shaped(new StressOptions(), TableHistory.Faithful.class)
        .sequentialSpecification(PlainTable.class)
        .check(TableHistory.Faithful.class);
  }

  static Stream<Named<Class<?>>> twins() {
    return Stream.of(
        Named.of("first word paid off", TableHistory.FirstPaidOff.class),
        Named.of("read, then set", TableHistory.ReadThenSet.class));
  }

  /** The specification is the twin itself on one thread, so that only interleavings convict it. */
  @ParameterizedTest
  @MethodSource("twins")
  void charge_ofATwinModelChecked_isCaught(Class<?> twin) {
    assertThatThrownBy(() -> shaped(new ModelCheckingOptions(), twin).check(twin))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }
}

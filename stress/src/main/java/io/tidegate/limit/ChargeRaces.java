package io.tidegate.limit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.tidegate.limit.TableRules.Rule;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Two threads at a key that has a word. A class whose name ends in {@code Twin} breaks one rule,
 * and has to show what the other must not.
 */
public final class ChargeRaces {

  private static final long KEY = 2;
  private static final long NEWCOMER = 99;
  private static final long NOW = 1_000;

  private ChargeRaces() {}

  /** Of a burst of one, one is admitted. */
  abstract static class One {
    private final TableWords words = Sets.full(Sets.OF_ONE, () -> 0, 1, 2, 3, 4, 5, 6, 7, 8);
    private final Rule rule;

    One(Rule rule) {
      this.rule = rule;
    }

    boolean charge() {
      return TableWords.isAdmitted(rule.charge(words, KEY, 1, NOW));
    }
  }

  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE)
  @Outcome(id = "false, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class ChargeOne extends One {
    public ChargeOne() {
      super(TableRules::faithful);
    }

    @Actor
    public void one(ZZ_Result result) {
      result.r1 = charge();
    }

    @Actor
    public void other(ZZ_Result result) {
      result.r2 = charge();
    }
  }

  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE)
  @Outcome(id = "false, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class ChargeOneTwin extends One {
    public ChargeOneTwin() {
      super(TableRules::readThenSet);
    }

    @Actor
    public void one(ZZ_Result result) {
      result.r1 = charge();
    }

    @Actor
    public void other(ZZ_Result result) {
      result.r2 = charge();
    }
  }

  /**
   * A newcomer takes the least word, of a key that owes a little less than one permit, while that
   * key is charged once more. Whoever comes first, each then owes two, to the nearest permit.
   */
  abstract static class Displaced {
    private final TableWords words;
    private final Rule rule;

    Displaced(Rule rule) {
      this.rule = rule;
      long one = NOW + Sets.INTERVAL;
      this.words =
          Sets.full(
              Sets.OF_THREE,
              () -> NOW,
              one - 8,
              one - 9,
              one - 7,
              one - 6,
              one - 5,
              one - 4,
              one - 3,
              one - 2);
    }

    void charge(long key) {
      rule.charge(words, key, 1, NOW);
    }

    void count(II_Result result) {
      result.r1 = Sets.owed(words, NEWCOMER, NOW - 10);
      result.r2 = Sets.owed(words, KEY, NOW - 10);
    }
  }

  @JCStressTest
  @Outcome(id = "2, 2", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class ChargeDisplaced extends Displaced {
    public ChargeDisplaced() {
      super(TableRules::faithful);
    }

    @Actor
    public void newcomer() {
      charge(NEWCOMER);
    }

    @Actor
    public void displaced() {
      charge(KEY);
    }

    @Arbiter
    public void after(II_Result result) {
      count(result);
    }
  }

  @JCStressTest
  @Outcome(id = "2, 2", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class ChargeDisplacedTwin extends Displaced {
    public ChargeDisplacedTwin() {
      super(TableRules::readThenSet);
    }

    @Actor
    public void newcomer() {
      charge(NEWCOMER);
    }

    @Actor
    public void displaced() {
      charge(KEY);
    }

    @Arbiter
    public void after(II_Result result) {
      count(result);
    }
  }
}

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
 * Two threads with different views of now charge one key that has no word, in a full set. A class
 * whose name ends in {@code Twin} breaks one rule, and has to show what the other must not.
 */
public final class InsertRaces {

  private static final long KEY = 99;
  private static final long EARLY = 40;
  private static final long LATE = 60;

  private InsertRaces() {}

  /** The least word is not the first one that is paid off, and that depends on the view of now. */
  private static TableWords words(TableScale scale) {
    return Sets.full(scale, () -> 0, 70, 50, 90, 80, 35, 20, 75, 85);
  }

  /** The key has one word, and owes for both charges. */
  abstract static class Both {
    private final TableWords words = words(Sets.OF_THREE);
    private final Rule rule;

    Both(Rule rule) {
      this.rule = rule;
    }

    void charge(long now) {
      rule.charge(words, KEY, 1, now);
    }

    void count(II_Result result) {
      result.r1 = TableRules.wordsOf(words, KEY);
      result.r2 = Sets.owed(words, KEY, EARLY);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class InsertBoth extends Both {
    public InsertBoth() {
      super(TableRules::faithful);
    }

    @Actor
    public void early() {
      charge(EARLY);
    }

    @Actor
    public void late() {
      charge(LATE);
    }

    @Arbiter
    public void after(II_Result result) {
      count(result);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class InsertBothTwin extends Both {
    public InsertBothTwin() {
      super(TableRules::firstPaidOff);
    }

    @Actor
    public void early() {
      charge(EARLY);
    }

    @Actor
    public void late() {
      charge(LATE);
    }

    @Arbiter
    public void after(II_Result result) {
      count(result);
    }
  }

  /** Of a burst of one, one is admitted. */
  abstract static class One {
    private final TableWords words = words(Sets.OF_ONE);
    private final Rule rule;

    One(Rule rule) {
      this.rule = rule;
    }

    boolean charge(long now) {
      return TableWords.isAdmitted(rule.charge(words, KEY, 1, now));
    }
  }

  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE)
  @Outcome(id = "false, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class InsertOne extends One {
    public InsertOne() {
      super(TableRules::faithful);
    }

    @Actor
    public void early(ZZ_Result result) {
      result.r1 = charge(EARLY);
    }

    @Actor
    public void late(ZZ_Result result) {
      result.r2 = charge(LATE);
    }
  }

  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE)
  @Outcome(id = "false, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class InsertOneTwin extends One {
    public InsertOneTwin() {
      super(TableRules::firstPaidOff);
    }

    @Actor
    public void early(ZZ_Result result) {
      result.r1 = charge(EARLY);
    }

    @Actor
    public void late(ZZ_Result result) {
      result.r2 = charge(LATE);
    }
  }
}

package io.tidegate.limit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A charge, and upkeep of the word that it charges. A class whose name ends in {@code Twin} breaks
 * one rule, and has to show what the other must not.
 */
public final class UpkeepRaces {

  private static final long KEY = 3;

  private UpkeepRaces() {}

  /** A sweep finds all words old. The charge counts, and every word is lifted in its place. */
  abstract static class Swept {
    private static final long LEAP = Duration.ofSeconds(69).toNanos();
    private static final long NOW = 1 + LEAP;
    private static final long AGE = TableScale.RANGE / 16;
    private static final long OLD = NOW - AGE - 100;

    final TableWords words;

    Swept() {
      ManualTicker ticker = new ManualTicker();
      this.words = Sets.full(Sets.OF_THREE, ticker, OLD, OLD, OLD, OLD, OLD, OLD, OLD, OLD);
      ticker.advanceNanos(LEAP); // after which the next reading sweeps every slice
    }

    void chargeKey() {
      words.charge(KEY, 1, NOW);
    }

    void sweep() {
      words.time();
    }

    void sweepBySetting() {
      TableRules.sweepBySetting(words, AGE, NOW);
    }

    void count(II_Result result) {
      result.r1 = Sets.owed(words, KEY, NOW);
      for (int way = 0; way < TableWords.WAYS; way++) {
        long word = words.words[words.firstOf(0) + way];
        result.r2 += word - TableWords.word(NOW - 1, 1 + way) >= 0 ? 1 : 0;
      }
    }
  }

  @JCStressTest
  @Outcome(id = "1, 8", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class ChargeSwept extends Swept {
    @Actor
    public void charge() {
      chargeKey();
    }

    @Actor
    public void upkeep() {
      sweep();
    }

    @Arbiter
    public void after(II_Result result) {
      count(result);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 8", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class ChargeSweptTwin extends Swept {
    @Actor
    public void charge() {
      chargeKey();
    }

    @Actor
    public void upkeep() {
      sweepBySetting();
    }

    @Arbiter
    public void after(II_Result result) {
      count(result);
    }
  }

  /**
   * Words are replaced while a thread that found the old ones charges there. The new ones owe the
   * charge as well. They may owe it twice, if it was both copied and charged.
   */
  abstract static class Replaced {
    private static final long NOW = 1;

    private final TableWords before = words();
    private final TableWords after =
        new TableWords(Sets.OF_THREE, 1, () -> 0, new TableWords.Counters());

    private static TableWords words() {
      return Sets.full(Sets.OF_THREE, () -> 0, 9, 8, 7, 6, 5, 4, 3, 2);
    }

    void chargeKey() {
      before.charge(KEY, 1, NOW);
    }

    void replace() {
      before.replaceBy(after);
    }

    /** Copies what is owed, but leaves charges that come later where they are. */
    void copyOnly() {
      TableWords copy = words();
      for (int i = 0; i < copy.words.length; i++) {
        copy.words[i] = Math.max(copy.words[i], before.words[i]);
      }
      copy.replaceBy(after);
    }

    void count(II_Result result) {
      result.r1 = Sets.owed(before, KEY, NOW);
      result.r2 = Sets.owed(after, KEY, NOW);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE)
  @Outcome(id = "1, 2", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class ChargeReplaced extends Replaced {
    @Actor
    public void charge() {
      chargeKey();
    }

    @Actor
    public void upkeep() {
      replace();
    }

    @Arbiter
    public void after(II_Result result) {
      count(result);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE)
  @Outcome(id = "1, 2", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class ChargeReplacedTwin extends Replaced {
    @Actor
    public void charge() {
      chargeKey();
    }

    @Actor
    public void upkeep() {
      copyOnly();
    }

    @Arbiter
    public void after(II_Result result) {
      count(result);
    }
  }
}

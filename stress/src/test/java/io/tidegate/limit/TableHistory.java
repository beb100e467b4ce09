package io.tidegate.limit;

import io.tidegate.limit.TableRules.Rule;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * One full set, charged for ten keys by threads whose views of now differ: each charge has its own,
 * so that a history is in order or not whatever the clock does meanwhile.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:10")
@Param(name = "now", gen = IntGen.class, conf = "0:3")
public abstract class TableHistory {

  /** A permit costs 64 units, of one nanosecond each. */
  static final TableScale SCALE = TableScale.of(Quota.of(3, Duration.ofNanos(192)));

  private static final int STEP = 32;

  /** What the keys 1 to 8 owe at the beginning, at time 0: nothing, up to almost two permits. */
  static final int[] OWED = {60, 20, 120, 0, 90, 30, 0, 64};

  private final TableWords words = new TableWords(SCALE, 1, () -> 0, new TableWords.Counters());
  private final Rule rule;

  TableHistory(Rule rule) {
    this.rule = rule;
    for (int i = 0; i < OWED.length; i++) {
      words.words[words.firstOf(0) + i] = TableWords.word(OWED[i], i + 1);
    }
  }

  /**
   * Charges one permit.
   *
   * @return what the key owes then, or -1 if it is refused; how much a refused one owes is read
   *     while others write, and so may belong to no single moment
   */
  @Operation
  public long charge(@Param(name = "key") int key, @Param(name = "now") int now) {
    return Math.max(rule.charge(words, key, 1, (long) now * STEP), -1);
  }

  /** Charges what is left of a burst after one permit. */
  @Operation
  public long chargeMost(@Param(name = "key") int key, @Param(name = "now") int now) {
    return Math.max(rule.charge(words, key, 2, (long) now * STEP), -1);
  }

  /** What the library does. */
  public static final class Faithful extends TableHistory {
    public Faithful() {
      super(TableRules::faithful);
    }
  }

  /** The twin that is right on one thread, but for two views of now chooses two words. */
  public static final class FirstPaidOff extends TableHistory {
    public FirstPaidOff() {
      super(TableRules::firstPaidOff);
    }
  }

  /** The twin that is right on one thread, but loses what others write. */
  public static final class ReadThenSet extends TableHistory {
    public ReadThenSet() {
      super(TableRules::readThenSet);
    }
  }
}

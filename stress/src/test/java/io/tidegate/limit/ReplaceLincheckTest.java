package io.tidegate.limit;

import java.time.Duration;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/** What a thread does that still has the old words, while and after others replace them. */
class ReplaceLincheckTest {

  private static final TableScale SCALE = TableScale.of(Quota.of(10, Duration.ofNanos(640)));
  private static final long NOW = 1;

  private static TableWords words(long... permitsOwed) {
    TableWords words = new TableWords(SCALE, 1, () -> 0, new TableWords.Counters());
    for (int i = 0; i < permitsOwed.length; i++) {
      long time = NOW + permitsOwed[i] * SCALE.interval;
      words.words[words.firstOf(0) + i] = TableWords.word(time, i + 1);
    }
    return words;
  }

  private static void meanwhile(Runnable other, Runnable replacement) {
    Thread thread = new Thread(other);
    thread.start();
    replacement.run();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void replaceBy_keyDisplacedMeanwhile_owesNoLess() {
    Lincheck.runConcurrentTest(
        600,
        () -> {
          TableWords before = words(3, 8, 8, 6, 8, 8, 8, 8);
          TableWords after = words();
          meanwhile(
              () -> {
                before.charge(20, 4, NOW);
                before.charge(21, 1, NOW);
              },
              () -> before.replaceBy(after));
          if (after.debt(4, NOW) < 6 * SCALE.interval) {
            throw new AssertionError("owed 6, owes " + after.debt(4, NOW) / SCALE.interval);
          }
        });
  }

  @Test
  void charge_ofOldWordsByALateThread_isNotOnTopOfTheNewOnes() {
    Lincheck.runConcurrentTest(
        600,
        () -> {
          TableWords before = words();
          TableWords after = words();
          boolean[] admitted = new boolean[2];
          meanwhile(
              () -> admitted[0] = TableWords.isAdmitted(before.charge(5, 10, NOW)),
              () -> {
                before.replaceBy(after);
                admitted[1] = TableWords.isAdmitted(after.charge(5, 10, NOW));
              });
          if (admitted[0] && admitted[1]) {
            throw new AssertionError("20 permits of a burst of 10");
          }
        });
  }
}

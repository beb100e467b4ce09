package io.tidegate.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Ways to charge a key in a table: the right one, and twins that each break one thing. */
final class TableRules {

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private static final long TAG_MASK = TableWords.tag(-1);

  private TableRules() {}

  /** How a key is charged. Answers as {@link TableWords#charge} does. */
  interface Rule {
    long charge(TableWords words, long hash, long permits, long now);
  }

  /** What the library does. */
  static long faithful(TableWords words, long hash, long permits, long now) {
    return words.charge(hash, permits, now);
  }

  /** A newcomer takes the first word that is paid off: two views of now, two words. */
  static long firstPaidOff(TableWords words, long hash, long permits, long now) {
    long units = words.scale.toUnits(now);
    int first = words.firstOf(hash);
    while (true) {
      long[] seen = read(words, first);
      int way = own(seen, hash);
      for (int i = 0; i < TableWords.WAYS && way < 0; i++) {
        way = TableWords.ahead(seen[i], units) == 0 ? i : way;
      }
      way = way < 0 ? least(seen) : way;
      long answer = answer(words, seen[way], permits, units);
      if (!TableWords.isAdmitted(answer)
          || WORD.compareAndSet(words.words, first + way, seen[way], next(units + answer, hash))) {
        return answer;
      }
    }
  }

  /** The word is read, and then set: what another thread wrote in between is lost. */
  static long readThenSet(TableWords words, long hash, long permits, long now) {
    long units = words.scale.toUnits(now);
    int first = words.firstOf(hash);
    long[] seen = read(words, first);
    int own = own(seen, hash);
    int way = own < 0 ? least(seen) : own;
    long answer = answer(words, seen[way], permits, units);
    if (TableWords.isAdmitted(answer)) {
      WORD.setVolatile(words.words, first + way, next(units + answer, hash));
    }
    return answer;
  }

  private static long answer(TableWords words, long word, long permits, long units) {
    long cost = permits * words.scale.interval;
    long debt = TableWords.ahead(word, units);
    return debt > words.scale.tolerance - cost ? -1 - debt : debt + cost;
  }

  private static long next(long time, long hash) {
    return TableWords.word(time, TableWords.tag(hash));
  }

  private static long[] read(TableWords words, int first) {
    long[] seen = new long[TableWords.WAYS];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = (long) WORD.getVolatile(words.words, first + i);
    }
    return seen;
  }

  private static int own(long[] seen, long hash) {
    for (int i = 0; i < seen.length; i++) {
      if ((seen[i] & TAG_MASK) == TableWords.tag(hash)) {
        return i;
      }
    }
    return -1;
  }

  private static int least(long[] seen) {
    int least = 0;
    for (int i = 1; i < seen.length; i++) {
      least = seen[i] - seen[least] < 0 ? i : least;
    }
    return least;
  }

  /** How many words of the key's set are the key's. */
  static int wordsOf(TableWords words, long hash) {
    int count = 0;
    for (long word : read(words, words.firstOf(hash))) {
      count += (word & TAG_MASK) == TableWords.tag(hash) ? 1 : 0;
    }
    return count;
  }

  /** Lifts old words as a sweep does, but sets them: a charge in between is lost. */
  static void sweepBySetting(TableWords words, long age, long now) {
    long units = words.scale.toUnits(now);
    int first = words.firstOf(0);
    long[] seen = read(words, first);
    for (int i = 0; i < seen.length; i++) {
      if (units - (seen[i] >> Long.bitCount(TAG_MASK)) > age) {
        WORD.setVolatile(words.words, first + i, TableWords.word(units - 1, seen[i] & TAG_MASK));
      }
    }
  }
}

package io.tidegate.limit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/**
 * The words of a table, used as they should be, and in ways that each break one rule. What tests
 * say of the first they must be able to refute of the others.
 */
final class Twins {

  private static final long TAG = 0xFFFFFF;

  private Twins() {}

  /** Decisions for keys that are their own hashes. */
  interface Table {
    boolean tryAcquire(long hash, long permits);
  }

  /** How words are used. */
  interface Kind {
    Table over(TableWords words, RandomGenerator random);
  }

  static TableWords words(Quota quota, int sets, Ticker ticker) {
    return new TableWords(TableScale.of(quota), sets, ticker, new TableWords.Counters());
  }

  static Table faithful(TableWords words, RandomGenerator random) {
    return (hash, permits) -> TableWords.isAdmitted(words.charge(hash, permits, words.time()));
  }

  /** A newcomer begins with nothing owed, as after any eviction. */
  static Table withoutInheritance(TableWords words, RandomGenerator random) {
    Table table = faithful(words, random);
    return (hash, permits) -> {
      if (find(words, hash) < 0) {
        long now = words.scale.toUnits(words.time());
        words.words[least(words, hash)] = TableWords.word(now, 0);
      }
      return table.tryAcquire(hash, permits);
    };
  }

  /** Some permits are not used, and given back later by lowering their keys' words. */
  static Table refunding(TableWords words, RandomGenerator random) {
    Table table = faithful(words, random);
    record Open(long hash, long permits) {}
    Deque<Open> open = new ArrayDeque<>();
    return (hash, permits) -> {
      if (open.size() == 16) { // much at once: what others left behind in the words goes with it
        for (Open given : open) {
          int at = find(words, given.hash);
          if (at >= 0) {
            words.words[at] -= given.permits * words.scale.interval << 24;
          }
        }
        open.clear();
      }
      boolean admitted = table.tryAcquire(hash, permits);
      if (admitted && random.nextInt(4) == 0) {
        open.add(new Open(hash, permits));
        return false;
      }
      return admitted;
    };
  }

  private static int find(TableWords words, long hash) {
    int first = words.firstOf(hash);
    for (int i = first; i < first + TableWords.WAYS; i++) {
      if ((words.words[i] & TAG) == TableWords.tag(hash)) {
        return i;
      }
    }
    return -1;
  }

  private static int least(TableWords words, long hash) {
    int first = words.firstOf(hash);
    int least = first;
    for (int i = first; i < first + TableWords.WAYS; i++) {
      least = words.words[i] - words.words[least] < 0 ? i : least;
    }
    return least;
  }
}

package io.tidegate.limit;

import java.time.Duration;

/** One set of a table, full of keys. */
final class Sets {

  /** Its longest debt is close to the longest that fits, so that one leap makes words old. */
  static final TableScale OF_THREE = TableScale.of(Quota.of(3, Duration.ofMinutes(2)));

  /** As much for a permit, but only one at a time. */
  static final TableScale OF_ONE = TableScale.of(Quota.of(1, Duration.ofSeconds(40)));

  static final long INTERVAL = OF_ONE.interval;

  private Sets() {}

  /** A set whose keys are 1 to 8, in this order. */
  static TableWords full(TableScale scale, Ticker ticker, long... times) {
    TableWords words = new TableWords(scale, 1, ticker, new TableWords.Counters());
    for (int way = 0; way < TableWords.WAYS; way++) {
      words.words[words.firstOf(0) + way] = TableWords.word(times[way], 1 + way);
    }
    return words;
  }

  /** How many whole permits a key owes. */
  static int owed(TableWords words, long hash, long now) {
    return (int) (words.debt(hash, now) / words.scale.interval);
  }
}

package io.tidegate.limit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The rule of a table, written plainly: a list of eight keys and times. For one thread. */
public final class PlainTable {

  private static final class Entry {
    long key;
    long time;

    Entry(long key, long time) {
      this.key = key;
      this.time = time;
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  public PlainTable() {
    for (int i = 0; i < TableHistory.OWED.length; i++) {
      entries.add(new Entry(i + 1, TableHistory.OWED[i]));
    }
  }

  public long charge(int key, int now) {
    return charge(key, 64, 32L * now);
  }

  public long chargeMost(int key, int now) {
    return charge(key, 128, 32L * now);
  }

  private long charge(int key, long cost, long now) {
    Entry entry =
        entries.stream()
            .filter(e -> e.key == key)
            .findFirst()
            .orElseGet(
                () ->
                    entries.stream()
                        .min(Comparator.<Entry>comparingLong(e -> e.time).thenComparing(e -> e.key))
                        .orElseThrow());
    long owed = Math.max(entry.time - now, 0) + cost;
    if (owed > 192) {
      return -1;
    }
    entry.key = key;
    entry.time = now + owed;
    return owed;
  }
}

package io.tidegate.jmh;

import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedTable;
import io.tidegate.limit.Quota;
import io.tidegate.limit.TokenBucket;

/** Tidegate's table, of the size that its documentation advises. */
final class TableBuckets implements Buckets {

  private final KeyedTable<String> table;

  TableBuckets(int keys, Terms terms) {
    this.table =
        TokenBucket.table(new Quota(1, terms.interval(), terms.burst()), KeyFunnel.ofString())
            .maxKeys(keys)
            .build();
  }

  @Override
  public boolean tryAcquire(String key, long permits) {
    return table.tryAcquire(key, permits);
  }

  /** How many words owe something. */
  @Override
  public long size() {
    return table.keys();
  }

  /** How many words there are, of 8 bytes each. */
  long places() {
    return table.report().places();
  }
}

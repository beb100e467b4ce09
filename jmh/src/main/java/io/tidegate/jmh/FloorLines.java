package io.tidegate.jmh;

import io.tidegate.limit.KeyedHash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * No limiter, but what none can do without whose keys are strangers' and whose memory is fixed: a
 * keyed hash, a reading of the clock, and one compare-and-set on the cache line that the hash
 * names, in as much memory as Tidegate's table takes.
 */
final class FloorLines implements Buckets {

  private static final int WORDS_PER_LINE = 8;

  /** An array's elements begin 16 bytes after the object; 48 bytes on, a line begins. */
  private static final int FIRST = 6;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private final KeyedHash hash = KeyedHash.random();
  private final long[] words;
  private final int lines;

  FloorLines(int keys, Terms terms) {
    this.lines = (int) (new TableBuckets(keys, terms).places() / WORDS_PER_LINE);
    this.words = new long[FIRST + lines * WORDS_PER_LINE];
  }

  /** Always admits. */
  @Override
  public boolean tryAcquire(String key, long permits) {
    return touch(hash.ofString(key));
  }

  /** Reads the clock and writes to the line that a hash names, once. */
  boolean touch(long hash) {
    int word = FIRST + (int) (((hash >>> 32) * lines) >>> 32) * WORDS_PER_LINE;
    long now = System.nanoTime();
    while (true) {
      long before = (long) WORD.getVolatile(words, word);
      if (WORD.compareAndSet(words, word, before, Math.max(before, now) + 1)) {
        return true;
      }
    }
  }

  /** How many lines there are; it knows no keys. */
  @Override
  public long size() {
    return lines;
  }
}

package io.tidegate.examples.drill;

import java.util.Arrays;

/** Latencies in microseconds; exact. */
final class Latencies {

  private int[] micros = new int[16];
  private int size;

  void add(long nanos) {
    addMicros((int) Math.min(Integer.MAX_VALUE, nanos / 1_000));
  }

  private void addMicros(int value) {
    if (size == micros.length) {
      micros = Arrays.copyOf(micros, size * 2);
    }
    micros[size++] = value;
  }

  void add(Latencies others) {
    for (int i = 0; i < others.size; i++) {
      addMicros(others.micros[i]);
    }
  }

  /** The least latency that so many had at most, in milliseconds; not a number if there is none. */
  double percentileMillis(double share) {
    if (size == 0) {
      return Double.NaN;
    }
    int[] sorted = Arrays.copyOf(micros, size);
    Arrays.sort(sorted);
    int at = (int) Math.ceil(share * size) - 1;
    return Math.round(sorted[Math.max(0, at)] / 10.0) / 100.0;
  }
}

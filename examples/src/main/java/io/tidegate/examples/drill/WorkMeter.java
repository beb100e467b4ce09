package io.tidegate.examples.drill;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** For how long the slots worked for whom, by the second. Safe for use by many threads. */
final class WorkMeter {

  private static final int MOST_SECONDS = 600;

  private final Map<Role, AtomicLongArray> nanos = new EnumMap<>(Role.class);
  private volatile long began = Long.MAX_VALUE;

  WorkMeter() {
    for (Role role : Role.values()) {
      nanos.put(role, new AtomicLongArray(MOST_SECONDS));
    }
  }

  /**
   * What came before is not counted.
   *
   * @param wallMillis when the first second begins
   */
  void begin(long wallMillis) {
    began = wallMillis;
  }

  /** Work that has just ended. */
  void add(Role role, long worked) {
    long since = System.currentTimeMillis() - began;
    AtomicLongArray seconds = nanos.get(role);
    if (since >= 0 && since / 1_000 < MOST_SECONDS && seconds != null) {
      seconds.addAndGet((int) (since / 1_000), worked);
    }
  }

  /** The milliseconds of each of the first seconds. */
  long[] millis(Role role, int seconds) {
    long[] millis = new long[seconds];
    AtomicLongArray counted = nanos.get(role);
    for (int i = 0; i < seconds && counted != null; i++) {
      millis[i] = counted.get(i) / 1_000_000;
    }
    return millis;
  }
}

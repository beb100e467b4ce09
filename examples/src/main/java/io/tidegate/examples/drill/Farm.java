package io.tidegate.examples.drill;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The computers of all attackers together: one puzzle after the other. It takes a new one whenever
 * it has little left to do, so that it never stands still and works on fresh challenges.
 */
final class Farm {

  private static final long BACKLOG = TimeUnit.MILLISECONDS.toNanos(200);

  private final Load load;
  private final long hashesPerSecond;
  private long freeAt = Long.MIN_VALUE;
  private int solved;

  Farm(Load load, long hashesPerSecond) {
    this.load = load;
    this.hashesPerSecond = hashesPerSecond;
  }

  boolean isWilling(long now) {
    return freeAt == Long.MIN_VALUE || freeAt - now < BACKLOG;
  }

  void solve(Asked asked, long now, Consumer<String> then) {
    long from = freeAt == Long.MIN_VALUE ? now : Math.max(now, freeAt);
    freeAt = from + asked.nanos(hashesPerSecond);
    load.after(
        freeAt - now,
        () -> {
          solved++;
          load.solve(asked.token(), then);
        });
  }

  int solved() {
    return solved;
  }
}

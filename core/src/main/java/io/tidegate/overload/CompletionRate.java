package io.tidegate.overload;

/**
 * How fast slots come back while somebody waits for them, and so how many may wait.
 *
 * <p>Completions and the time in which they came are both summed up with a memory of two seconds,
 * which only runs while somebody waits; the rate is one by the other. In the first moments the time
 * is taken to be one queue time at least, so that a few quick completions do not open the queue
 * wide. Under the queue's lock.
 */
final class CompletionRate {

  static final int FEWEST_PLACES = 8;
  static final int MOST_PLACES = 100_000;

  private static final double MEMORY_NANOS = 2e9;

  private final double queueNanos;
  private double completions;
  private double nanos;
  private long since;
  private int places = FEWEST_PLACES;

  CompletionRate(long queueNanos) {
    this.queueNanos = queueNanos;
  }

  /** Somebody begins to wait, and nobody did before. */
  void begin(long now) {
    since = now;
  }

  /** A slot came back while somebody waited. */
  void completed(long now) {
    // One leap of the clock is not to outweigh all that was seen.
    double elapsed = Math.min((double) (now - since), MEMORY_NANOS);
    since = now;
    double kept = Math.exp(-elapsed / MEMORY_NANOS);
    completions = completions * kept + 1;
    nanos = nanos * kept + elapsed;
    double wanted = 4 * completions * queueNanos / Math.max(nanos, queueNanos);
    places = (int) Math.max(FEWEST_PLACES, Math.min(MOST_PLACES, wanted));
  }

  /** How many may wait. */
  int places() {
    return places;
  }
}

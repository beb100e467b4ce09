package io.tidegate.overload;

import io.tidegate.limit.Ticker;

/**
 * The time of a queue: from zero on, with the ticker, but never back. After a leap back it goes on
 * from where it stands. Under the queue's lock, so no reading is older than the one before.
 */
final class QueueClock {

  private final Ticker ticker;
  private long reading;
  private long time;

  QueueClock(Ticker ticker) {
    this.ticker = ticker;
    this.reading = ticker.read();
  }

  long time() {
    long now = ticker.read();
    time += Math.max(0, now - reading);
    reading = now;
    return time;
  }
}

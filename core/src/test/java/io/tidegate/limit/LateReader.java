package io.tidegate.limit;

/** The clock of a thread that is held up right after it has read the clock, once. */
final class LateReader implements Ticker {

  private final Ticker ticker;
  private Runnable meanwhile = () -> {};

  LateReader(Ticker ticker) {
    this.ticker = ticker;
  }

  /** What happens after the next reading, before its reader gets any further. */
  void holdUpNextReader(Runnable meanwhile) {
    this.meanwhile = meanwhile;
  }

  @Override
  public long read() {
    long now = ticker.read();
    Runnable once = meanwhile;
    meanwhile = () -> {};
    once.run();
    return now;
  }
}

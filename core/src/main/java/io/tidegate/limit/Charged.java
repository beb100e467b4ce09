package io.tidegate.limit;

import org.jspecify.annotations.Nullable;

/**
 * Takes the state that a decision was charged to, and when, so that what comes back goes there and
 * only there. A clock for one decision, which remembers its last reading: the one decided by.
 */
final class Charged<S> implements Ticker {

  @Nullable S state;

  private final Ticker ticker;
  private long taken;

  Charged(Ticker ticker) {
    this.ticker = ticker;
  }

  @Override
  public long read() {
    taken = ticker.read();
    return taken;
  }

  /** Returns permits that this decision took, as far as they are not paid off. */
  void giveBack(Limit<S> limit, Decision decision, long permits) {
    S charged = state;
    if (charged != null) {
      long paidOff = taken + decision.resetAfterNanos();
      limit.giveBackTaken(charged, taken, paidOff, ticker.read(), permits);
    }
  }
}

package io.tidegate.limit;

/** A limit that does as another does, for twins that differ in one point. */
class ForwardingLimit<S> extends Limit<S> {

  private final Limit<S> limit;

  ForwardingLimit(Limit<S> limit) {
    super(limit.quota, limit.capacity);
    this.limit = limit;
  }

  @Override
  S fresh(long now) {
    return limit.fresh(now);
  }

  @Override
  S copy(S state) {
    return limit.copy(state);
  }

  @Override
  long tryAcquire(S state, Ticker ticker, long now, long permits, long keptUntil) {
    return limit.tryAcquire(state, ticker, now, permits, keptUntil);
  }

  @Override
  Decision decide(S state, Ticker ticker, long now, long permits, long keptUntil) {
    return limit.decide(state, ticker, now, permits, keptUntil);
  }

  @Override
  Decision peek(S state, Ticker ticker, long now, long permits) {
    return limit.peek(state, ticker, now, permits);
  }

  @Override
  boolean admits(S state, Ticker ticker, long now, long permits) {
    return limit.admits(state, ticker, now, permits);
  }

  @Override
  void giveBack(S state, long now, long permits) {
    limit.giveBack(state, now, permits);
  }

  @Override
  void giveBackTaken(S state, long taken, long paidOff, long now, long permits) {
    limit.giveBackTaken(state, taken, paidOff, now, permits);
  }

  @Override
  long debit(S state, Ticker ticker, long now, long permits, long keptUntil) {
    return limit.debit(state, ticker, now, permits, keptUntil);
  }

  @Override
  long untilFresh(S state, long now) {
    return limit.untilFresh(state, now);
  }

  @Override
  long longestDebtNanos() {
    return limit.longestDebtNanos();
  }

  @Override
  Limit<S> withQuota(Quota quota) {
    return limit.withQuota(quota);
  }
}

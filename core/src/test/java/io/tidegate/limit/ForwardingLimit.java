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
  boolean tryAcquire(S state, Ticker ticker, long now, long permits) {
    return limit.tryAcquire(state, ticker, now, permits);
  }

  @Override
  Decision decide(S state, Ticker ticker, long now, long permits) {
    return limit.decide(state, ticker, now, permits);
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
  void giveBackTaken(S state, long taken, long now, long permits) {
    limit.giveBackTaken(state, taken, now, permits);
  }

  @Override
  void debit(S state, Ticker ticker, long now, long permits) {
    limit.debit(state, ticker, now, permits);
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

package io.tidegate.limit;

/** A limit, one state of it, and a clock. */
final class StateLimiter<S> implements RateLimiter {

  private final Limit<S> limit;
  private final S state;
  private final Ticker ticker;

  StateLimiter(Limit<S> limit, S state, Ticker ticker) {
    this.limit = limit;
    this.state = state;
    this.ticker = ticker;
  }

  @Override
  public Quota quota() {
    return limit.quota;
  }

  @Override
  public boolean tryAcquire(long permits) {
    Permits.check("permits", permits);
    return limit.tryAcquire(state, ticker, ticker.read(), permits);
  }

  @Override
  public Decision decide(long permits) {
    Permits.check("permits", permits);
    return limit.decide(state, ticker, ticker.read(), permits);
  }

  @Override
  public Decision peek(long permits) {
    Permits.check("permits", permits);
    return limit.peek(state, ticker, ticker.read(), permits);
  }

  @Override
  public boolean giveBack(long permits) {
    Permits.check("permits", permits);
    limit.giveBack(state, ticker.read(), permits);
    return true;
  }

  @Override
  public Reservation reserve(long estimate) {
    Permits.check("estimate", estimate);
    Charged<S> charged = new Charged<>(ticker);
    charged.state = state;
    Decision decision = limit.decide(state, charged, charged.read(), estimate);
    return new Reservation(decision, estimate) {
      @Override
      protected void giveBack(long permits) {
        charged.giveBack(limit, decision, permits);
      }

      @Override
      protected void debit(long permits) {
        limit.debit(state, ticker, ticker.read(), permits);
      }
    };
  }

  @Override
  public String toString() {
    return "RateLimiter[" + limit.quota + "]";
  }
}

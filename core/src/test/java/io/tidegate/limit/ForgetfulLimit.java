package io.tidegate.limit;

import org.jspecify.annotations.Nullable;

/** A broken twin that has a key forgotten while it counts: in a part of the time that it owes. */
final class ForgetfulLimit<S> extends ForwardingLimit<S> {

  private final int part;

  ForgetfulLimit(Limit<S> limit, int part) {
    super(limit);
    this.part = part;
  }

  private long longer(long now, long keptUntil) {
    long kept = keptUntil - now;
    return kept >= FOR_GOOD ? keptUntil : now + part * kept;
  }

  @Override
  long tryAcquire(S state, Ticker ticker, long now, long permits, long keptUntil) {
    long needed = super.tryAcquire(state, ticker, now, permits, longer(now, keptUntil));
    return needed <= TAKEN ? needed : needed / part + 1;
  }

  @Override
  @Nullable Decision decide(S state, Ticker ticker, long now, long permits, long keptUntil) {
    return super.decide(state, ticker, now, permits, longer(now, keptUntil));
  }

  @Override
  long untilFresh(S state, long now) {
    return super.untilFresh(state, now) / part;
  }

  @Override
  long longestDebtNanos() {
    return super.longestDebtNanos() / part;
  }
}

package io.tidegate.limit;

import java.time.Duration;

/** Makes one key's limiter over a store whose only place is held by somebody else for good. */
final class CrowdedLimiter {

  private static final long FOR_GOOD = Duration.ofDays(100 * 365).toNanos();

  private CrowdedLimiter() {}

  static <S> RateLimiter of(Limit<S> limit, Ticker ticker) {
    Store<S> store = new Store<>(1, WhenFull.SHARE, ticker);
    long now = ticker.read();
    if (!store.publish(1L, limit.fresh(now), FOR_GOOD, now) || store.hasRoom(now)) {
      throw new AssertionError("there is room");
    }
    return new StoreLimiter<>(limit, KeyFunnel.ofString(), KeyedHash.random(), store)
        .limiter("crowded out");
  }
}

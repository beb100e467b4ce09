package io.tidegate.redis;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Quota;
import io.tidegate.limit.RateLimiter;
import io.tidegate.limit.Reservation;

/** One client's part of a leased limiter. */
record LeasedKey(LeasedLimiter limiter, Long key) implements RateLimiter {

  @Override
  public Quota quota() {
    return limiter.quota();
  }

  @Override
  public boolean tryAcquire(long permits) {
    return limiter.tryAcquire(key, permits);
  }

  @Override
  public Decision decide(long permits) {
    return limiter.decide(key, permits);
  }

  @Override
  public Decision peek(long permits) {
    return limiter.peek(key, permits);
  }

  @Override
  public boolean giveBack(long permits) {
    return limiter.giveBack(key, permits);
  }

  @Override
  public Reservation reserve(long estimate) {
    return limiter.reserve(key, estimate);
  }

  @Override
  public String toString() {
    return "RateLimiter[" + limiter.quota() + ", one key]"; // never the key, whoever it stands for
  }
}

package io.tidegate.limit;

/** One key's part of a keyed limiter. */
record KeyLimiter<K>(KeyedRateLimiter<K> limiter, K key) implements RateLimiter {

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
    return "RateLimiter[" + limiter.quota() + ", one key]"; // never the key: it may be a secret
  }
}

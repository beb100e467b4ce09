package io.tidegate.limit;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * One limit of a {@link Budget}.
 *
 * @param overdrawn the same subjects with what they owe, who may owe the overdraft as well: a
 *     bucket of the same rate and a larger burst over the same words, so that to draw is one
 *     compare-and-set as ever
 * @param atOnce whether it is on how much at once: a log of what is open, whose window is the
 *     longest that it may be
 */
record Dimension<K>(
    String name, StoreLimiter<K, ?> limiter, KeyedRateLimiter<K> overdrawn, boolean atOnce) {

  /** When something at once comes back nobody knows; the log knows only when it must. */
  private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

  static <K> Dimension<K> of(
      String name,
      Quota quota,
      long overdraft,
      KeyFunnel<K> funnel,
      Consumer<KeyedRateLimiter.Builder<K>> common) {
    KeyedRateLimiter.Builder<K> builder = TokenBucket.keyed(quota, funnel);
    common.accept(builder);
    StoreLimiter<K, ?> limiter = builder.store();
    return new Dimension<>(
        name,
        limiter,
        overdraft == 0 ? limiter : limiter.withQuota(quota.withBurst(quota.burst() + overdraft)),
        false);
  }

  static <K> Dimension<K> atOnce(
      String name, Quota quota, KeyFunnel<K> funnel, Consumer<KeyedRateLimiter.Builder<K>> common) {
    KeyedRateLimiter.Builder<K> builder = SlidingWindow.keyedLog(quota, funnel);
    common.accept(builder);
    StoreLimiter<K, ?> limiter = builder.store();
    return new Dimension<>(name, limiter, limiter, true);
  }

  Spending.Part reserve(K key, long estimate) {
    return new Spending.Part(
        name,
        atOnce,
        account(key),
        estimate,
        estimate == 0 ? null : limiter.reserve(key, estimate));
  }

  private Spending.Account account(K key) {
    return new Spending.Account() {
      @Override
      public boolean draw(long permits) {
        return overdrawn.tryAcquire(key, permits);
      }

      @Override
      public void debit(long permits) {
        limiter.debit(key, permits);
      }
    };
  }

  Decision peek(K key, long permits) {
    Decision decision = limiter.peek(key, permits);
    return atOnce && decision.outcome() == Decision.Outcome.REFUSED
        ? new Decision(
            decision.outcome(),
            decision.remaining(),
            Math.min(RETRY_NANOS, decision.retryAfterNanos()),
            decision.resetAfterNanos())
        : decision;
  }
}

package io.tidegate.redis;

import io.tidegate.limit.Decision;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.KeyedTable;
import io.tidegate.limit.Quota;
import io.tidegate.limit.Ticker;
import io.tidegate.limit.TokenBucket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one limit answers without the server. */
final class Fallback {

  static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

  private static final Duration LONGEST = Duration.ofDays(366);

  private final WhenDown policy;
  private final Quota quota;

  /** This node's share; null unless it decides alone. */
  private final @Nullable KeyedRateLimiter<String> share;

  Fallback(WhenDown policy, Quota quota, int nodes, int maxKeys, Ticker ticker) {
    this(
        policy,
        quota,
        policy == WhenDown.LOCAL
            ? TokenBucket.keyed(shareOf(quota, nodes), KeyFunnel.ofString())
                .maxKeys(maxKeys)
                .ticker(ticker)
                .build()
            : null);
  }

  /**
   * For limits that are asked for each call, where keeping the share up to date must cost little:
   * in a table where one holds the quota. A table takes nothing back, so what a call on several
   * limits lost to another stays charged.
   */
  static Fallback inTable(WhenDown policy, Quota quota, int nodes, int maxKeys, Ticker ticker) {
    Quota share = policy == WhenDown.LOCAL ? shareOf(quota, nodes) : quota;
    if (policy != WhenDown.LOCAL || !KeyedTable.fits(share)) {
      return new Fallback(policy, quota, nodes, maxKeys, ticker);
    }
    return new Fallback(
        policy,
        quota,
        TokenBucket.table(share, KeyFunnel.ofString()).maxKeys(maxKeys).ticker(ticker).build());
  }

  private Fallback(WhenDown policy, Quota quota, @Nullable KeyedRateLimiter<String> share) {
    this.policy = policy;
    this.quota = quota;
    this.share = share;
  }

  /** The same for another quota or policy, with what this node's share has given so far. */
  Fallback with(WhenDown policy, Quota quota, int nodes, int maxKeys, Ticker ticker) {
    if (share == null || policy != WhenDown.LOCAL) {
      return new Fallback(policy, quota, nodes, maxKeys, ticker);
    }
    KeyedRateLimiter<String> next = share.withQuota(shareOf(quota, nodes));
    next.resize(maxKeys);
    return new Fallback(policy, quota, next);
  }

  /** One of so many equal parts: as many permits in a longer window, and a part of the burst. */
  static Quota shareOf(Quota quota, int nodes) {
    long burst = Math.max(1, quota.burst() / nodes);
    Duration window = quota.window().multipliedBy(nodes);
    if (window.compareTo(LONGEST) <= 0) {
      return new Quota(quota.permits(), window, burst);
    }
    if (quota.permits() < nodes) {
      throw new IllegalArgumentException(
          "nodes: " + nodes + " for " + quota + " (expected: a share of a permit in 366 days)");
    }
    return new Quota(quota.permits() / nodes, quota.window(), burst);
  }

  /**
   * Counts what the server admitted, so that an outage finds this node's share as used as it is.
   */
  void charge(String key, long permits) {
    if (share != null && !share.tryAcquire(key, permits)) {
      long left = share.peek(key, 1).remaining();
      if (left > 0) {
        share.tryAcquire(key, Math.min(left, permits));
      }
    }
  }

  /** What {@link #decide} would say. */
  Decision peek(String key, long permits) {
    return share == null ? byPolicy(permits) : untilItAnswers(share.peek(key, permits), permits);
  }

  Decision decide(String key, long permits) {
    return share == null ? byPolicy(permits) : untilItAnswers(share.decide(key, permits), permits);
  }

  /** Whether {@link #decide} admits; allocates no decision. */
  boolean tryAcquire(String key, long permits) {
    return share == null
        ? policy == WhenDown.OPEN && permits <= quota.burst()
        : share.tryAcquire(key, permits);
  }

  /** Returns what {@link #decide} took. */
  void giveBack(String key, long permits) {
    if (share != null) {
      share.giveBack(key, permits);
    }
  }

  /** Forgets what a key has had. */
  void forget(String key) {
    if (share != null) {
      share.reset(key);
    }
  }

  private Decision byPolicy(long permits) {
    if (permits > quota.burst()) {
      return new Decision(Decision.Outcome.NEVER, 0, Long.MAX_VALUE, 0);
    }
    return policy == WhenDown.OPEN
        ? new Decision(Decision.Outcome.ADMITTED, quota.burst() - permits, 0, 0)
        : new Decision(Decision.Outcome.REFUSED, 0, RETRY_NANOS, RETRY_NANOS);
  }

  /** More than this node's share can ever be is no more than not now, if the server could. */
  private Decision untilItAnswers(Decision decision, long permits) {
    return decision.outcome() == Decision.Outcome.NEVER && permits <= quota.burst()
        ? new Decision(
            Decision.Outcome.REFUSED, decision.remaining(), RETRY_NANOS, decision.resetAfterNanos())
        : decision;
  }
}

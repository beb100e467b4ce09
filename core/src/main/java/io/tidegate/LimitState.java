package io.tidegate;

import io.tidegate.http.Policy;
import io.tidegate.http.Problem;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.SlidingWindow;
import io.tidegate.limit.Ticker;
import io.tidegate.limit.TokenBucket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One quota of a rule, with what everybody owes under it. */
final class LimitState {

  final RuleState rule;
  final KeyedRateLimiter<Long> limiter;
  final Policy policy;

  /** What a refusal says that waiting ends. */
  final Problem notNow;

  /** What a refusal says that no waiting ends. */
  final Problem never;

  private LimitState(RuleState rule, KeyedRateLimiter<Long> limiter, Policy policy) {
    this.rule = rule;
    this.limiter = limiter;
    this.policy = policy;
    this.notNow =
        Problem.quotaExceeded(
            List.of(policy.name()), "Too many requests. Try again after the time in Retry-After.");
    this.never =
        Problem.quotaExceeded(
            List.of(policy.name()), "This request alone costs more than the limit ever allows.");
  }

  /**
   * A limit that goes on from an earlier one where it can.
   *
   * @param earlier the limit that stood in the same place before, if any
   */
  static LimitState of(
      RuleState rule, String name, Quota quota, @Nullable LimitState earlier, Ticker ticker) {
    Policy policy = Policy.of(name, quota);
    if (earlier == null || !goesOn(earlier, rule.rule, quota)) {
      return new LimitState(rule, builder(rule.rule, quota).ticker(ticker).build(), policy);
    }
    KeyedRateLimiter<Long> limiter = earlier.limiter.withQuota(quota);
    limiter.resize(rule.rule.maxKeys);
    return new LimitState(rule, limiter, policy);
  }

  /**
   * A sliding window's counts mean nothing in another window; a bucket's debt is time, and goes on.
   */
  private static boolean goesOn(LimitState earlier, Rule rule, Quota quota) {
    Rule before = earlier.rule.rule;
    return before.algorithm == rule.algorithm
        && before.whenFull == rule.whenFull
        && (rule.algorithm == Rule.Algorithm.TOKEN_BUCKET
            || earlier.limiter.quota().window().equals(quota.window()));
  }

  static KeyedRateLimiter.Builder<Long> builder(Rule rule, Quota quota) {
    KeyedRateLimiter.Builder<Long> builder =
        switch (rule.algorithm) {
          case TOKEN_BUCKET -> TokenBucket.keyed(quota, KeyFunnel.hashed());
          case SLIDING_WINDOW -> SlidingWindow.keyedCounter(quota, KeyFunnel.hashed());
          case SLIDING_LOG -> SlidingWindow.keyedLog(quota, KeyFunnel.hashed());
        };
    return builder.maxKeys(rule.maxKeys).whenFull(rule.whenFull);
  }
}

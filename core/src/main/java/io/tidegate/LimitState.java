package io.tidegate;

import io.tidegate.http.Policy;
import io.tidegate.http.Problem;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.KeyedTable;
import io.tidegate.limit.Quota;
import io.tidegate.limit.SlidingWindow;
import io.tidegate.limit.Ticker;
import io.tidegate.limit.TokenBucket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One quota of a rule, with what everybody owes under it. */
final class LimitState {

  /** How many new keys a second a table should have room for. */
  private static final long NEW_KEYS = 10_000;

  private static final long NANOS = 1_000_000_000;
  private static final int LEAST_KEYS = 100_000;
  private static final int MOST_KEYS = 1_000_000;

  final RuleState rule;
  final KeyedRateLimiter<Long> limiter;
  final Policy policy;

  /** Whether passes are counted here in place of what the rule counts. */
  final boolean ofPasses;

  /** What a refusal says that waiting ends. */
  final Problem notNow;

  /** What a refusal says that work ends as well. */
  final Problem payable;

  /** What a refusal says that no waiting ends. */
  final Problem never;

  private LimitState(
      RuleState rule, KeyedRateLimiter<Long> limiter, Policy policy, boolean ofPasses) {
    this.ofPasses = ofPasses;
    this.rule = rule;
    this.limiter = limiter;
    this.policy = policy;
    this.notNow =
        Problem.quotaExceeded(
            List.of(policy.name()), "Too many requests. Try again after the time in Retry-After.");
    this.payable =
        Problem.quotaExceeded(
            List.of(policy.name()),
            "Too many requests. Solve the challenge and repeat the request with its proof, or try"
                + " again after the time in Retry-After.");
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
    if (rule.rule.shared != null) {
      return new LimitState(rule, rule.rule.shared.limiter(name, quota), policy, false);
    }
    if (earlier == null || !goesOn(earlier, rule.rule, quota)) {
      return new LimitState(rule, limiter(rule.rule, quota, ticker), policy, false);
    }
    KeyedRateLimiter<Long> limiter = earlier.limiter.withQuota(quota);
    limiter.resize(maxKeys(rule.rule, quota));
    return new LimitState(rule, limiter, policy, false);
  }

  /**
   * The same limit for holders of passes, who are counted by themselves: no flood of strangers can
   * fill what they are counted in.
   */
  LimitState forPasses(@Nullable LimitState earlier, Ticker ticker) {
    Quota quota = limiter.quota();
    if (rule.rule.shared != null) {
      String name = policy.name() + "/passes";
      return new LimitState(rule, rule.rule.shared.limiter(name, quota), policy, true);
    }
    if (earlier != null
        && earlier.rule.rule.shared == null
        && earlier.rule.rule.algorithm == rule.rule.algorithm
        && (rule.rule.algorithm == Rule.Algorithm.TOKEN_BUCKET
            || earlier.limiter.quota().window().equals(quota.window()))) {
      return new LimitState(rule, earlier.limiter.withQuota(quota), policy, true);
    }
    int keys = rule.rule.maxKeys == null ? LEAST_KEYS : rule.rule.maxKeys;
    KeyedRateLimiter<Long> own = store(rule.rule, quota).maxKeys(keys).ticker(ticker).build();
    return new LimitState(rule, own, policy, true);
  }

  private static KeyedRateLimiter<Long> limiter(Rule rule, Quota quota, Ticker ticker) {
    int maxKeys = maxKeys(rule, quota);
    return isInTable(rule, quota)
        ? TokenBucket.table(quota, KeyFunnel.hashed()).maxKeys(maxKeys).ticker(ticker).build()
        : store(rule, quota).maxKeys(maxKeys).ticker(ticker).build();
  }

  /** A quota of which one permit lasts long is no quota for strangers, see {@link KeyedTable}. */
  private static boolean isInTable(Rule rule, Quota quota) {
    return !rule.exact && KeyedTable.fits(quota) && keysInAFlood(quota) <= MOST_KEYS;
  }

  /** How many keys owe something at one time while so many new ones come. */
  private static long keysInAFlood(Quota quota) {
    return quota.window().toNanos() / quota.permits() / (NANOS / NEW_KEYS);
  }

  private static int maxKeys(Rule rule, Quota quota) {
    if (rule.maxKeys != null) {
      return rule.maxKeys;
    }
    return isInTable(rule, quota) ? (int) Math.max(keysInAFlood(quota), LEAST_KEYS) : LEAST_KEYS;
  }

  /** Whether a flood of new keys would fill the limit's table, so that newcomers suffer. */
  boolean isSmall() {
    return limiter instanceof KeyedTable<?> table && table.newKeysPerSecond() < NEW_KEYS * 0.99;
  }

  /** Refuses what no limiter can be made of. */
  static void check(Rule rule, Quota quota) {
    store(rule, quota).maxKeys(maxKeys(rule, quota));
  }

  /**
   * A sliding window's counts mean nothing in another window; a bucket's debt is time, and goes on.
   */
  private static boolean goesOn(LimitState earlier, Rule rule, Quota quota) {
    Rule before = earlier.rule.rule;
    return before.shared == null
        && before.algorithm == rule.algorithm
        && isInTable(rule, quota) == earlier.limiter instanceof KeyedTable
        && before.whenFull == rule.whenFull
        && (rule.algorithm == Rule.Algorithm.TOKEN_BUCKET
            || earlier.limiter.quota().window().equals(quota.window()));
  }

  private static KeyedRateLimiter.Builder<Long> store(Rule rule, Quota quota) {
    KeyedRateLimiter.Builder<Long> builder =
        switch (rule.algorithm) {
          case TOKEN_BUCKET -> TokenBucket.keyed(quota, KeyFunnel.hashed());
          case SLIDING_WINDOW -> SlidingWindow.keyedCounter(quota, KeyFunnel.hashed());
          case SLIDING_LOG -> SlidingWindow.keyedLog(quota, KeyFunnel.hashed());
        };
    return builder.whenFull(rule.whenFull);
  }
}

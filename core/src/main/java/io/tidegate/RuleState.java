package io.tidegate;

import io.tidegate.challenge.Pass;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.SlidingWindow;
import io.tidegate.limit.Ticker;
import io.tidegate.limit.WhenFull;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A rule at work in a gate: its limits, its strikes and its counters. */
final class RuleState {

  final Rule rule;
  final Counters counters;
  final @Nullable KeyedRateLimiter<Long> strikes;

  private final List<LimitState> limits;
  private final Map<String, List<LimitState>> plans = new HashMap<>();

  /** What members fall under in place of a limit. */
  private final Map<LimitState, LimitState> memberLimits = new HashMap<>();

  /** The same for visitors, whose passes can be bought in any number. */
  private final Map<LimitState, LimitState> visitorLimits = new HashMap<>();

  RuleState(Rule rule, @Nullable RuleState earlier, Ticker ticker, boolean passes) {
    this.rule = rule;
    this.counters = earlier == null ? new Counters() : earlier.counters;
    this.limits =
        limits(rule.name, rule.quotas, earlier == null ? List.of() : earlier.limits, ticker);
    rule.plans.forEach(
        (plan, quotas) ->
            plans.put(plan, limits(planName(rule, plan), quotas, plan(earlier, plan), ticker)));
    this.strikes = rule.ban == null ? null : strikes(rule.ban.strikes(), earlier, ticker);
    if (passes && takesPasses(Pass.Level.MEMBER)) {
      addOwn(memberLimits, earlier == null ? null : earlier.memberLimits, ticker);
    }
    if (passes && takesPasses(Pass.Level.VISITOR)) {
      addOwn(visitorLimits, earlier == null ? null : earlier.visitorLimits, ticker);
    }
  }

  private void addOwn(
      Map<LimitState, LimitState> own,
      @Nullable Map<LimitState, LimitState> earlier,
      Ticker ticker) {
    Map<String, LimitState> before = new HashMap<>();
    if (earlier != null) {
      earlier.values().forEach(limit -> before.put(limit.policy.name(), limit));
    }
    List<LimitState> all = new ArrayList<>(limits);
    plans.values().forEach(all::addAll);
    all.forEach(limit -> own.put(limit, limit.forPasses(before.get(limit.policy.name()), ticker)));
  }

  /**
   * Whether a pass is counted in place of what the rule counts. A member's is wherever strangers
   * are known by their network. A visitor's buys what is for sale, and no more: not ten more
   * guesses at a password.
   */
  boolean takesPasses(Pass.Level level) {
    if (rule.blindToPasses) {
      return false;
    }
    return rule.challenges
        ? rule.keyBy.isNetwork() || rule.keyBy == Call.EVERYONE
        : rule.keyBy.isNetwork() && level == Pass.Level.MEMBER;
  }

  /** Whether a visitor's new pass gets past a refusal. */
  boolean isPaidByPass() {
    return takesPasses(Pass.Level.VISITOR) || rule.keyBy == KeyBy.pass();
  }

  /** What the holder of a pass falls under in place of a limit. */
  LimitState forPass(LimitState limit, Pass.Level level) {
    var own = level == Pass.Level.MEMBER ? memberLimits : visitorLimits;
    return own.getOrDefault(limit, limit);
  }

  /** What became of the requests that a rule was about. */
  static final class Counters {
    final LongAdder admitted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder challenged = new LongAdder();
    final LongAdder paid = new LongAdder();
    final LongAdder wouldRefuse = new LongAdder();
    final LongAdder bans = new LongAdder();
    final LongAdder forfeited = new LongAdder();
    final LongAdder failures = new LongAdder();
  }

  private static List<LimitState> plan(@Nullable RuleState earlier, String plan) {
    return earlier == null ? List.of() : earlier.plans.getOrDefault(plan, List.of());
  }

  private List<LimitState> limits(
      String name, List<Quota> quotas, List<LimitState> earlier, Ticker ticker) {
    @Nullable LimitState[] before = matched(earlier, quotas);
    List<LimitState> made = new ArrayList<>();
    for (int i = 0; i < quotas.size(); i++) {
      Quota quota = quotas.get(i);
      String policy = policyName(name, i, quotas.size());
      made.add(LimitState.of(this, policy, quota, before[i], ticker));
    }
    return List.copyOf(made);
  }

  /** What clients will know the limits of a rule by. */
  static List<String> policyNames(Rule rule) {
    List<String> names = new ArrayList<>();
    addNames(names, rule.name, rule.quotas.size());
    rule.plans.forEach((plan, quotas) -> addNames(names, planName(rule, plan), quotas.size()));
    return names;
  }

  private static void addNames(List<String> names, String name, int count) {
    for (int i = 0; i < count; i++) {
      names.add(policyName(name, i, count));
    }
  }

  private static String planName(Rule rule, String plan) {
    return rule.name + "." + plan;
  }

  private static String policyName(String name, int index, int count) {
    return count == 1 ? name : name + "." + (index + 1);
  }

  /**
   * Which earlier limit each quota goes on from: its own, else one of its window, else the next.
   */
  private static @Nullable LimitState[] matched(List<LimitState> earlier, List<Quota> quotas) {
    @Nullable LimitState[] found = new LimitState[quotas.size()];
    List<LimitState> left = new ArrayList<>(earlier);
    take(found, left, quotas, Quota::equals);
    take(found, left, quotas, (before, quota) -> before.window().equals(quota.window()));
    take(found, left, quotas, (before, quota) -> true);
    return found;
  }

  private static void take(
      @Nullable LimitState[] found,
      List<LimitState> left,
      List<Quota> quotas,
      BiPredicate<Quota, Quota> fits) {
    for (int i = 0; i < found.length; i++) {
      for (int j = 0; found[i] == null && j < left.size(); j++) {
        if (fits.test(left.get(j).limiter.quota(), quotas.get(i))) {
          found[i] = left.remove(j);
        }
      }
    }
  }

  private static KeyedRateLimiter<Long> strikes(
      Quota quota, @Nullable RuleState earlier, Ticker ticker) {
    KeyedRateLimiter<Long> before = earlier == null ? null : earlier.strikes;
    return before != null && before.quota().window().equals(quota.window())
        ? before.withQuota(quota)
        : SlidingWindow.keyedCounter(quota, KeyFunnel.hashed())
            .whenFull(WhenFull.ADMIT) // uncounted, since nobody may be banned for another's strikes
            .ticker(ticker)
            .build();
  }

  /** The limits that a request falls under. */
  List<LimitState> limitsFor(GateRequest request) {
    if (rule.plan == null) {
      return limits;
    }
    String plan = rule.plan.apply(request);
    return plan == null ? limits : plans.getOrDefault(plan, limits);
  }

  /** The limits of those on no plan. */
  List<LimitState> limitsWithoutPlan() {
    return limits;
  }

  void forEachLimit(Consumer<LimitState> action) {
    limits.forEach(action);
    plans.values().forEach(plan -> plan.forEach(action));
  }

  /** Every keyed limiter of the rule, those of passes and its strikes included. */
  void forEachLimiter(Consumer<KeyedRateLimiter<Long>> action) {
    forEachLimit(limit -> action.accept(limit.limiter));
    memberLimits.values().forEach(limit -> action.accept(limit.limiter));
    visitorLimits.values().forEach(limit -> action.accept(limit.limiter));
    if (strikes != null) {
      action.accept(strikes);
    }
  }

  /** What is told of the rule in a status. */
  GateStatus.RuleCounts counts() {
    return new GateStatus.RuleCounts(
        rule.name,
        counters.admitted.sum(),
        counters.refused.sum(),
        counters.challenged.sum(),
        counters.paid.sum(),
        counters.wouldRefuse.sum(),
        counters.bans.sum(),
        counters.failures.sum(),
        counters.forfeited.sum(),
        sum(KeyedRateLimiter::keys),
        sum(KeyedRateLimiter::crowdedOut));
  }

  private long sum(ToLongFunction<KeyedRateLimiter<Long>> count) {
    AtomicLong sum = new AtomicLong();
    forEachLimit(limit -> sum.addAndGet(count.applyAsLong(limit.limiter)));
    return sum.get();
  }
}

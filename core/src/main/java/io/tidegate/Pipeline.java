package io.tidegate;

import io.tidegate.challenge.Pass;
import io.tidegate.challenge.Verification;
import io.tidegate.client.ClientKey;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.KeyBy;
import io.tidegate.client.NetworkSet;
import io.tidegate.http.Problem;
import io.tidegate.limit.KeyedHash;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.KeyedTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One configuration of a gate at work: lists, penalty box, limits, cheapest first. A gate whose
 * rules are replaced gets a new pipeline; requests under way end on the one that they began on.
 *
 * <p>Immutable but for the state that it points to.
 */
final class Pipeline {

  private static final Problem DENIED = Problem.forbidden("This address may not use this service.");
  private static final Problem FAILED =
      Problem.reducedCapacity("The service cannot take this request now. Try again shortly.");
  private static final long FAILED_RETRY_NANOS = Duration.ofSeconds(5).toNanos();

  final Answers answers;
  final List<RuleState> rules;
  final ClientResolver clients;
  final KeyedHash hash;

  private final Parts parts;
  private final PenaltyBox box;
  private final Reports reports;
  private final Lists lists;
  private final List<KeyBy> keys;
  private final Charging charging;

  /** Who passes without a look, and who does not pass. */
  record Lists(NetworkSet allow, NetworkSet deny) {}

  Pipeline(Parts parts, List<RuleState> rules, Lists lists, Answers answers) {
    this.parts = parts;
    this.rules = List.copyOf(rules);
    this.lists = lists;
    this.answers = answers;
    this.clients = parts.clients();
    this.hash = parts.hash();
    this.box = parts.box();
    this.reports = parts.reports();
    this.charging = new Charging(this, box, reports);
    this.keys = distinctKeys(rules);
  }

  /** All keys under which somebody may be banned, but for the address. */
  private static List<KeyBy> distinctKeys(List<RuleState> rules) {
    Set<KeyBy> seen = new HashSet<>();
    List<KeyBy> keys = new ArrayList<>();
    seen.add(KeyBy.address());
    seen.add(Call.EVERYONE);
    for (RuleState rule : rules) {
      if (seen.add(rule.rule.keyBy)) {
        keys.add(rule.rule.keyBy);
      }
    }
    return List.copyOf(keys);
  }

  Verdict enter(GateRequest request) {
    Verdict verdict = enter(request, null);
    if (verdict == null) {
      throw new IllegalStateException("verdict: none (expected: one, since nobody waits)");
    }
    return verdict;
  }

  /** The verdict; null if it comes later. */
  @Nullable Verdict enter(GateRequest request, @Nullable Waiting waiting) {
    Call call = call(request);
    Executor executor = waiting == null ? null : waiting.executor();
    return waiting != null && executor != null && asksFirst(call, waiting, executor)
        ? null
        : decideSafely(call, waiting);
  }

  /** Whether a proof came along that must be claimed elsewhere first. Then it goes on later. */
  private boolean asksFirst(Call call, Waiting waiting, Executor executor) {
    try {
      OwnPaths own = parts.own();
      CompletionStage<Verification> stage =
          own == null || !own.mayClaim(call) || isListed(call) ? null : own.redeemAhead(call);
      if (stage == null) {
        return false;
      }
      CompletableFuture<Verification> answer = stage.toCompletableFuture();
      if (answer.isDone()) { // junk, for which nobody need be asked
        call.redeemedAhead(answer.join());
        return false;
      }
      waiting.asks();
      stage.thenAccept(verified -> goOnAt(executor, () -> goOn(call, waiting, verified)));
      return true;
    } catch (RuntimeException e) { // the request's own methods; the decision meets it again
      reports.failed(null, e);
      return false;
    }
  }

  /** Whether the lists or an exemption decide, whatever has been paid. */
  private boolean isListed(Call call) {
    return isExempt(call)
        || lists.allow.contains(call.address())
        || lists.deny.contains(call.address());
  }

  private static void goOnAt(Executor executor, Runnable rest) {
    try {
      executor.execute(rest);
    } catch (RejectedExecutionException e) { // the connection's event loop has ended
      rest.run();
    }
  }

  private void goOn(Call call, Waiting waiting, Verification verified) {
    if (!waiting.goesOn()) {
      return;
    }
    call.redeemedAhead(verified);
    Verdict verdict = decideSafely(call, waiting);
    if (verdict != null) {
      waiting.tell(verdict, failure -> reports.failed(null, failure));
    }
  }

  private @Nullable Verdict decideSafely(Call call, @Nullable Waiting waiting) {
    GateRequest request = call.request();
    Verdict verdict;
    try {
      verdict = decide(call, waiting);
    } catch (Throwable e) {
      Failures.throwIfFatal(e);
      reports.failed(null, e);
      verdict =
          parts.onFailure() == FailurePolicy.OPEN
              ? new Admitted(this, request, null)
              : failedClosed(request, null);
    }
    if (verdict != null) {
      reports.count(verdict.kind());
    }
    return verdict;
  }

  private Call call(GateRequest request) {
    return parts.own() == null ? new Call(request, this) : new TollCall(request, this);
  }

  private @Nullable Verdict decide(Call call, @Nullable Waiting waiting) {
    if (isExempt(call)) {
      return new Admitted(this, call.request(), null);
    }
    noticeFrom(call.request());
    boolean allowed = !lists.allow.isEmpty() && lists.allow.contains(call.address());
    if (!allowed && !lists.deny.isEmpty() && lists.deny.contains(call.address())) {
      return denied(call);
    }
    OwnPaths own = parts.own();
    if (own != null && own.owns(call)) {
      return own.answer(call);
    }
    if (allowed) {
      return new Admitted(this, call.request(), null);
    }
    Toll toll = toll();
    if (toll != null && call instanceof TollCall payer) {
      payer.show(toll.passOf(call));
    }
    Verdict banned = box.isEmpty() ? null : banned(call);
    if (banned != null) {
      return banned;
    }
    if (call.isPreflight() && isFree(call)) {
      return new Admitted(this, call.request(), null);
    }
    return limit(call, waiting);
  }

  private @Nullable Verdict limit(Call call, @Nullable Waiting waiting) {
    Charge charges = null;
    for (RuleState rule : rules) {
      try {
        charges = added(rule, call, charges);
      } catch (Throwable e) {
        Failures.throwIfFatal(e);
        reports.failed(rule, e);
        if (rule.rule.onFailure == FailurePolicy.CLOSED && !rule.rule.shadow) {
          return failedClosed(call.request(), rule);
        }
      }
    }
    if (call.holdsBack() && !Charging.admits(charges)) {
      call.usePass();
      return limit(call, waiting);
    }
    charges = withBudget(call, charges);
    Verdict verdict = charging.charge(call, charges);
    if (!(verdict instanceof Admitted admitted)) {
      return verdict;
    }
    Toll toll = toll();
    if (toll != null) {
      admitted.setCookie(toll.renewal(call));
    }
    Guard guard = parts.guard();
    return guard == null ? verdict : guard.decide(call, admitted, waiting);
  }

  /** A path that can be read in several ways is not exempt, since one of them may not be meant. */
  private boolean isExempt(Call call) {
    Match exempt = parts.exempt();
    return exempt != null && exempt.test(call) && call.hasOnePath();
  }

  /**
   * Browsers remember answers, so no person's browser asks this often; a flood may call itself one.
   */
  private boolean isFree(Call call) {
    return parts.preflights().tryAcquire(KeyHashes.ofAddress(call.address(), hash), 1);
  }

  /** The charges so far, and those of one more rule if it applies. */
  private @Nullable Charge added(RuleState rule, Call call, @Nullable Charge charges) {
    if (!call.matches(rule.rule.match)) {
      return charges;
    }
    Pass pass = call.shownPass();
    boolean byPass = pass != null && !call.holdsBack() && rule.takesPasses(pass.level());
    Long key = call.hash(byPass ? KeyBy.pass() : rule.rule.keyBy);
    if (key == null) {
      return charges;
    }
    long cost = cost(rule, call.request());
    if (cost == 0) {
      return charges;
    }
    Charge all = charges;
    List<LimitState> limits = limits(rule, call.request());
    for (int i = 0; i < limits.size(); i++) {
      LimitState limit = limits.get(i);
      all =
          pass == null || !byPass
              ? new Charge(limit, key, cost, all)
              : byPass(rule.forPass(limit, pass.level()), key, cost, pass, all);
    }
    return all;
  }

  /**
   * A pass far from where it was given counts double: it may have been sold, or its holder may be
   * on a train.
   */
  private static Charge byPass(
      LimitState limit, Long key, long cost, Pass pass, @Nullable Charge all) {
    long burst = limit.limiter.quota().burst();
    long charged = pass.isHome() || cost > burst / 2 ? cost : 2 * cost;
    return new Charge(limit, key, charged, all);
  }

  /** The charges, and that of a visitor's budget if a pass is to be used. */
  private @Nullable Charge withBudget(Call call, @Nullable Charge charges) {
    Toll toll = toll();
    Pass pass = call.shownPass();
    LimitState budget = toll == null || pass == null ? null : toll.budgetOf(pass);
    for (Charge charge = charges; budget != null && charge != null; charge = charge.before) {
      if (charge.limit.ofPasses && !charge.isShadow() && pass != null) {
        return byPass(budget, charge.key, 1, pass, charges);
      }
    }
    return charges;
  }

  /** What going on past a refusal costs; null if this gate challenges nobody. */
  @Nullable Toll toll() {
    OwnPaths own = parts.own();
    return own == null ? null : own.toll();
  }

  /**
   * What a request costs; 1 if a rule that fails open cannot say, or clients could choose to be
   * free.
   */
  private long cost(RuleState rule, GateRequest request) {
    try {
      long cost = rule.rule.cost.applyAsLong(request);
      if (cost >= 0) {
        return cost;
      }
      throw new IllegalArgumentException("cost: " + cost + " (expected: at least 0)");
    } catch (Throwable e) {
      countOrThrow(rule, e);
      return 1;
    }
  }

  /** The quotas of a request's plan; those without one if a rule that fails open cannot say. */
  private List<LimitState> limits(RuleState rule, GateRequest request) {
    try {
      return rule.limitsFor(request);
    } catch (Throwable e) {
      countOrThrow(rule, e);
      return rule.limitsWithoutPlan();
    }
  }

  private void countOrThrow(RuleState rule, Throwable failure) {
    Failures.throwIfFatal(failure);
    if (rule.rule.onFailure == FailurePolicy.CLOSED) {
      throw Failures.unchecked(failure);
    }
    reports.failed(rule, failure);
  }

  private Verdict denied(Call call) {
    if (reports.hasListener()) {
      ClientKey client = ClientKey.address(call.address());
      reports.event(GateEvent.Type.DENIED, null, client, null);
    }
    return new Refused(Verdict.Kind.DENIED, this, call.request(), DENIED, null, Refused.NEVER);
  }

  private @Nullable Verdict banned(Call call) {
    long now = box.now();
    boolean holdsPass = call.isMember();
    PenaltyBox.Entry ban = holdsPass ? null : box.findNetwork(call.address(), now);
    if (box.holdsOtherThanNetworks()) {
      ban = PenaltyBox.longer(ban, find(call, KeyBy.pass(), now));
      for (int i = 0; i < keys.size(); i++) {
        KeyBy by = keys.get(i);
        if (!holdsPass || !by.isNetwork()) {
          ban = PenaltyBox.longer(ban, find(call, by, now));
        }
      }
    }
    if (ban == null) {
      return null;
    }
    RuleState rule = ruleNamed(ban.rule);
    reports.event(GateEvent.Type.BANNED, rule, ban.key, Duration.ofNanos(ban.until - now));
    return charging.banned(call, ban, now, rule);
  }

  /** The rule of this name; null if there is none, or none any more. */
  @Nullable RuleState ruleNamed(String name) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).rule.name.equals(name)) {
        return rules.get(i);
      }
    }
    return null;
  }

  private PenaltyBox.@Nullable Entry find(Call call, KeyBy by, long now) {
    try {
      Long key = call.hash(by);
      return key == null ? null : box.find(key, now);
    } catch (Throwable e) {
      Failures.throwIfFatal(e);
      reports.failed(null, e);
      return null; // a rule that counts by this key fails as well, and its policy decides
    }
  }

  private Verdict failedClosed(GateRequest request, @Nullable RuleState rule) {
    Duration wait = Duration.ofNanos(FAILED_RETRY_NANOS);
    reports.event(GateEvent.Type.OVERLOADED, rule, null, wait);
    return new Refused(Verdict.Kind.OVERLOADED, this, request, FAILED, rule, FAILED_RETRY_NANOS);
  }

  /** Gives back what the outcome says need not be kept. */
  void settle(Charge charges, Outcome outcome) {
    for (Charge charge = charges; charge != null; charge = charge.before) {
      RuleState rule = charge.limit.rule;
      if (rule.rule.chargeWhen == null || !charge.isHeld()) {
        continue;
      }
      try {
        if (!rule.rule.chargeWhen.test(outcome)) {
          charge.giveBack();
        }
      } catch (Throwable e) {
        Failures.throwIfFatal(e);
        reports.failed(rule, e);
      }
    }
  }

  /** Does what the application wanted done at the end of a request. */
  void end(Runnable action) {
    try {
      action.run();
    } catch (Throwable e) {
      Failures.throwIfFatal(e);
      reports.failed(null, e);
    }
  }

  /** The rule's own refusal; null if it fails, so that the standard one goes out. */
  byte @Nullable [] ownBody(Rule.RefusalBody own, @Nullable RuleState rule, Verdict verdict) {
    try {
      return own.bytes(verdict);
    } catch (Throwable e) {
      Failures.throwIfFatal(e);
      reports.failed(rule, e);
      return null;
    }
  }

  /**
   * Looks at one request in 64 for a server that tells no address, and for a proxy before a gate
   * that knows of none; with a known proxy the resolver counts by itself.
   */
  private void noticeFrom(GateRequest request) {
    if (ThreadLocalRandom.current().nextInt(64) != 0) {
      return;
    }
    if (request.peer() == null) {
      reports.notice(SetupNotice.UNKNOWN_PEER);
    }
    if (isBehindUnknownProxy(request)) {
      reports.notice(SetupNotice.UNTRUSTED_PROXY);
    }
  }

  /** Whether a request seems to come through a proxy, and the gate knows of none. */
  boolean isBehindUnknownProxy(GateRequest request) {
    return clients.header() == null
        && (request.header("X-Forwarded-For") != null || request.header("Forwarded") != null);
  }

  /** What can be noticed from counts; called by the housekeeping thread. */
  void noticeFromCounts() {
    if (clients.ignored() > 0) {
      reports.notice(SetupNotice.UNTRUSTED_PROXY);
    }
    if (clients.malformed() > 0) {
      reports.notice(SetupNotice.MALFORMED_PROXY_HEADER);
    }
    rules.forEach(
        rule -> {
          rule.forEachLimiter(this::noticeFrom);
          rule.forEachLimit(
              limit -> {
                if (limit.isSmall()) {
                  reports.notice(SetupNotice.TABLE_SMALL);
                }
              });
        });
  }

  /** In a table, that some keys have no word of their own is nothing to be noticed. */
  private void noticeFrom(KeyedRateLimiter<Long> limiter) {
    if (limiter.crowdedOut() > 0 && !(limiter instanceof KeyedTable)) {
      reports.notice(SetupNotice.STORE_FULL);
    }
  }
}

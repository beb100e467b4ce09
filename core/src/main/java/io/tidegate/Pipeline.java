package io.tidegate;

import io.tidegate.client.ClientKey;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.KeyBy;
import io.tidegate.client.NetworkSet;
import io.tidegate.http.Problem;
import io.tidegate.limit.KeyedHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  private final Lists lists;
  private final List<KeyBy> keys;
  private final PenaltyBox box;
  private final FailurePolicy onFailure;
  private final Reports reports;
  private final Charging charging;

  /** Who passes without a look, and who does not pass. */
  record Lists(NetworkSet allow, NetworkSet deny) {}

  Pipeline(
      List<RuleState> rules,
      Lists lists,
      ClientResolver clients,
      KeyedHash hash,
      PenaltyBox box,
      Answers answers,
      FailurePolicy onFailure,
      Reports reports) {
    this.rules = List.copyOf(rules);
    this.lists = lists;
    this.clients = clients;
    this.hash = hash;
    this.box = box;
    this.answers = answers;
    this.onFailure = onFailure;
    this.reports = reports;
    this.charging = new Charging(this, box, reports);
    this.keys = distinctKeys(rules);
  }

  /** All keys under which somebody may be banned, the address first. */
  private static List<KeyBy> distinctKeys(List<RuleState> rules) {
    Set<KeyBy> seen = new HashSet<>();
    List<KeyBy> keys = new ArrayList<>();
    keys.add(KeyBy.address());
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
    Verdict verdict;
    try {
      verdict = decide(new Call(request, this));
    } catch (Exception | LinkageError | StackOverflowError e) {
      reports.failed(null, e);
      verdict =
          onFailure == FailurePolicy.OPEN
              ? new Admitted(this, request, null)
              : failedClosed(request, null);
    }
    reports.count(verdict.kind());
    return verdict;
  }

  private Verdict decide(Call call) {
    noticeFrom(call.request());
    if (!lists.allow.isEmpty() && lists.allow.contains(call.address())) {
      return new Admitted(this, call.request(), null);
    }
    if (!lists.deny.isEmpty() && lists.deny.contains(call.address())) {
      return denied(call);
    }
    Verdict banned = box.isEmpty() ? null : banned(call);
    if (banned != null) {
      return banned;
    }
    if (call.isPreflight()) {
      return new Admitted(this, call.request(), null);
    }
    Charge charges = null;
    for (RuleState rule : rules) {
      try {
        charges = added(rule, call, charges);
      } catch (Exception | LinkageError | StackOverflowError e) {
        reports.failed(rule, e);
        if (rule.rule.onFailure == FailurePolicy.CLOSED && !rule.rule.shadow) {
          return failedClosed(call.request(), rule);
        }
      }
    }
    return charging.charge(call, charges);
  }

  /** The charges so far, and those of one more rule if it applies. */
  private static @Nullable Charge added(RuleState rule, Call call, @Nullable Charge charges) {
    if (!rule.rule.match.test(call)) {
      return charges;
    }
    Long key = call.hash(rule.rule.keyBy);
    if (key == null) {
      return charges;
    }
    long cost = rule.rule.cost.applyAsLong(call.request());
    if (cost < 0) {
      throw new IllegalArgumentException("cost: " + cost + " (expected: at least 0)");
    }
    if (cost == 0) {
      return charges;
    }
    Charge all = charges;
    List<LimitState> limits = rule.limitsFor(call.request());
    for (int i = 0; i < limits.size(); i++) {
      all = new Charge(limits.get(i), key, cost, all);
    }
    return all;
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
    for (int i = 0; i < keys.size(); i++) {
      PenaltyBox.Entry ban = find(call, keys.get(i), now);
      if (ban != null) {
        Duration left = Duration.ofNanos(ban.until - now);
        reports.event(GateEvent.Type.BANNED, ruleNamed(ban.rule), ban.key, left);
        return charging.banned(call, ban, now, ruleNamed(ban.rule));
      }
    }
    return null;
  }

  /** The rule of this name; null if there is none, or none any more. */
  private @Nullable RuleState ruleNamed(String name) {
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
    } catch (Exception | LinkageError | StackOverflowError e) {
      reports.failed(null, e);
      return null; // the rule that counts by this key fails next, and its policy decides
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
      if (rule.rule.chargeWhen == null || !charge.taken) {
        continue;
      }
      try {
        if (!rule.rule.chargeWhen.test(outcome)) {
          charge.giveBack();
        }
      } catch (Exception | LinkageError | StackOverflowError e) {
        reports.failed(rule, e);
      }
    }
  }

  /** The rule's own refusal; null if it fails, so that the standard one goes out. */
  byte @Nullable [] ownBody(Rule.RefusalBody own, @Nullable RuleState rule, Verdict verdict) {
    try {
      return own.bytes(verdict);
    } catch (Exception | LinkageError | StackOverflowError e) {
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
    boolean behindUnknownProxy =
        clients.header() == null
            && (request.header("X-Forwarded-For") != null || request.header("Forwarded") != null);
    if (behindUnknownProxy) {
      reports.notice(SetupNotice.UNTRUSTED_PROXY);
    }
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
        rule ->
            rule.forEachLimiter(
                limiter -> {
                  if (limiter.crowdedOut() > 0) {
                    reports.notice(SetupNotice.STORE_FULL);
                  }
                }));
  }
}

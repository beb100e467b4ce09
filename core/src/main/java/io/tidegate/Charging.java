package io.tidegate;

import io.tidegate.client.ClientKey;
import io.tidegate.client.IpAddress;
import io.tidegate.http.Problem;
import io.tidegate.limit.Decision;
import io.tidegate.limit.KeyedRateLimiter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Charges all limits that a request falls under, or none.
 *
 * <p>It asks all of them first and charges only if each admits, so a refusal writes nothing. Where
 * another request comes between asking and charging, what was charged is given back. Of several
 * that refuse, the one with the longest wait decides, so nobody is told to come back too early.
 * Limits of shadow rules are charged after the others have admitted, and have no say.
 */
final class Charging {

  private static final Problem BANNED =
      Problem.abnormalUsage(
          List.of(), "Too many refused requests. Access is closed for the time in Retry-After.");

  private final Pipeline pipeline;
  private final PenaltyBox box;
  private final Reports reports;

  Charging(Pipeline pipeline, PenaltyBox box, Reports reports) {
    this.pipeline = pipeline;
    this.box = box;
    this.reports = reports;
  }

  Verdict charge(Call call, @Nullable Charge charges) {
    Charge failing = take(charges, null);
    if (failing != null && charges != null) {
      return refused(call, charges, failing);
    }
    for (Charge charge = charges; charge != null; charge = charge.before) {
      if (!charge.isFirstOfRule()) {
        continue;
      }
      RuleState rule = charge.limit.rule;
      if (rule.rule.shadow) {
        takeInShadow(call, charges, rule);
      } else {
        rule.counters.admitted.increment();
      }
    }
    return new Admitted(pipeline, call.request(), charges);
  }

  /** Whether all limits that have a say would admit now. */
  static boolean admits(@Nullable Charge charges) {
    for (Charge charge = charges; charge != null; charge = charge.before) {
      if (!charge.isShadow() && !charge.admits()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Charges all limits that have a say, or none.
   *
   * @param shadow the shadow rule whose limits are meant; null for the limits of all real rules
   * @return the first that refuses; null if all were charged
   */
  private static @Nullable Charge take(@Nullable Charge charges, @Nullable RuleState shadow) {
    Charge failing = firstToRefuse(charges, shadow);
    if (failing != null) {
      return failing;
    }
    for (Charge charge = charges; charge != null; charge = charge.before) {
      if (charge.isOf(shadow) && !charge.take()) {
        for (Charge taken = charges; taken != charge && taken != null; taken = taken.before) {
          if (taken.isOf(shadow)) {
            taken.giveBack();
          }
        }
        return charge;
      }
    }
    return null;
  }

  /** Asks all but one, which is asked by charging it first. */
  private static @Nullable Charge firstToRefuse(
      @Nullable Charge charges, @Nullable RuleState shadow) {
    boolean first = true;
    for (Charge charge = charges; charge != null; charge = charge.before) {
      if (!charge.isOf(shadow)) {
        continue;
      }
      if (!first && !charge.admits()) {
        return charge;
      }
      first = false;
    }
    return null;
  }

  private void takeInShadow(Call call, @Nullable Charge charges, RuleState rule) {
    Charge failing = take(charges, rule);
    if (failing == null) {
      rule.counters.admitted.increment();
      return;
    }
    rule.counters.wouldRefuse.increment();
    if (reports.hasListener()) {
      failing.ask();
      ClientKey client = client(call, failing);
      reports.event(GateEvent.Type.WOULD_THROTTLE, rule, client, wait(failing));
    }
  }

  private Verdict refused(Call call, Charge charges, Charge failing) {
    Charge deciding = decide(charges, failing);
    Toll toll = pipeline.toll();
    Payment payment = toll == null ? null : Payment.of(toll, call, charges);
    if (payment != null && payment.isMade()) {
      charges.forEachRefused(charge -> paid(call, charge));
      return charge(call, payment.rest());
    }
    RuleState rule = deciding.limit.rule;
    rule.counters.refused.increment();
    if (Offenders.isSampled()) {
      ClientKey client = client(call, deciding);
      if (client != null) {
        reports.offenders.add(deciding.key, client);
      }
    }
    Verdict banned = strike(call, charges);
    if (banned != null) {
      return banned;
    }
    if (toll != null && payment != null) {
      rule.counters.challenged.increment();
      toll.challenged(rule);
    }
    if (reports.hasListener()) {
      GateEvent.Type type = payment == null ? GateEvent.Type.THROTTLED : GateEvent.Type.CHALLENGED;
      reports.event(type, rule, client(call, deciding), wait(deciding));
    }
    Offer offer = payment == null ? null : payment.offer(Duration.ofNanos(nanos(deciding)));
    return new Throttled(call, charges, deciding, offer);
  }

  private void paid(Call call, Charge charge) {
    RuleState rule = charge.limit.rule;
    rule.counters.paid.increment();
    if (reports.hasListener()) {
      reports.event(GateEvent.Type.PAID, rule, client(call, charge), null);
    }
  }

  /** Asks every limit that refuses for its wait, and finds the one with the longest. */
  private static Charge decide(Charge charges, Charge failing) {
    Charge deciding = failing;
    failing.ask();
    for (Charge charge = charges; charge != null; charge = charge.before) {
      if (charge.isShadow() || charge == failing || charge.admits()) {
        continue;
      }
      charge.ask();
      if (nanos(charge) > nanos(deciding)) {
        deciding = charge;
      }
    }
    return deciding;
  }

  /** Whom a charge counts, for reports and bans; null if the rule's own code now fails to say. */
  private @Nullable ClientKey client(Call call, Charge charge) {
    RuleState rule = charge.limit.rule;
    try {
      return charge.limit.ofPasses ? call.pass() : call.key(rule.rule.keyBy);
    } catch (Throwable e) {
      Failures.throwIfFatal(e);
      reports.failed(rule, e);
      return null;
    }
  }

  private static long nanos(Charge charge) {
    Decision decision = charge.decision;
    return decision == null ? 0 : decision.retryAfterNanos();
  }

  private static @Nullable Duration wait(Charge charge) {
    long nanos = nanos(charge);
    return nanos == Refused.NEVER ? null : Duration.ofNanos(nanos);
  }

  /** Counts the refusal against those whom a rule bans for too many; says so if that is now. */
  private @Nullable Verdict strike(Call call, Charge charges) {
    PenaltyBox.Entry longest = null;
    RuleState struck = null;
    for (Charge charge = charges; charge != null; charge = charge.before) {
      RuleState rule = charge.limit.rule;
      KeyedRateLimiter<Long> strikes = rule.strikes;
      Decision decision = charge.decision;
      boolean refused = !charge.isShadow() && decision != null && !decision.admitted();
      if (strikes == null || !refused || rule == struck) {
        continue;
      }
      struck = rule; // one strike a request, however many of the rule's quotas refuse
      Decision left = strikes.decide(charge.key);
      if (!left.admitted() || left.remaining() == 0) {
        longest = PenaltyBox.longer(longest, punish(call, charge, rule, strikes));
      }
    }
    return longest == null
        ? null
        : banned(call, longest, box.now(), pipeline.ruleNamed(longest.rule));
  }

  private PenaltyBox.@Nullable Entry punish(
      Call call, Charge charge, RuleState rule, KeyedRateLimiter<Long> strikes) {
    ClientKey client = client(call, charge);
    if (client == null || rule.rule.ban == null || isShared(call, client)) {
      return null;
    }
    return box.punish(
        charge.key,
        client,
        rule.rule.name,
        rule.rule.ban,
        given -> {
          strikes.reset(charge.key);
          reports.banned(rule, given);
        });
  }

  /**
   * Whether a key is an address that may stand for many: none at all; a trusted proxy's own, when
   * what it sent could not be read; that of a proxy which the gate was not told of. A ban of it
   * would hit everybody behind it. A client that pretends to be such a proxy escapes the ban, not
   * the limits.
   */
  private boolean isShared(Call call, ClientKey client) {
    return client.prefixBits() >= 0
        && (call.address().equals(IpAddress.UNKNOWN)
            || pipeline.clients.trusts(call.address())
            || pipeline.isBehindUnknownProxy(call.request()));
  }

  Verdict banned(Call call, PenaltyBox.Entry ban, long now, @Nullable RuleState rule) {
    long left = Math.max(1, ban.until - now);
    return new Refused(Verdict.Kind.BANNED, pipeline, call.request(), BANNED, rule, left);
  }
}

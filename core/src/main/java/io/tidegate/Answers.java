package io.tidegate;

import io.tidegate.http.FieldSink;
import io.tidegate.http.Policy;
import io.tidegate.http.PolicySet;
import io.tidegate.http.RateLimitFields;
import io.tidegate.limit.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The fields of the gate's responses. */
final class Answers {

  private static final int MOST_STEPS = 1_024;

  private final RateLimitFields fields;
  private final Reports reports;
  private final LongAdder steps = new LongAdder();

  /** The set of no policies, from which all others are reached, limit by limit. */
  private final Step none = new Step(List.of());

  Answers(RateLimitFields fields, Reports reports) {
    this.fields = fields;
    this.reports = reports;
  }

  /**
   * A set of policies that some requests fall under, and what it becomes with one more. So the
   * joined text of a set is made once, and found again without making a key for it. There are as
   * many steps as there are combinations of rules that match together.
   */
  private final class Step {
    final List<LimitState> limits;
    private volatile Step[] next = {};
    private volatile @Nullable PolicySet policies;

    Step(List<LimitState> limits) {
      this.limits = limits;
    }

    PolicySet policies() {
      PolicySet known = policies;
      if (known == null) {
        known = PolicySet.of(limits.stream().map(limit -> limit.policy).toArray(Policy[]::new));
        policies = known;
      }
      return known;
    }

    Step with(LimitState limit) {
      for (Step step : next) {
        if (step.limits.get(limits.size()) == limit) {
          return step;
        }
      }
      return made(limit);
    }

    /** Several threads may make the same step at once; then one of them is kept. */
    private Step made(LimitState limit) {
      List<LimitState> more = new ArrayList<>(limits);
      more.add(limit);
      Step step = new Step(List.copyOf(more));
      if (steps.sum() < MOST_STEPS) {
        steps.increment();
        Step[] longer = Arrays.copyOf(next, next.length + 1);
        longer[longer.length - 1] = step;
        next = longer;
      }
      return step;
    }
  }

  private Step step(@Nullable Charge charges) {
    if (charges == null) {
      return none;
    }
    Step before = step(charges.before);
    return charges.isShadow() ? before : before.with(charges.limit);
  }

  /** What is told of the limits that a request fell under, shadows left out. */
  private final class Told {
    final PolicySet policies;
    final List<Decision> decisions;
    final int deciding;

    Told(@Nullable Charge charges, @Nullable Charge deciding) {
      Step step = step(charges);
      Decision[] known = new Decision[step.limits.size()];
      int index = known.length;
      int found = -1;
      for (Charge charge = charges; charge != null; charge = charge.before) {
        if (!charge.isShadow()) {
          Decision decision = charge.decision;
          known[--index] = decision == null ? charge.ask() : decision;
          found = charge == deciding ? index : found;
        }
      }
      this.policies = step.policies();
      this.decisions = Arrays.asList(known);
      this.deciding = found;
    }
  }

  void admitted(GateRequest request, @Nullable Charge charges, FieldSink out) {
    if (charges == null) {
      return;
    }
    Told told = new Told(charges, null);
    fields.admitted(told.policies, told.decisions, out);
    expose(request, out);
  }

  void refused(
      GateRequest request,
      Verdict.Kind kind,
      @Nullable Charge charges,
      @Nullable Charge deciding,
      long retryAfterNanos,
      FieldSink out) {
    out.set("Cache-Control", "no-store");
    long seconds = RateLimitFields.retryAfterSeconds(retryAfterNanos);
    if (kind == Verdict.Kind.BANNED || kind == Verdict.Kind.DENIED) {
      fields.banned(seconds, out);
    } else {
      Told told = new Told(charges, deciding);
      fields.refused(told.policies, told.decisions, told.deciding, seconds, out);
    }
    expose(request, out);
  }

  /** Scripts of another origin see only fields that are named here. */
  private void expose(GateRequest request, FieldSink out) {
    if (hasOrigin(request)) {
      out.add("Access-Control-Expose-Headers", fields.exposed());
    }
  }

  /** A request that can no longer say so must not break its response. */
  private boolean hasOrigin(GateRequest request) {
    try {
      return request.header("Origin") != null;
    } catch (Throwable e) {
      Failures.throwIfFatal(e);
      reports.failed(null, e);
      return false;
    }
  }
}

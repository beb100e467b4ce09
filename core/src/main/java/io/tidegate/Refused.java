package io.tidegate;

import io.tidegate.http.FieldSink;
import io.tidegate.http.Problem;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A refusal that no limit decided: a ban, a list, a failure. */
final class Refused extends Verdict {

  /** Instead of nanoseconds: waiting is no use. */
  static final long NEVER = Long.MAX_VALUE;

  private final Kind kind;
  private final Pipeline pipeline;
  private final GateRequest request;
  private final Problem problem;
  private final @Nullable RuleState rule;
  private final long retryAfterNanos;

  /** What may be paid instead of waiting; null if nothing. */
  private final @Nullable Offer offer;

  /** The rule's own text; null if it has none, or failed to give it. */
  private final byte @Nullable [] ownBody;

  Refused(
      Kind kind,
      Pipeline pipeline,
      GateRequest request,
      Problem problem,
      @Nullable RuleState rule,
      long retryAfterNanos) {
    this(kind, pipeline, request, problem, rule, retryAfterNanos, null);
  }

  Refused(
      Kind kind,
      Pipeline pipeline,
      GateRequest request,
      Problem problem,
      @Nullable RuleState rule,
      long retryAfterNanos,
      @Nullable Offer offer) {
    this.offer = offer;
    this.kind = kind;
    this.pipeline = pipeline;
    this.request = request;
    this.problem = problem;
    this.rule = rule;
    this.retryAfterNanos = retryAfterNanos;
    Rule.RefusalBody own = rule == null ? null : rule.rule.refusalBody;
    this.ownBody = own == null ? null : pipeline.ownBody(own, rule, this);
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public Permit permit() {
    throw new IllegalStateException("verdict: " + kind + " (expected: ADMITTED)");
  }

  @Override
  public @Nullable String rule() {
    return rule == null ? null : rule.rule.name;
  }

  @Override
  public Optional<Duration> retryAfter() {
    return retryAfterNanos == NEVER
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(retryAfterNanos));
  }

  @Override
  public void writeFields(FieldSink out) {
    pipeline.answers.refused(request, kind, null, null, retryAfterNanos, out);
    if (offer != null) {
      offer.writeFields(out);
    }
  }

  @Override
  public String contentType() {
    if (offer != null) {
      return offer.contentType();
    }
    return ownBody == null || rule == null || rule.rule.refusalBody == null
        ? Problem.CONTENT_TYPE
        : rule.rule.refusalBody.contentType();
  }

  @Override
  public byte[] body() {
    if (offer != null) {
      return offer.body(problem);
    }
    return ownBody == null ? problem.bytes() : ownBody.clone();
  }

  @Override
  public String toString() {
    return "Verdict[" + kind + (rule == null ? "" : ", " + rule.rule.name) + "]";
  }
}

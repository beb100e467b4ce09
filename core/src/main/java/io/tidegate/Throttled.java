package io.tidegate;

import io.tidegate.http.FieldSink;
import io.tidegate.http.Problem;
import io.tidegate.limit.Decision;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A refusal by a limit. Small, since a flood is made of them. */
final class Throttled extends Verdict {

  private final Call call;

  /** All limits that the request fell under; those that refused have been asked. */
  private final Charge charges;

  /** The one of them with the longest wait. */
  private final Charge deciding;

  /** The rule's own text; null if it has none, or failed to give it. */
  private final byte @Nullable [] ownBody;

  Throttled(Call call, Charge charges, Charge deciding) {
    this.call = call;
    this.charges = charges;
    this.deciding = deciding;
    Rule.RefusalBody own = deciding.limit.rule.rule.refusalBody;
    this.ownBody = own == null ? null : call.pipeline().ownBody(own, deciding.limit.rule, this);
  }

  @Override
  public Kind kind() {
    return Kind.THROTTLED;
  }

  @Override
  public Permit permit() {
    throw new IllegalStateException("verdict: THROTTLED (expected: ADMITTED)");
  }

  @Override
  public String rule() {
    return deciding.limit.rule.rule.name;
  }

  /** At least 1, since between refusing and asking another request may have given permits back. */
  private long retryAfterNanos() {
    Decision decision = deciding.decision;
    return decision == null ? 1 : Math.max(1, decision.retryAfterNanos());
  }

  @Override
  public Optional<Duration> retryAfter() {
    long nanos = retryAfterNanos();
    return nanos == Refused.NEVER ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
  }

  @Override
  public void writeFields(FieldSink out) {
    call.pipeline()
        .answers
        .refused(call.request(), kind(), charges, deciding, retryAfterNanos(), out);
  }

  @Override
  public String contentType() {
    Rule.RefusalBody own = deciding.limit.rule.rule.refusalBody;
    return ownBody == null || own == null ? Problem.CONTENT_TYPE : own.contentType();
  }

  @Override
  public byte[] body() {
    if (ownBody != null) {
      return ownBody.clone();
    }
    LimitState limit = deciding.limit;
    return (retryAfterNanos() == Refused.NEVER ? limit.never : limit.notNow).bytes();
  }

  @Override
  public String toString() {
    return "Verdict[THROTTLED, " + rule() + "]";
  }
}

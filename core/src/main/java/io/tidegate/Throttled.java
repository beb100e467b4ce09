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

  /** What may be paid instead of waiting; null if nothing. */
  private final @Nullable Offer offer;

  Throttled(Call call, Charge charges, Charge deciding, @Nullable Offer offer) {
    this.offer = offer;
    this.call = call;
    this.charges = charges;
    this.deciding = deciding;
    Rule.RefusalBody own = deciding.limit.rule.rule.refusalBody;
    this.ownBody = own == null ? null : call.pipeline().ownBody(own, deciding.limit.rule, this);
  }

  @Override
  public Kind kind() {
    return offer == null ? Kind.THROTTLED : Kind.CHALLENGED;
  }

  @Override
  public Permit permit() {
    throw new IllegalStateException("verdict: " + kind() + " (expected: ADMITTED)");
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
    if (offer != null) {
      offer.writeFields(out);
    }
  }

  /** Whether the rule's own text goes out; people are shown the page, if there is an offer. */
  private boolean isOwn() {
    return ownBody != null && (offer == null || offer.reader() == Reader.PROGRAM);
  }

  @Override
  public String contentType() {
    Rule.RefusalBody own = deciding.limit.rule.rule.refusalBody;
    if (isOwn() && own != null) {
      return own.contentType();
    }
    return offer == null ? Problem.CONTENT_TYPE : offer.contentType();
  }

  @Override
  public byte[] body() {
    if (ownBody != null && isOwn()) {
      return ownBody.clone();
    }
    LimitState limit = deciding.limit;
    if (offer != null) {
      return offer.body(limit.payable);
    }
    return (retryAfterNanos() == Refused.NEVER ? limit.never : limit.notNow).bytes();
  }

  @Override
  public String toString() {
    return "Verdict[" + kind() + ", " + rule() + "]";
  }
}

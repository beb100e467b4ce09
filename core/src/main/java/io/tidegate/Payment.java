package io.tidegate;

import io.tidegate.challenge.ProofOfWork;
import io.tidegate.challenge.Verification;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Work in place of waiting, for a request that only rules refuse which take it. */
final class Payment {

  private final Toll toll;
  private final Call call;
  private final Charge charges;
  private final Reader reader;

  /** What the proof that came along is worth; null if none came. */
  private final Verification.@Nullable Outcome proof;

  private Payment(
      Toll toll, Call call, Charge charges, Reader reader, Verification.@Nullable Outcome proof) {
    this.reader = reader;
    this.toll = toll;
    this.call = call;
    this.charges = charges;
    this.proof = proof;
  }

  /**
   * Takes the payment that came with a request, or makes ready to ask for one.
   *
   * @param charges all that the request falls under; those that refuse have been asked
   * @return null if one that refuses cannot be paid
   */
  static @Nullable Payment of(Toll toll, Call call, Charge charges) {
    Reader reader = Reader.of(call.request());
    for (Charge charge = charges; charge != null; charge = charge.before) {
      if (charge.refused() && !charge.isPayable(reader == Reader.PERSON)) {
        return null;
      }
    }
    if (call.paid() > 0) {
      return null; // and another request has come between: what is left refuses
    }
    String sent = call.request().header(ProofOfWork.FIELD);
    if (sent == null && call.isMember()) {
      // He waits: a visitor's pass in place of his would be less, and would take its place.
      return null;
    }
    Verification.Outcome proof = sent == null ? null : toll.redeem(sent, call);
    return new Payment(toll, call, charges, reader, proof);
  }

  boolean isMade() {
    return proof == Verification.Outcome.ACCEPTED;
  }

  /**
   * The charges that are not paid for. Another request may have come between, and one of them may
   * refuse now: then the proof is lost, as it is when the endpoint fails.
   */
  @Nullable Charge rest() {
    Charge rest = null;
    for (Charge charge = charges; charge != null; charge = charge.before) {
      rest = charge.refused() ? rest : charge.onTopOf(rest);
    }
    return rest;
  }

  Offer offer(Duration deficit) {
    return new Offer(toll, call, reader, deficit, proof == null ? null : OwnPaths.reason(proof));
  }
}

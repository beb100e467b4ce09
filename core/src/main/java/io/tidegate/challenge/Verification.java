package io.tidegate.challenge;

import java.time.Instant;

/**
 * What became of a proof.
 *
 * @param outcome whether it counts, and why not
 * @param work how many digests it took on average; 0 unless {@link Outcome#ACCEPTED}
 * @param issued when its challenge was issued, by the issuer's clock; the epoch unless accepted
 */
public record Verification(Outcome outcome, long work, Instant issued) {

  /** What can become of a proof. */
  public enum Outcome {
    /** It counts, and will not count again. */
    ACCEPTED,
    /** It is not in the form of a proof. */
    MALFORMED,
    /** No key of the ring signed its challenge. */
    FORGED,
    /** It came too late. */
    EXPIRED,
    /** Its challenge is dated in the future by more than clocks may differ. */
    FROM_THE_FUTURE,
    /** It is worth something later. */
    TOO_EARLY,
    /** It is for another action or another subject. */
    FOR_ANOTHER,
    /** It asked for less work than is asked now at least. */
    TOO_CHEAP,
    /** The puzzles are not solved. */
    UNSOLVED,
    /** It was redeemed before. */
    REPLAYED,
    /** What has been redeemed cannot be remembered now, so nothing is. */
    OVERLOADED
  }

  static Verification of(Outcome outcome) {
    return new Verification(outcome, 0, Instant.EPOCH);
  }

  /**
   * Whether the proof counts.
   *
   * @return true if accepted
   */
  public boolean accepted() {
    return outcome == Outcome.ACCEPTED;
  }
}

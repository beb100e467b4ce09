package io.tidegate.redis;

import io.tidegate.limit.Decision;

/**
 * One answer from several limits.
 *
 * @param decision what the deciding limit says; where it admits, all have been charged, else none
 * @param decidedBy the place of the deciding limit among the charges, from 0: of a refusal the one
 *     that takes longest, of an admission the one with the fewest permits left
 */
public record JointDecision(Decision decision, int decidedBy) {

  /**
   * Whether the call goes on.
   *
   * @return true if every limit admitted, and has been charged
   */
  public boolean admitted() {
    return decision.admitted();
  }
}

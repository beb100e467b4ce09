package io.tidegate;

/**
 * What happens when the gate itself fails: a matcher, a key or a cost of the user's own throws, or
 * something inside breaks. Failures are counted in {@link GateStatus} and logged at a bounded rate.
 */
public enum FailurePolicy {
  /**
   * The request goes on: where the match or the key failed, as if the rule did not exist; where the
   * cost failed or was negative, at a cost of 1; where the plan failed, as one on no plan. So what
   * a client sends cannot switch off more than it must. The default.
   */
  OPEN,
  /** The request is refused with 503. For rules that protect what must not be overrun. */
  CLOSED
}

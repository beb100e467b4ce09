package io.tidegate;

/**
 * What happens when the gate itself fails: a matcher, a key or a cost of the user's own throws, or
 * something inside breaks. Failures are counted in {@link GateStatus} and logged at a bounded rate.
 */
public enum FailurePolicy {
  /** As if the rule did not exist. For rules that protect comfort. The default. */
  OPEN,
  /** The request is refused with 503. For rules that protect what must not be overrun. */
  CLOSED
}

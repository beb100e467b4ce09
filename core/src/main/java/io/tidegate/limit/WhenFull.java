package io.tidegate.limit;

/**
 * What a keyed store answers for a key that it has no room for. It never drops a key that still
 * counts, since that would hand an offender a full quota.
 */
public enum WhenFull {
  /**
   * Such keys share some overflow limits, by their hash. Once there is room, each goes on by itself
   * from what its overflow limit owes. No key gets more than its quota; keys that share get less.
   * The default.
   */
  SHARE,
  /** Such keys are refused, and told to come back after one interval. */
  REFUSE,
  /** Such keys are admitted uncounted: for limits that must not turn a newcomer away. */
  ADMIT
}

package io.tidegate.overload;

/** Why a request got no slot. */
public enum Refusal {
  /** No slot was free, and the queue was full of requests of its own class or better. */
  FULL,
  /** It waited, and had to make room for a request of a better class. */
  EVICTED,
  /** It waited for most of its deadline, so the answer would have come too late. */
  TOO_LATE,
  /** The slots were closed. */
  CLOSED
}

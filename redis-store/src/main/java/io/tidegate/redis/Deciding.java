package io.tidegate.redis;

import io.tidegate.limit.Decision;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds which of several limits decides. Not safe for use by many threads. */
final class Deciding {

  private @Nullable Decision decision;
  private int decidedBy;

  void add(Decision next, int i) {
    if (next.admitted()) {
      admitted(next, i);
    } else {
      refused(next, i);
    }
  }

  void admitted(Decision next, int i) {
    if (decision == null || (decision.admitted() && next.remaining() < decision.remaining())) {
      decision = next;
      decidedBy = i;
    }
  }

  void refused(Decision next, int i) {
    if (decision == null
        || decision.admitted()
        || next.retryAfterNanos() > decision.retryAfterNanos()) {
      decision = next;
      decidedBy = i;
    }
  }

  boolean isRefused() {
    return decision != null && !decision.admitted();
  }

  JointDecision answer() {
    return new JointDecision(Objects.requireNonNull(decision, "decision"), decidedBy);
  }
}

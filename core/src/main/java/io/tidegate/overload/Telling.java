package io.tidegate.overload;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells those who waited, outside any lock. A waiter that closes its slot at once gives it to the
 * next, and that one to the one after him: what comes up while a thread is telling is told by that
 * thread afterwards, so no stack grows with the queue.
 */
final class Telling {

  private static final ThreadLocal<@Nullable ArrayDeque<Queued>> PENDING = new ThreadLocal<>();

  private Telling() {}

  static void tell(List<Queued> told) {
    if (told.isEmpty()) {
      return;
    }
    ArrayDeque<Queued> outer = PENDING.get();
    if (outer != null) {
      outer.addAll(told);
      return;
    }
    ArrayDeque<Queued> pending = new ArrayDeque<>(told);
    PENDING.set(pending);
    try {
      Queued next = pending.poll();
      while (next != null) {
        next.tell();
        next = pending.poll();
      }
    } finally {
      PENDING.remove();
    }
  }
}

package io.tidegate.overload;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait, by class. The best class goes first, but while newcomers wait every dispatch adds
 * their share to what they are owed, and once that is a whole slot they are next. Under the lock of
 * the slots.
 */
final class WaitingQueue {

  private static final long WHOLE = 1_000_000;

  private static final List<Priority> BEST_FIRST = List.of(Priority.values());

  private final Map<Priority, ClassQueue> classes = new EnumMap<>(Priority.class);
  private final ClassQueue newcomers = new ClassQueue();
  private final long newcomerShare;

  /** In millionths of a slot. */
  private long owed;

  private int size;

  WaitingQueue(double newcomerShare) {
    this.newcomerShare = Math.round(newcomerShare * WHOLE);
    for (Priority priority : BEST_FIRST) {
      classes.put(priority, priority == Priority.NEWCOMER ? newcomers : new ClassQueue());
    }
  }

  int size() {
    return size;
  }

  private ClassQueue of(Priority priority) {
    ClassQueue found = classes.get(priority);
    if (found == null) {
      throw new AssertionError(priority); // all are there
    }
    return found;
  }

  void add(Queued queued) {
    of(queued.priority).add(queued);
    size++;
  }

  void remove(Queued queued) {
    ClassQueue queue = of(queued.priority);
    size -= queue.size();
    queue.remove(queued);
    size += queue.size();
  }

  /** Takes out who is to have the next slot, if any, and adds the late ones it meets to a list. */
  @Nullable Queued poll(long now, List<Queued> told) {
    Queued next = null;
    if (newcomers.size() > 0 && owed + newcomerShare >= WHOLE) {
      next = poll(newcomers, now, told);
    }
    for (Priority priority : BEST_FIRST) {
      next = next == null ? poll(of(priority), now, told) : next;
    }
    if (next != null) {
      count(next.priority == Priority.NEWCOMER);
    }
    return next;
  }

  private @Nullable Queued poll(ClassQueue queue, long now, List<Queued> told) {
    size -= queue.size();
    Queued next = queue.poll(now, told);
    size += queue.size();
    return next;
  }

  private void count(boolean newcomer) {
    if (newcomer) {
      owed = Math.max(0, owed + newcomerShare - WHOLE);
    } else if (newcomers.size() > 0) {
      owed += newcomerShare;
    }
  }

  /**
   * Takes out who makes room for an arrival, if anybody does. In this order:
   *
   * <ol>
   *   <li>the newest of the worst class that is worse, but for the newcomers who stand in places of
   *       their own: their share of all, rounded up;
   *   <li>for a newcomer while those places are not all his class's, the newest of the worst class
   *       beside control. Without this a full queue would let no newcomer wait, and a share of what
   *       is handed to those who wait would be a share of nothing;
   *   <li>the newest of the tenant of his own class with the most who wait, if they are two more
   *       than the arrival's own. Without this, tenants would take turns as they come once the
   *       queue is full of one class.
   * </ol>
   */
  @Nullable Queued evictFor(Priority arrival, long tenant, int places) {
    long own = (newcomerShare * places + WHOLE - 1) / WHOLE;
    Queued evicted = newestWorse(arrival, own);
    if (evicted == null && arrival == Priority.NEWCOMER && newcomers.size() < own) {
      evicted = newestWorse(Priority.CONTROL, Long.MAX_VALUE);
    }
    if (evicted == null) {
      ClassQueue queue = of(arrival);
      evicted = queue.pollGreediest(queue.waitingOf(tenant) + 2);
    }
    size -= evicted == null ? 0 : 1;
    return evicted;
  }

  private @Nullable Queued newestWorse(Priority better, long keptNewcomers) {
    for (int i = BEST_FIRST.size() - 1; BEST_FIRST.get(i).compareTo(better) > 0; i--) {
      ClassQueue queue = of(BEST_FIRST.get(i));
      if (queue.size() > (queue == newcomers ? keptNewcomers : 0)) {
        return queue.pollNewest();
      }
    }
    return null;
  }

  /** Takes out all who are late, and returns when the next of the others will be. */
  long expire(long now, List<Queued> told) {
    long next = Long.MAX_VALUE;
    size = 0;
    for (ClassQueue queue : classes.values()) {
      next = Math.min(next, queue.expire(now, told));
      size += queue.size();
    }
    return next;
  }

  /** Takes out everybody. */
  void drain(List<Queued> told, Refusal refusal) {
    for (ClassQueue queue : classes.values()) {
      while (queue.size() > 0) {
        told.add(queue.pollNewest().refuse(refusal));
      }
    }
    size = 0;
  }
}

package io.tidegate.overload;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits.
 *
 * <p>What becomes of it is decided under the queue's lock; it is told later, outside. In between
 * its client may go. So one compare-and-set settles who was first: the one who tells, or the one
 * who cancels. If it was the latter, the one who tells gives the slot back.
 */
final class Queued {

  private enum State {
    WAITING,
    TOLD,
    CANCELLED
  }

  final Priority priority;
  final long tenant;

  /** The order of arrival. */
  final long number;

  /** In the queue's time: when it came, and after which time an answer would be too late. */
  final long since;

  final long lateAfter;

  private final Slots slots;
  private final Waiter waiter;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

  /** One of both is set by the thread that takes it out of the queue, and read by that thread. */
  private @Nullable Slot slot;

  private @Nullable Refusal refusal;

  Queued(
      Slots slots,
      Priority priority,
      long tenant,
      Waiter waiter,
      long number,
      long since,
      long lateAfter) {
    this.slots = slots;
    this.priority = priority;
    this.tenant = tenant;
    this.waiter = waiter;
    this.number = number;
    this.since = since;
    this.lateAfter = lateAfter;
  }

  boolean isLate(long now) {
    return now - lateAfter > 0;
  }

  Queued grant(Slot granted) {
    slot = granted;
    return this;
  }

  Queued refuse(Refusal why) {
    refusal = why;
    return this;
  }

  /** Tells the waiter, unless the client has gone. Called once, outside the lock. */
  void tell() {
    if (!state.compareAndSet(State.WAITING, State.TOLD)) {
      release();
      return;
    }
    slots.counts().told(priority, refusal);
    try {
      if (slot != null) {
        waiter.granted(slot);
      } else if (refusal != null) {
        waiter.refused(refusal);
      }
    } catch (Throwable e) { // somebody else's code on a thread that has nothing to do with it
      slots.counts().failed();
      release();
    }
  }

  private void release() {
    if (slot != null) {
      slot.close();
    }
  }

  boolean cancel() {
    if (!state.compareAndSet(State.WAITING, State.CANCELLED)) {
      return false;
    }
    slots.counts().cancelled(priority);
    slots.leave(this);
    return true;
  }
}

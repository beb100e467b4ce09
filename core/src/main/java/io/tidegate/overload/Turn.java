package io.tidegate.overload;

import org.jspecify.annotations.Nullable;

/**
 * How a request for a slot was answered: it has one, it was refused, or it waits, and then its
 * {@link Waiter} is told later.
 *
 * <p>{@link #slot} and {@link #refusal} are what was answered at once and do not change, so no slot
 * can be seen twice, here and by the waiter. Safe for use by many threads.
 */
public final class Turn {

  private final @Nullable Slot slot;
  private final @Nullable Refusal refusal;
  private final @Nullable Queued queued;

  private Turn(@Nullable Slot slot, @Nullable Refusal refusal, @Nullable Queued queued) {
    this.slot = slot;
    this.refusal = refusal;
    this.queued = queued;
  }

  static Turn granted(Slot slot) {
    return new Turn(slot, null, null);
  }

  static Turn refused(Refusal refusal) {
    return new Turn(null, refusal, null);
  }

  static Turn waiting(Queued queued) {
    return new Turn(null, null, queued);
  }

  /**
   * The slot that was free at once.
   *
   * @return the slot, to be closed; null if the request was refused or had to wait
   */
  public @Nullable Slot slot() {
    return slot;
  }

  /**
   * Why the request was refused at once.
   *
   * @return the reason; null if it has a slot or had to wait
   */
  public @Nullable Refusal refusal() {
    return refusal;
  }

  /**
   * The client has gone: leaves the queue. After true the waiter is never called and no slot is
   * held, even if one was on its way. After false the waiter was called, or is being called right
   * now, and a slot that it was granted is still its to close.
   *
   * @return true if the request was still waiting
   */
  public boolean cancel() {
    return queued != null && queued.cancel();
  }
}

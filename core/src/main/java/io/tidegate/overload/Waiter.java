package io.tidegate.overload;

/**
 * What a request that waits is told: one of the two methods is called, once; none if its {@link
 * Turn} was cancelled before.
 *
 * <p>It is called outside any lock, on whichever thread releases a slot, takes one, resizes, closes
 * or keeps the time. So it must be quick and must not block: hand the work to where it belongs. It
 * may take and close slots; what that tells others is told once it has returned. What it throws is
 * caught and counted, and a slot that it was just granted is then released.
 */
public interface Waiter {

  /**
   * The request may run. The slot must be closed when it ends, whatever ends it.
   *
   * @param slot the slot, now the waiter's to close
   */
  void granted(Slot slot);

  /**
   * The request gets no slot.
   *
   * @param refusal why
   */
  void refused(Refusal refusal);
}

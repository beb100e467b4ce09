package io.tidegate.overload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The right to run, to be closed when the request ends: by completion, error, timeout, reset or
 * close of its connection. Several of those may come, from several threads: the first one counts.
 *
 * <p>Safe for use by many threads.
 */
public final class Slot implements AutoCloseable {

  private static final VarHandle CLOSED;

  static {
    try {
      CLOSED = MethodHandles.lookup().findVarHandle(Slot.class, "closed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Slots slots;

  @SuppressWarnings("unused") // through CLOSED
  private volatile boolean closed;

  Slot(Slots slots) {
    this.slots = slots;
  }

  /**
   * Gives the slot back, once; does nothing when called again. If somebody waits, the slot is his,
   * and he is told on this thread. Never throws, never blocks but for the queue's short lock.
   */
  @Override
  public void close() {
    if (CLOSED.compareAndSet(this, false, true)) {
      slots.release();
    }
  }
}

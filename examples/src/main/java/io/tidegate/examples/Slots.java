package io.tidegate.examples;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A fixed number of places at work: whoever finds none is told so at once. Safe for many threads.
 */
final class Slots {

  private final Semaphore free;

  Slots(int count) {
    this.free = new Semaphore(count);
  }

  /**
   * Takes a slot and never waits for one.
   *
   * @throws HttpError 503 if all are taken
   */
  Slot take() throws HttpError {
    if (!free.tryAcquire()) {
      throw HttpError.busy();
    }
    return new Slot();
  }

  /** A slot that is taken until closed; closing it again does nothing. */
  final class Slot {
    private final AtomicBoolean closed = new AtomicBoolean();

    private Slot() {}

    void close() {
      if (!closed.getAndSet(true)) {
        free.release();
      }
    }
  }
}

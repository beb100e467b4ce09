package io.tidegate.examples;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A fixed number of places at work: whoever finds none is told so at once. Safe for many threads.
 */
final class Places {

  private final Semaphore free;

  Places(int count) {
    this.free = new Semaphore(count);
  }

  /**
   * Takes a place and never waits for one.
   *
   * @throws HttpError 503 if all are taken
   */
  Place take() throws HttpError {
    if (!free.tryAcquire()) {
      throw HttpError.busy();
    }
    return new Place();
  }

  /** A place that is taken until closed; closing it again does nothing. */
  final class Place {
    private final AtomicBoolean closed = new AtomicBoolean();

    private Place() {}

    void close() {
      if (!closed.getAndSet(true)) {
        free.release();
      }
    }
  }
}

package io.tidegate.limit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that moves only when told to, for tests that need no sleep.
 *
 * <p>Safe for use by many threads; every method is wait-free but {@link #advance}, which is
 * lock-free.
 */
public final class ManualTicker implements Ticker {

  private final AtomicLong nanos;

  /** A ticker that starts at zero. */
  public ManualTicker() {
    this(0);
  }

  /**
   * A ticker that starts at a given reading. Starting near {@link Long#MAX_VALUE} shows what
   * happens when a clock wraps around.
   *
   * @param startNanos the first reading, in nanoseconds
   */
  public ManualTicker(long startNanos) {
    this.nanos = new AtomicLong(startNanos);
  }

  @Override
  public long read() {
    return nanos.get();
  }

  /**
   * Moves the clock by a duration; a negative one moves it back.
   *
   * @param step how far
   * @return this ticker
   * @throws ArithmeticException if the step is longer than 292 years
   */
  public ManualTicker advance(Duration step) {
    return advanceNanos(step.toNanos());
  }

  /**
   * Moves the clock by nanoseconds; a negative number moves it back. Wraps around at the end of the
   * range, as a real one would.
   *
   * @param step how far, in nanoseconds
   * @return this ticker
   */
  public ManualTicker advanceNanos(long step) {
    nanos.addAndGet(step);
    return this;
  }

  /**
   * Sets the reading.
   *
   * @param nanos the new reading
   */
  public void set(long nanos) {
    this.nanos.set(nanos);
  }
}

package io.tidegate.limit;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that moves only when told to, for tests that need no sleep. What has this clock starts no
 * thread: work that such a thread would do is done when the clock is moved, by whoever moves it.
 *
 * <p>Safe for use by many threads; reading is wait-free. Moving the clock costs the work that is
 * then done.
 */
public final class ManualTicker implements Ticker {

  private final AtomicLong nanos;
  private final List<Runnable> works = new CopyOnWriteArrayList<>();

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
    works.forEach(Runnable::run);
    return this;
  }

  /**
   * Sets the reading.
   *
   * @param nanos the new reading
   */
  public void set(long nanos) {
    this.nanos.set(nanos);
    works.forEach(Runnable::run);
  }

  /**
   * Has something done each time the clock has been moved, in place of a thread that would look at
   * a real clock from time to time.
   *
   * @param work what to do; it finds out whether anything is due, and what it throws comes out of
   *     {@link #advance}
   * @return ends it
   */
  public Runnable afterEachMove(Runnable work) {
    works.add(Objects.requireNonNull(work, "work"));
    return () -> works.remove(work);
  }
}

package io.tidegate.limit;

/**
 * A monotonic clock that counts nanoseconds from an arbitrary origin.
 *
 * <p>Readings are compared by subtraction only, so a ticker may start anywhere and may wrap around.
 * A ticker says nothing about the time of day: dates that leave the process come from a wall clock.
 *
 * <p>Implementations must be safe for use by many threads and must not block. A reading that goes
 * back does no harm: no limiter gains permits by it.
 */
@FunctionalInterface
public interface Ticker {

  /**
   * Reads the clock.
   *
   * @return nanoseconds since an arbitrary origin
   */
  long read();

  /**
   * The clock of the running virtual machine, {@link System#nanoTime()}. One reading costs about 25
   * ns.
   *
   * @return the system ticker, always the same one
   */
  static Ticker system() {
    return SystemTicker.INSTANCE;
  }

  /**
   * Starts a clock that is read once a millisecond for everybody, which saves those 25 ns. For
   * limits that count in seconds.
   *
   * @return a new ticker with a thread of its own, to be closed when its limiters are no longer
   *     used
   */
  static CoarseTicker coarse() {
    return CoarseTicker.start();
  }
}

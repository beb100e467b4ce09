package io.tidegate.limit;

import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock that one thread reads, once a millisecond, for everybody.
 *
 * <p>For limits that count in seconds, where 25 ns of every decision go into a reading that is far
 * finer than needed. What it says is at most a few milliseconds old while its thread gets to run; a
 * late reading makes limits admit later, never more. Resolution: 1 ms.
 *
 * <p>{@link #read} costs two volatile reads, allocates nothing and never waits. One daemon thread,
 * {@code tidegate-ticker}, until {@link #close}; from then on each reading asks the clock itself,
 * so a limiter that is still in use goes on.
 *
 * <p>Made by {@link Ticker#coarse}. Safe for use by many threads.
 */
public final class CoarseTicker implements Ticker, AutoCloseable {

  private static final long PERIOD_NANOS = 1_000_000;

  private final Ticker clock;
  private volatile long now;
  private volatile boolean closed;
  private final Thread thread;

  CoarseTicker(Ticker clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.now = clock.read();
    this.thread = new Thread(this::run, "tidegate-ticker");
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
  }

  static CoarseTicker start() {
    CoarseTicker ticker = new CoarseTicker(Ticker.system());
    ticker.thread.start();
    return ticker;
  }

  private void run() {
    while (!closed) {
      tick();
      LockSupport.parkNanos(PERIOD_NANOS);
    }
  }

  /** What the thread does once in a period. */
  void tick() {
    now = clock.read();
  }

  @Override
  public long read() {
    return closed ? clock.read() : now;
  }

  /** Ends the thread. Idempotent. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}

package io.tidegate;

import io.tidegate.limit.ManualTicker;
import io.tidegate.limit.Ticker;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate's housekeeping thread: once a second it drops what has expired, so that a store which a
 * flood filled empties also if nobody calls any more. Nothing waits for it. With a clock that is
 * moved by hand there is no thread, and the work is done by whoever moves it.
 */
final class Keeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final long PERIOD_NANOS = Duration.ofSeconds(1).toNanos();

  private final Runnable end;

  private Keeper(Runnable end) {
    this.end = end;
  }

  static Keeper start(Runnable work, Ticker ticker) {
    return new Keeper(
        ticker instanceof ManualTicker manual ? byHand(work, manual) : byThread(work));
  }

  private static Runnable byHand(Runnable work, ManualTicker ticker) {
    return ticker.afterEachMove(
        new Runnable() {
          private long last = ticker.read();

          @Override
          public synchronized void run() {
            long now = ticker.read();
            if (now - last >= PERIOD_NANOS || now - last < 0) {
              last = now;
              work.run();
            }
          }
        });
  }

  private static Runnable byThread(Runnable work) {
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "tidegate-keeper");
              thread.setDaemon(true);
              // The thread outlives the call that starts it, and must not keep a web application's
              // class loader alive by more than the gate does.
              thread.setContextClassLoader(null);
              return thread;
            });
    var unused =
        executor.scheduleWithFixedDelay(
            () -> run(work), PERIOD_NANOS, PERIOD_NANOS, TimeUnit.NANOSECONDS);
    return executor::shutdownNow;
  }

  private static void run(Runnable work) {
    try {
      work.run();
    } catch (Throwable e) { // else the executor would never run it again
      LOG.warn("Housekeeping failed, and goes on in a second: {}", e.getClass().getName());
    }
  }

  @Override
  public void close() {
    end.run();
  }
}

package io.tidegate;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate's housekeeping thread: once a second it drops what has expired, so that a store which a
 * flood filled empties also if nobody calls any more. Nothing waits for it.
 */
final class Keeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final long PERIOD_SECONDS = 1;

  private final ScheduledExecutorService executor;

  private Keeper(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  static Keeper start(Runnable work) {
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
            () -> run(work), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    return new Keeper(executor);
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
    executor.shutdownNow();
  }
}

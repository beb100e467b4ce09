package io.tidegate.limit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One caller in the queue of a {@link WaitingLimiter}: a blocked thread, or a future. */
final class Waiter extends CompletableFuture<Boolean> {

  final long permits;
  final long deadline;

  /**
   * When somebody looks at the queue on this waiter's behalf. Written under the queue's lock; read
   * by the thread that is about to sleep until then.
   */
  volatile long wakeAt;

  /** Null for a caller who blocks the thread below. */
  private final @Nullable ScheduledExecutorService scheduler;

  private final Thread thread = Thread.currentThread();

  Waiter(long permits, long deadline, @Nullable ScheduledExecutorService scheduler) {
    this.permits = permits;
    this.deadline = deadline;
    this.scheduler = scheduler;
    this.wakeAt = deadline;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the actions given here do not throw
  void onEnd(BiConsumer<? super Boolean, ? super Throwable> action) {
    whenComplete(action);
  }

  /**
   * Has the queue looked at after a time, unless the waiter is through by then.
   *
   * @return false if the scheduler takes no more work
   */
  boolean arrange(long nanos, Runnable look) {
    if (scheduler == null) {
      wake();
      return true;
    }
    try {
      Future<?> timer = scheduler.schedule(look, Math.max(0, nanos), TimeUnit.NANOSECONDS);
      onEnd((taken, failure) -> timer.cancel(false));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Runs what completes this future where its dependents may run: on its own scheduler. */
  void tell(Runnable completion) {
    if (scheduler == null) {
      completion.run();
      wake();
      return;
    }
    try {
      scheduler.execute(completion);
    } catch (RejectedExecutionException e) {
      completion.run(); // nobody else is left to do it
    }
  }

  /** A thread that is awake looks at {@link #wakeAt} anyway, and must not skip its next sleep. */
  private void wake() {
    if (thread != Thread.currentThread()) {
      LockSupport.unpark(thread);
    }
  }
}

package io.tidegate.limit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A scheduler without threads: what is due runs when the test moves the clock. */
final class ManualScheduler extends AbstractExecutorService implements ScheduledExecutorService {

  private final ManualTicker ticker;
  private final List<Task<?>> tasks = new ArrayList<>();
  private long submitted;
  private boolean shutDown;
  private boolean running;

  ManualScheduler(ManualTicker ticker) {
    this.ticker = ticker;
  }

  private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
    final long due;

    Task(Callable<V> code, long due) {
      super(code);
      this.due = due;
    }

    @Override
    protected void done() {
      tasks.remove(this);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - ticker.read(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> code, long delay, TimeUnit unit) {
    if (shutDown) {
      throw new RejectedExecutionException("shut down");
    }
    if (delay < 0) {
      throw new AssertionError("delay: " + delay);
    }
    submitted++;
    Task<V> task = new Task<>(code, ticker.read() + unit.toNanos(delay));
    tasks.add(task);
    return task;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable code, long delay, TimeUnit unit) {
    return schedule(
        () -> {
          code.run();
          return null;
        },
        delay,
        unit);
  }

  @Override
  public void execute(Runnable code) {
    schedule(code, 0, TimeUnit.NANOSECONDS);
  }

  /** Moves the clock, and runs what falls due on the way at the time at which it does. */
  void advance(long nanos) throws Exception {
    long end = ticker.read() + nanos;
    while (true) {
      Task<?> next =
          tasks.stream().min(Comparator.comparingLong(task -> task.due - end)).orElse(null);
      if (next == null || next.due - end > 0) {
        break;
      }
      ticker.advanceNanos(Math.max(0, next.due - ticker.read()));
      running = true;
      next.run();
      running = false;
      next.get(); // shows what it threw
    }
    ticker.set(end);
  }

  /** Runs what is due now. */
  void runDue() throws Exception {
    advance(0);
  }

  /** Whether a task of this scheduler is running, which tells where a callback runs. */
  boolean isRunning() {
    return running;
  }

  int pending() {
    return tasks.size();
  }

  /** How many tasks were ever handed in. */
  long submitted() {
    return submitted;
  }

  @Override
  public void shutdown() {
    shutDown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutDown = true;
    tasks.clear();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutDown;
  }

  @Override
  public boolean isTerminated() {
    return shutDown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return shutDown;
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable code, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable code, long initialDelay, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }
}

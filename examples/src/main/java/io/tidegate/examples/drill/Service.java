package io.tidegate.examples.drill;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What is defended: a back end that does so much at once, and the rest in turn, without an end. The
 * work is waiting, not calculating, as for a graphics card; the two cores are all clients' as well.
 *
 * <p>Whoever has gone away is served all the same: a batch that runs is not taken apart.
 */
final class Service implements AutoCloseable {

  private final WorkMeter meter;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "drill-service");
            thread.setDaemon(true);
            return thread;
          });
  private final Deque<Job> queue = new ArrayDeque<>();
  private final int slots;
  private int inUse;
  private int running;

  Service(int slots, WorkMeter meter) {
    this.slots = slots;
    this.meter = meter;
  }

  private record Job(Role role, Runnable done) {}

  /** Works for somebody, and then tells it, on a thread that must not be held up. */
  void work(Role role, Runnable done) {
    Job job = new Job(role, done);
    synchronized (this) {
      if (inUse == slots) {
        queue.add(job);
        return;
      }
      inUse++;
    }
    start(job);
  }

  private void start(Job job) {
    long from = System.nanoTime();
    synchronized (this) {
      running++;
    }
    var unused = timer.schedule(() -> end(job, from), Settings.WORK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void end(Job job, long from) {
    meter.add(job.role(), System.nanoTime() - from);
    Job next;
    synchronized (this) {
      running--;
      next = queue.poll();
      if (next == null) {
        inUse--;
      }
    }
    if (next != null) {
      start(next);
    }
    job.done().run();
  }

  synchronized int inUse() {
    return inUse;
  }

  /** Slots that are out though no work is done in them. */
  synchronized int leaked() {
    return inUse - running;
  }

  synchronized int waiting() {
    return queue.size();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

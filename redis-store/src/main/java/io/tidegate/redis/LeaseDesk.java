package io.tidegate.redis;

import io.tidegate.limit.Ticker;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Settles leases with the server. So many calls are under way at most; others wait for their turn,
 * one for each lease at most, and tell the more when it comes.
 */
final class LeaseDesk implements LeaseServer {

  private static final int MOST_UNDER_WAY = 512;
  private static final int MOST_IN_A_ROW = 64;

  private final Link link;
  private final Counts counts;
  private final Ticker ticker;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicBoolean serving = new AtomicBoolean();
  private final Queue<LeaseCall> waiting = new ConcurrentLinkedQueue<>();

  LeaseDesk(Link link, Counts counts, Ticker ticker) {
    this.link = link;
    this.counts = counts;
    this.ticker = ticker;
  }

  @Override
  public boolean isDown(String serverKey) {
    return link.isSuspended(serverKey);
  }

  @Override
  public long deadlineNanos() {
    return link.deadlineNanos();
  }

  @Override
  public void send(LeaseCall call) {
    if (!enter()) {
      waiting.add(call);
    } else if (!new Trip(call).start()) {
      return;
    } else {
      underWay.decrementAndGet();
    }
    serveLater();
  }

  private boolean enter() {
    if (underWay.incrementAndGet() <= MOST_UNDER_WAY) {
      return true;
    }
    underWay.decrementAndGet();
    return false;
  }

  /**
   * Goes on with those that wait, if there is room for them: not on a thread that serves others.
   */
  private void serveLater() {
    if (!waiting.isEmpty()
        && underWay.get() < MOST_UNDER_WAY
        && serving.compareAndSet(false, true)) {
      ForkJoinPool.commonPool().execute(this::serve);
    }
  }

  private void serve() {
    serving.set(false);
    while (!waiting.isEmpty() && enter()) {
      serveInPlace();
    }
  }

  /** Uses one place for those that wait. They may end at once, which they do without a server. */
  private void serveInPlace() {
    for (int i = 0; i < MOST_IN_A_ROW; i++) {
      LeaseCall call = waiting.poll();
      if (call == null) {
        break;
      }
      if (!new Trip(call).start()) {
        return;
      }
    }
    underWay.decrementAndGet();
    serveLater();
  }

  @Override
  public void forget(String serverKey) {
    link.run(
        Script.FORGET,
        new String[] {serverKey},
        new String[0],
        new Link.Reply() {
          @Override
          public void answered(List<Object> values) {}

          @Override
          public void failed(Throwable why) {}
        });
  }

  private final class Trip implements Link.Reply {
    private final LeaseCall call;
    private volatile @Nullable Thread starting;
    private boolean endedAtOnce;

    Trip(LeaseCall call) {
      this.call = call;
    }

    /** Returns true if it has ended before it returns, by this thread. */
    boolean start() {
      starting = Thread.currentThread();
      call.begin(ticker.read());
      Micros micros = call.rules.micros();
      String[] args = {
        Long.toString(micros.tolerance()),
        Long.toString(micros.interval()),
        Long.toString(call.back()),
        Long.toString(call.ahead()),
        Long.toString(call.wanted())
      };
      link.run(Script.LEASE, new String[] {call.lease.serverKey}, args, this);
      starting = null;
      return endedAtOnce;
    }

    @Override
    public void answered(List<Object> values) {
      counts.decided.increment();
      long now = ticker.read();
      call.answered((Long) values.get(0), (Long) values.get(1), (Long) values.get(2) * 1_000, now);
      LeaseCall more = call.lease.call(call.rules, now);
      end(more);
    }

    @Override
    public void failed(Throwable why) {
      boolean sent = why != Unavailable.SUSPENDED && why != Unavailable.DISCONNECTED;
      call.failed(sent, ticker.read());
      end(null);
    }

    /** Makes way for the next. */
    private void end(@Nullable LeaseCall more) {
      if (more != null) {
        waiting.add(more);
      }
      if (starting == Thread.currentThread()) {
        endedAtOnce = true;
      } else {
        serveInPlace();
      }
    }
  }
}

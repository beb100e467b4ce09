package io.tidegate.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Times what a sender takes, by the event loop's scheduler alone: it reads no clock, so it judges
 * late rather than wrongly if the loop is late. What arrives whole costs no task.
 *
 * <p>One deadline runs at a time: for the rest of a header, for a body, or for what is thrown away.
 * Idleness is looked at four times in {@code maxIdle}, so it ends a connection after one to one and
 * a quarter of it. Used on the event loop only.
 */
final class SenderWatch {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int LOOKS = 4;

  private final ChannelHandlerContext ctx;
  private final SenderLimits limits;
  private final Owner owner;

  private @Nullable ScheduledFuture<?> deadline;
  private @Nullable ScheduledFuture<?> idleLook;
  private boolean draining;
  private boolean touched;
  private int quietLooks;

  /** Of the body that is on its way: its bytes, and the seconds in which it was awaited. */
  private long received;

  private long receivedBefore;
  private long judgedSeconds;
  private long silentSeconds;

  /** Who has the sender watched. */
  interface Owner {

    /** Whether it is the sender that everybody waits for. */
    boolean awaitsSender();

    /** The header is late, or the body too slow. */
    void tooSlow();

    /** What was to be thrown away did not come in time. */
    void drainTooSlow();

    /** Nothing came for long. */
    void idle();
  }

  SenderWatch(ChannelHandlerContext ctx, SenderLimits limits, Owner owner) {
    this.ctx = ctx;
    this.limits = limits;
    this.owner = owner;
  }

  private ScheduledFuture<?> schedule(Runnable task, long nanos) {
    return ctx.executor().schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  /** Looks for idleness from now on. */
  void watchIdleness() {
    if (idleLook == null) {
      idleLook = schedule(this::look, limits.maxIdle().toNanos() / LOOKS);
    }
  }

  private void look() {
    idleLook = null;
    quietLooks = touched ? 0 : quietLooks + 1;
    touched = false;
    if (quietLooks >= LOOKS) {
      quietLooks = 0;
      owner.idle();
    }
    if (ctx.channel().isActive() && !ctx.isRemoved()) {
      watchIdleness();
    }
  }

  /** Something happened, so nobody is idle. */
  void touch() {
    touched = true;
  }

  /** A part of a header has come. */
  void awaitHeader() {
    if (deadline == null) {
      deadline = schedule(owner::tooSlow, limits.header().toNanos());
    }
  }

  /** A request has begun. */
  void begin() {
    settle();
    received = 0;
    receivedBefore = 0;
    judgedSeconds = 0;
    silentSeconds = 0;
  }

  void receive(long bytes) {
    received += bytes;
  }

  /** A body is on its way. */
  void awaitBody() {
    if (deadline == null && limits.minBodyRate() > 0) {
      deadline = schedule(this::judge, limits.grace().toNanos());
    }
  }

  private void judge() {
    deadline = null;
    if (owner.awaitsSender()) {
      silentSeconds = received > receivedBefore ? 0 : silentSeconds + 1;
      if (received < limits.minBodyRate() * judgedSeconds
          || silentSeconds * SECOND > limits.maxIdle().toNanos()) {
        owner.tooSlow();
        return;
      }
      judgedSeconds++;
    }
    receivedBefore = received;
    deadline = schedule(this::judge, SECOND);
  }

  /** What comes is thrown away; that must end, too. */
  void drain(Duration time) {
    if (!draining) {
      settle();
      draining = true;
      deadline = schedule(owner::drainTooSlow, time.toNanos());
    }
  }

  /** Nothing is awaited any more. */
  void settle() {
    draining = false;
    ScheduledFuture<?> running = deadline;
    if (running != null) {
      running.cancel(false);
      deadline = null;
    }
  }

  void stop() {
    settle();
    ScheduledFuture<?> look = idleLook;
    if (look != null) {
      look.cancel(false);
      idleLook = null;
    }
  }
}

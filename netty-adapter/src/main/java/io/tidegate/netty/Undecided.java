package io.tidegate.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.Verdict;
import io.tidegate.Waiting;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * A request that waits for a slot, or for an answer from elsewhere. The verdict is handed to the
 * channel's event loop.
 */
final class Undecided extends Waiting {

  private final ChannelHandlerContext ctx;
  private final Object request;
  private final Consumer<Verdict> next;

  /**
   * A request that is about to be decided.
   *
   * @param request the message, released here only by {@link #leave}
   * @param next called on the event loop with a verdict that comes late
   */
  Undecided(ChannelHandlerContext ctx, Object request, Consumer<Verdict> next) {
    this.ctx = ctx;
    this.request = request;
    this.next = next;
  }

  @Override
  protected void decided(Verdict verdict) {
    try {
      ctx.executor().execute(() -> next.accept(verdict));
    } catch (RejectedExecutionException e) { // the event loop has ended, and the channel with it
      ReferenceCountUtil.release(request);
      close(verdict);
    }
  }

  @Override
  protected Executor executor() {
    return ctx.executor();
  }

  /** The client has gone. If a verdict is on its way nevertheless, it comes. */
  void leave() {
    if (cancel()) {
      ReferenceCountUtil.release(request);
    }
  }

  /** For a client that is no longer there. */
  static void close(Verdict verdict) {
    if (verdict.admitted()) {
      verdict.permit().close(0);
    }
  }
}

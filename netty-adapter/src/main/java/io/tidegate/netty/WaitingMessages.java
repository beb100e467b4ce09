package io.tidegate.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Pipelined requests that wait for their turn, in order: at most so many, with their bodies. */
final class WaitingMessages {

  /** So much of a body may wait before no more of it is read. */
  private static final int ENOUGH = 64 * 1024;

  /** What a message costs besides its bytes, so that a body in pieces of one is not cheap. */
  private static final int OVERHEAD = 128;

  private final int mostRequests;

  /** Made when first needed, since few clients pipeline. */
  private @Nullable Deque<Object> messages;

  private int requests;
  private long weight;

  WaitingMessages(int mostRequests) {
    this.mostRequests = mostRequests;
  }

  boolean isEmpty() {
    return messages == null || messages.isEmpty();
  }

  /**
   * Whether to read on would only pile up more. The first parts of a body don't count, for who
   * reads nothing does not learn either that a client who waits has gone.
   */
  boolean isEnough() {
    return requests > 0 || weight >= ENOUGH;
  }

  /** Takes a message, unless it is one request too many. */
  boolean add(Object msg) {
    if (msg instanceof HttpRequest && requests == mostRequests) {
      return false;
    }
    if (messages == null) {
      messages = new ArrayDeque<>();
    }
    requests += msg instanceof HttpRequest ? 1 : 0;
    weight += weightOf(msg);
    messages.add(msg);
    return true;
  }

  @Nullable Object peek() {
    return messages == null ? null : messages.peek();
  }

  @Nullable Object poll() {
    Object msg = messages == null ? null : messages.poll();
    requests -= msg instanceof HttpRequest ? 1 : 0;
    weight -= msg == null ? 0 : weightOf(msg);
    return msg;
  }

  /** About how many bytes a message takes. */
  static int weightOf(Object msg) {
    int bytes = msg instanceof HttpContent content ? content.content().readableBytes() : 0;
    return OVERHEAD + bytes;
  }

  void passOn(ChannelHandlerContext ctx) {
    for (Object msg = poll(); msg != null; msg = poll()) {
      ctx.fireChannelRead(msg);
    }
  }

  void release() {
    for (Object msg = poll(); msg != null; msg = poll()) {
      ReferenceCountUtil.release(msg);
    }
  }
}

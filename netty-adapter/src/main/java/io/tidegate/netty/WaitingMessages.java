package io.tidegate.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Pipelined requests that wait for their turn, in order: at most so many, with their bodies. */
final class WaitingMessages {

  private final int mostRequests;

  /** Made when first needed, since few clients pipeline. */
  private @Nullable Deque<Object> messages;

  private int requests;

  WaitingMessages(int mostRequests) {
    this.mostRequests = mostRequests;
  }

  boolean isEmpty() {
    return messages == null || messages.isEmpty();
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
    messages.add(msg);
    return true;
  }

  @Nullable Object peek() {
    return messages == null ? null : messages.peek();
  }

  @Nullable Object poll() {
    Object msg = messages == null ? null : messages.poll();
    requests -= msg instanceof HttpRequest ? 1 : 0;
    return msg;
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

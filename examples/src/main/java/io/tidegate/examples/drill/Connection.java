package io.tidegate.examples.drill;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One connection, with one request at a time. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends the connection, and that is heard
final class Connection extends SimpleChannelInboundHandler<FullHttpResponse> {

  private final Peer peer;
  private @Nullable Channel channel;
  private @Nullable Exchange current;
  private boolean isUsed;

  Connection(Peer peer) {
    this.peer = peer;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
  }

  void send(Exchange exchange) {
    Channel open = channel;
    if (open == null) {
      exchange.answer(Answer.none(Answer.BROKEN));
      return;
    }
    current = exchange;
    exchange.on = this;
    open.writeAndFlush(
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(exchange.method),
            exchange.path,
            Unpooled.wrappedBuffer(exchange.body.getBytes(StandardCharsets.US_ASCII)),
            exchange.headers,
            EmptyHttpHeaders.INSTANCE),
        open.voidPromise());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
    Exchange answered = current;
    current = null;
    isUsed = true;
    if (answered == null || answered.isAnswered() || !HttpUtil.isKeepAlive(response)) {
      ctx.close();
    } else {
      peer.keep(ctx.channel());
    }
    if (answered != null && !answered.isAnswered()) {
      String body =
          new String(ByteBufUtil.getBytes(response.content()), StandardCharsets.ISO_8859_1);
      answered.answer(new Answer(response.status().code(), response.headers(), body));
    }
  }

  /** Gives up, if somebody still waits here for this. */
  void giveUp(Exchange exchange) {
    Channel open = channel;
    if (current == exchange && open != null) {
      current = null;
      open.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    peer.forget(ctx.channel());
    Exchange lost = current;
    current = null;
    if (lost == null || lost.isAnswered()) {
      return;
    }
    if (isUsed && !lost.resent) { // closed by the server while it lay idle, as it may
      lost.resent = true;
      peer.sendOnNew(lost);
    } else {
      lost.answer(Answer.none(Answer.BROKEN));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      cause.printStackTrace(); // ours, not the other side's
    }
    ctx.close(); // and that is told when it is inactive
  }
}

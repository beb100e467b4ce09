package io.tidegate.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.tidegate.client.IpAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Awaits the PROXY header of one connection, and leaves the pipeline with it. The codec's types
 * stand in no signature, so that this class loads without them.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {

  private static final long PATIENCE_SECONDS = 5;

  /** What a proxy may add to the addresses; nothing of it is used. */
  private static final int MOST_EXTENSIONS = 4_096;

  private final TidegateConnectionHandler connections;
  private @Nullable ScheduledFuture<?> deadline;
  private boolean closed;

  private ProxyHeader(TidegateConnectionHandler connections) {
    this.connections = connections;
  }

  static void requireCodec() {
    try {
      Class.forName(
          "io.netty.handler.codec.haproxy.HAProxyMessageDecoder",
          false,
          ProxyHeader.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "proxyProtocol: no codec (expected: netty-codec-haproxy among the dependencies)", e);
    }
  }

  /** Puts decoder and awaiter first, or after the place. */
  static void await(
      Channel connection,
      @Nullable ChannelHandlerContext place,
      TidegateConnectionHandler connections) {
    ChannelPipeline pipeline = connection.pipeline();
    ChannelHandler awaiter = new ProxyHeader(connections);
    ChannelHandler decoder = new HAProxyMessageDecoder(MOST_EXTENSIONS, true);
    if (place == null) {
      pipeline.addFirst(awaiter).addFirst(decoder);
    } else {
      pipeline.addAfter(place.name(), null, awaiter).addAfter(place.name(), null, decoder);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadline = ctx.executor().schedule(() -> missing(ctx), PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (closed) {
      ReferenceCountUtil.release(msg);
    } else if (msg instanceof HAProxyMessage header) {
      IpAddress client = IpAddress.parseOrNull(header.sourceAddress());
      header.release();
      met(ctx, client);
    } else {
      ctx.fireChannelRead(msg);
    }
  }

  private void met(ChannelHandlerContext ctx, @Nullable IpAddress client) {
    if (client == null || connections.named(ctx.channel(), client)) {
      ctx.pipeline().remove(this);
    } else {
      closed = true;
      TidegateConnectionHandler.reset(ctx.channel());
    }
  }

  /** The decoder has closed the connection, and says why; no need to tell the application. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof DecoderException) {
      missing(ctx);
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  private void missing(ChannelHandlerContext ctx) {
    if (!closed) {
      closed = true;
      connections.headerMissing(ctx.channel());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closed = true;
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ScheduledFuture<?> running = deadline;
    if (running != null) {
      running.cancel(false);
    }
  }
}

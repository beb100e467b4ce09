package io.tidegate.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.limit.RateLimiter;
import io.tidegate.limit.TokenBucket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One connection of HTTP/2, as bytes. */
@SuppressWarnings({
  "NullAway.Init", // Netty adds a handler before it calls it
  "FutureReturnValueIgnored" // what fails to be written or closed is closed
})
final class Http2Connection extends ChannelDuplexHandler implements SenderWatch.Owner {

  private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();
  private static final int GO_AWAY = 0x7;
  private static final int GO_AWAY_PAYLOAD = 8;

  private final TidegateHttp2ConnectionGuard settings;
  private final FrameScanner inbound = new FrameScanner(this::received);
  private final FrameScanner outbound = new FrameScanner(this::sent);

  private ChannelHandlerContext ctx;
  private SenderWatch watch;
  private int prefaceBytes;
  private int lastStream;
  private boolean headerAwaited;
  private boolean closing;

  /** Made with the first reset, which most connections never see. */
  private @Nullable RateLimiter resets;

  Http2Connection(TidegateHttp2ConnectionGuard settings) {
    this.settings = settings;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    this.ctx = ctx;
    SenderLimits limits =
        new SenderLimits(settings.headerTimeout, 0, Duration.ZERO, settings.maxIdle);
    this.watch = new SenderWatch(ctx, limits, this);
    if (ctx.channel().isActive()) {
      watch.watchIdleness();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    watch.watchIdleness();
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    watch.touch();
    if (closing) {
      ReferenceCountUtil.release(msg);
      return;
    }
    if (msg instanceof ByteBuf bytes && !scan(bytes)) {
      ctx.fireChannelRead(msg);
      ctx.pipeline().remove(this); // not HTTP/2
      return;
    }
    if (closing) {
      ReferenceCountUtil.release(msg);
    } else {
      ctx.fireChannelRead(msg);
    }
  }

  private boolean scan(ByteBuf bytes) {
    int i = bytes.readerIndex();
    while (prefaceBytes < PREFACE.readableBytes() && i < bytes.writerIndex()) {
      if (bytes.getByte(i++) != PREFACE.getByte(prefaceBytes++)) {
        return false;
      }
    }
    inbound.scan(bytes, i);
    return true;
  }

  private boolean isPrefaceComplete() {
    return prefaceBytes == PREFACE.readableBytes();
  }

  private void received(int type, int streamId, int code) {
    if (type == FrameScanner.HEADERS) {
      lastStream = Math.max(lastStream, streamId);
    } else if (type == FrameScanner.RST_STREAM) {
      countReset();
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (msg instanceof ByteBuf bytes && isPrefaceComplete() && !closing) {
      outbound.scan(bytes, bytes.readerIndex());
    }
    ctx.write(msg, promise);
  }

  private void sent(int type, int streamId, int code) {
    if (type == FrameScanner.RST_STREAM && isProvoked(code)) {
      // Not now: the codec is in the middle of writing.
      ctx.executor().execute(this::countReset);
    }
  }

  /** Whether the server resets a stream with this code for what the client did. */
  private static boolean isProvoked(int code) {
    return code == Http2Error.PROTOCOL_ERROR.code()
        || code == Http2Error.FLOW_CONTROL_ERROR.code()
        || code == Http2Error.STREAM_CLOSED.code()
        || code == Http2Error.FRAME_SIZE_ERROR.code()
        || code == Http2Error.REFUSED_STREAM.code()
        || code == Http2Error.ENHANCE_YOUR_CALM.code();
  }

  private void countReset() {
    RateLimiter known = resets;
    if (known == null) {
      known = TokenBucket.of(settings.resets, settings.ticker);
      resets = known;
    }
    if (!closing && !known.tryAcquire()) {
      settings.events.tell(ConnectionEvent.Type.STREAM_RESETS, ctx.channel());
      goAway(Http2Error.ENHANCE_YOUR_CALM);
    }
  }

  private void goAway(Http2Error error) {
    closing = true;
    watch.stop();
    ByteBuf frame = ctx.alloc().buffer(Http2CodecUtil.FRAME_HEADER_LENGTH + GO_AWAY_PAYLOAD);
    frame.writeMedium(GO_AWAY_PAYLOAD).writeByte(GO_AWAY).writeByte(0).writeInt(0);
    frame.writeInt(lastStream).writeInt((int) error.code());
    ctx.writeAndFlush(frame);
    ctx.close();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    boolean unfinished =
        prefaceBytes > 0 && (!isPrefaceComplete() || inbound.isUnfinished()) && !closing;
    if (unfinished != headerAwaited) {
      headerAwaited = unfinished;
      if (unfinished) {
        watch.awaitHeader();
      } else {
        watch.settle();
      }
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public boolean awaitsSender() {
    return true;
  }

  @Override
  public void tooSlow() {
    settings.events.tell(ConnectionEvent.Type.SLOW_SENDER, ctx.channel());
    goAway(Http2Error.ENHANCE_YOUR_CALM);
  }

  @Override
  public void drainTooSlow() {
    ctx.close();
  }

  @Override
  public void idle() {
    Http2ConnectionHandler codec = ctx.pipeline().get(Http2ConnectionHandler.class);
    if (prefaceBytes == 0) {
      ctx.close();
    } else if (codec != null && codec.connection().numActiveStreams() == 0) {
      goAway(Http2Error.NO_ERROR);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    watch.stop();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    watch.stop();
  }
}

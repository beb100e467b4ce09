package io.tidegate.examples;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells HTTP/2 by its preface (RFC 9113, section 3.4) from HTTP/1.1, has the pipeline completed for
 * what it is, and leaves.
 */
final class HttpVersions extends ByteToMessageDecoder {

  private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

  private final Consumer<ChannelPipeline> http1;
  private final Consumer<ChannelPipeline> http2;

  HttpVersions(Consumer<ChannelPipeline> http1, Consumer<ChannelPipeline> http2) {
    this.http1 = http1;
    this.http2 = http2;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int length = Math.min(in.readableBytes(), PREFACE.readableBytes());
    boolean alike = ByteBufUtil.equals(in, in.readerIndex(), PREFACE, 0, length);
    if (alike && length < PREFACE.readableBytes()) {
      return; // more will tell
    }
    (alike ? http2 : http1).accept(ctx.pipeline());
    ctx.pipeline().remove(this); // which passes on what it has
  }
}

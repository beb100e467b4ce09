package io.tidegate.jmh;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.Gate;
import io.tidegate.limit.Quota;
import io.tidegate.netty.TidegateHttp2ConnectionGuard;
import io.tidegate.netty.TidegateHttp2Handler;
import io.tidegate.netty.TidegateHttpHandler;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Netty that answers everything with two bytes, bare or behind {@link FiveRules}; prints its
 * port. It has one event loop, so that it, and not who loads it, is what a run waits for.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written is closed
final class TrivialNettyServer {

  private static final Quota AMPLE = Quota.perSecond(1_000_000);

  private TrivialNettyServer() {}

  @SuppressWarnings("SystemOut") // the port, for the process that started this one
  public static void main(String[] args) throws Exception {
    @Nullable Gate gate =
        switch (args[1]) {
          case "gated" -> FiveRules.gate(AMPLE, AMPLE);
          case "flooded" -> FiveRules.gate(AMPLE, Quota.perDay(1));
          default -> null;
        };
    EventLoopGroup loop = new NioEventLoopGroup(1);
    Channel listening =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(initializer(args[0].equals("http2") ? http2(gate) : http1(gate)))
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    System.out.println(((InetSocketAddress) listening.localAddress()).getPort());
    listening.closeFuture().sync();
  }

  private static ChannelHandler initializer(Consumer<ChannelPipeline> pipelines) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        pipelines.accept(channel.pipeline());
      }
    };
  }

  private static Consumer<ChannelPipeline> http1(@Nullable Gate gate) {
    TidegateHttpHandler handler = gate == null ? null : new TidegateHttpHandler(gate);
    return pipeline -> {
      pipeline.addLast(new HttpServerCodec());
      if (handler != null) {
        pipeline.addLast(handler);
      }
      pipeline.addLast(new Trivial());
    };
  }

  private static Consumer<ChannelPipeline> http2(@Nullable Gate gate) {
    TidegateHttp2Handler handler = gate == null ? null : new TidegateHttp2Handler(gate);
    TidegateHttp2ConnectionGuard guard = new TidegateHttp2ConnectionGuard();
    ChannelHandler streams =
        initializer(
            stream -> {
              if (handler != null) {
                stream.addLast(handler);
              }
              stream.addLast(new Trivial());
            });
    return pipeline -> {
      if (handler != null) {
        pipeline.addLast(guard);
      }
      pipeline.addLast(
          Http2FrameCodecBuilder.forServer().build(),
          new Http2MultiplexHandler(streams),
          new Trivial());
    };
  }

  /** Answers with two bytes when a request is complete. */
  private static final class Trivial extends ChannelInboundHandlerAdapter {
    private static final byte[] OK = {'o', 'k'};

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ReferenceCountUtil.release(msg);
      if (msg instanceof LastHttpContent) {
        ctx.write(response());
      } else if ((msg instanceof Http2HeadersFrame headers && headers.isEndStream())
          || (msg instanceof Http2DataFrame data && data.isEndStream())) {
        Http2Headers fields = new DefaultHttp2Headers().status("200");
        fields.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN);
        fields.setInt(HttpHeaderNames.CONTENT_LENGTH, OK.length);
        ctx.write(new DefaultHttp2HeadersFrame(fields));
        ctx.write(new DefaultHttp2DataFrame(body(), true));
      }
    }

    private static FullHttpResponse response() {
      FullHttpResponse response =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body());
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN);
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, OK.length);
      return response;
    }

    private static ByteBuf body() {
      return Unpooled.wrappedBuffer(OK);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close(); // the load's connections end somehow
    }
  }
}

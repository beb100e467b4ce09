package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.scenarios.Scenario;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of HTTP/2 that knows that the server speaks it. */
final class Http2Client implements AutoCloseable {

  private final EventLoopGroup group;
  final Channel connection;

  /** The error codes of what ends the connection; -1 for its end. */
  final BlockingQueue<Long> ends = new LinkedBlockingQueue<>();

  @SuppressWarnings("deprecation") // since 4.2, of which 4.1 does not know
  Http2Client(int port, Http2Settings settings) {
    group = new NioEventLoopGroup(1);
    connection =
        new Bootstrap()
            .group(group)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forClient().initialSettings(settings).build(),
                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                            new Ends());
                  }
                })
            .connect("127.0.0.1", port)
            .syncUninterruptibly()
            .channel();
  }

  private final class Ends extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (msg instanceof Http2GoAwayFrame goAway) {
        ends.add(goAway.errorCode());
      }
      ReferenceCountUtil.release(msg);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      ends.add(-1L);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  long nextEnd() throws InterruptedException {
    Long end = ends.poll(Scenario.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(end).as("the end of the connection").isNotNull();
    return end;
  }

  static Http2Headers headers(String method, String path) {
    return new DefaultHttp2Headers().method(method).path(path).scheme("http").authority("a");
  }

  Call call(Http2Headers headers, boolean end) {
    Call call = new Call();
    call.stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end)).syncUninterruptibly();
    return call;
  }

  Call get(String path) {
    return call(headers("GET", path), true);
  }

  Call post(String path) {
    return call(headers("POST", path), false);
  }

  @Override
  public void close() {
    if (group.isShuttingDown()) {
      return;
    }
    connection.close().syncUninterruptibly();
    group.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** One stream. What comes back is noted as text. */
  final class Call extends ChannelInboundHandlerAdapter {

    final Http2StreamChannel stream;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final BlockingQueue<Http2Headers> heads = new LinkedBlockingQueue<>();

    Call() {
      stream =
          new Http2StreamChannelBootstrap(connection)
              .handler(this)
              .open()
              .syncUninterruptibly()
              .getNow();
    }

    void send(String text, boolean end) {
      stream
          .writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, ISO_8859_1), end))
          .awaitUninterruptibly();
    }

    void reset() {
      stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).syncUninterruptibly();
    }

    /**
     * The next thing that came: a status, a text, {@code reset N}, {@code end} or {@code closed}.
     */
    String next() throws InterruptedException {
      String event = events.poll(Scenario.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(event).as("an event of the stream").isNotNull();
      return event;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (msg instanceof Http2HeadersFrame head) {
        heads.add(head.headers());
        events.add(String.valueOf(head.headers().status()));
        addEnd(head.isEndStream());
      } else if (msg instanceof Http2DataFrame data) {
        String text = data.content().toString(ISO_8859_1);
        if (!text.isEmpty()) {
          events.add(text);
        }
        addEnd(data.isEndStream());
      }
      ReferenceCountUtil.release(msg);
    }

    private void addEnd(boolean end) {
      if (end) {
        events.add("end");
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof Http2ResetFrame reset) {
        events.add("reset " + reset.errorCode());
      }
      ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      events.add("closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}

package io.tidegate.examples.readme;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.tidegate.Gate;
import io.tidegate.limit.Quota;
import io.tidegate.netty.TidegateConnectionHandler;
import io.tidegate.netty.TidegateHttp2ConnectionGuard;
import io.tidegate.netty.TidegateHttp2Handler;
import io.tidegate.netty.TidegateHttpHandler;

/** Snippets for Netty. */
final class NettySnippets {

  private NettySnippets() {}

  static ServerBootstrap http1(Gate gate, EventLoopGroup eventLoops) {
    // tag::netty
    TidegateHttpHandler requests = new TidegateHttpHandler(gate);
    ServerBootstrap server =
        new ServerBootstrap()
            .group(eventLoops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new HttpServerCodec(), requests, new Application());
                  }
                });
    // end::netty
    return server;
  }

  static void http2(Gate gate, ChannelPipeline pipeline) {
    // tag::netty-http2
    TidegateHttp2ConnectionGuard guard = new TidegateHttp2ConnectionGuard(); // once, for all
    TidegateHttp2Handler streams = new TidegateHttp2Handler(gate);

    pipeline.addLast(
        guard,
        Http2FrameCodecBuilder.forServer()
            .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(100))
            .build(),
        new Http2MultiplexHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel stream) {
                stream
                    .pipeline()
                    .addLast(
                        streams, new Http2StreamFrameToHttpObjectCodec(true), new Application());
              }
            }));
    // end::netty-http2
  }

  static void connections(ServerBootstrap server) {
    // tag::netty-connections
    server.handler( // on the listening socket: refused before a pipeline is made
        TidegateConnectionHandler.builder()
            .maxOpenPerAddress(100)
            .ratePerAddress(Quota.perSecond(10).withBurst(100))
            .build());
    // end::netty-connections
  }

  /** An application. */
  static final class Application extends ChannelInboundHandlerAdapter {}
}

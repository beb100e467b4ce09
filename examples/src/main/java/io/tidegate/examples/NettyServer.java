package io.tidegate.examples;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.tidegate.Gate;
import io.tidegate.netty.TidegateConnectionHandler;
import io.tidegate.netty.TidegateHttp2ConnectionGuard;
import io.tidegate.netty.TidegateHttp2Handler;
import io.tidegate.netty.TidegateHttpHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** The demo on Netty, HTTP/1.1 and HTTP/2 (by prior knowledge): the gate is in the pipelines. */
final class NettyServer implements WebServer {

  private final EventLoopGroup eventLoops = new NioEventLoopGroup();

  /** Event loops must not wait, so passwords are stretched here. */
  private final ExecutorService hard = Executors.newFixedThreadPool(4);

  private final Demo demo;
  private final TidegateConnectionHandler connections;
  private final TidegateHttp2ConnectionGuard guard = new TidegateHttp2ConnectionGuard();
  private final TidegateHttpHandler requests;
  private final TidegateHttp2Handler streams;

  /**
   * A server.
   *
   * @param demo makes the demo, given where hard work is done
   */
  NettyServer(Gate gate, TidegateConnectionHandler connections, Function<Executor, Demo> demo) {
    this.demo = demo.apply(hard);
    this.connections = connections;
    this.requests = new TidegateHttpHandler(gate);
    this.streams = new TidegateHttp2Handler(gate);
  }

  @Override
  public int start(int port) throws IOException, InterruptedException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(eventLoops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1_024)
            .handler(connections)
            .childHandler(initializer(this::beginConnection));
    ChannelFuture bound = bootstrap.bind(port).await();
    if (!bound.isSuccess()) {
      stop();
      throw new IOException("Failed to bind to port " + port, bound.cause());
    }
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  private static ChannelInitializer<Channel> initializer(Consumer<ChannelPipeline> handlers) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        handlers.accept(channel.pipeline());
      }
    };
  }

  private void beginConnection(ChannelPipeline pipeline) {
    pipeline.addLast(guard, new HttpVersions(this::beginHttp1, this::beginHttp2));
  }

  private void beginHttp1(ChannelPipeline pipeline) {
    pipeline.addLast(new HttpServerCodec(), requests, new DemoHandler(demo));
  }

  private void beginHttp2(ChannelPipeline pipeline) {
    Http2Settings settings = Http2Settings.defaultSettings().maxConcurrentStreams(100);
    pipeline.addLast(
        Http2FrameCodecBuilder.forServer().initialSettings(settings).build(),
        new Http2MultiplexHandler(initializer(this::beginStream)));
  }

  private void beginStream(ChannelPipeline pipeline) {
    pipeline.addLast(streams, new Http2StreamFrameToHttpObjectCodec(true), new DemoHandler(demo));
  }

  @Override
  public void join() throws InterruptedException {
    eventLoops.terminationFuture().await();
  }

  @Override
  public void stop() {
    hard.shutdownNow();
    eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}

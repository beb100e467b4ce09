package io.tidegate.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.tidegate.scenarios.TestServer;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A Netty server on the loopback address, with threads of its own. */
final class NettyServer implements TestServer {

  private final EventLoopGroup group;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ServerBootstrap bootstrap = new ServerBootstrap();
  private Channel listening;

  @SuppressWarnings("deprecation") // since 4.2, of which 4.1 does not know
  NettyServer() {
    group = new NioEventLoopGroup(2);
    bootstrap
        .group(group)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 1024);
  }

  /** Threads for applications that block. */
  ExecutorService threads() {
    return threads;
  }

  /** What stands on the listening socket. */
  NettyServer handler(ChannelHandler handler) {
    bootstrap.handler(handler);
    return this;
  }

  <T> NettyServer childOption(ChannelOption<T> option, T value) {
    bootstrap.childOption(option, value);
    return this;
  }

  NettyServer start(Consumer<SocketChannel> pipeline) {
    listening =
        bootstrap
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    pipeline.accept(channel);
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    return this;
  }

  @Override
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @Override
  public void stop() throws Exception {
    if (group.isShuttingDown()) {
      return;
    }
    listening.close().syncUninterruptibly();
    threads.shutdownNow();
    threads.awaitTermination(20, TimeUnit.SECONDS);
    group.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
  }
}

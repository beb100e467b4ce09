package io.tidegate.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.tidegate.Gate;
import io.tidegate.scenarios.Endpoint;
import io.tidegate.scenarios.Starter;
import io.tidegate.scenarios.TestServer;
import java.net.http.HttpClient;
import java.util.Map;

/** Servers for the scenarios. */
final class NettyStarters {

  private static final int LARGEST_UPGRADE = 2_000_000;

  private NettyStarters() {}

  /** HTTP/1.1 alone. */
  static Starter http1() {
    return (gate, endpoints) -> {
      TidegateHttpHandler handler = new TidegateHttpHandler(gate);
      NettyServer server = new NettyServer();
      return server.start(
          channel ->
              channel
                  .pipeline()
                  .addLast(
                      new HttpServerCodec(),
                      handler,
                      new EndpointHandler(endpoints, server.threads())));
    };
  }

  /** HTTP/1.1, and HTTP/2 by upgrade. */
  static Starter http2() {
    return new Starter() {
      @Override
      public TestServer start(Gate gate, Map<String, Endpoint> endpoints) {
        TidegateHttpHandler handler = new TidegateHttpHandler(gate);
        NettyServer server = new NettyServer();
        ChannelHandler streams = streams(gate, endpoints, server);
        return server.start(
            channel -> {
              HttpServerCodec codec = new HttpServerCodec();
              channel
                  .pipeline()
                  .addLast(
                      codec,
                      upgrade(codec, streams),
                      handler,
                      new EndpointHandler(endpoints, server.threads()));
            });
      }

      @Override
      public HttpClient.Version version() {
        return HttpClient.Version.HTTP_2;
      }
    };
  }

  private static ChannelHandler upgrade(HttpServerCodec codec, ChannelHandler streams) {
    return new HttpServerUpgradeHandler(
        codec,
        protocol ->
            "h2c".contentEquals(protocol)
                ? new Http2ServerUpgradeCodec(
                    Http2FrameCodecBuilder.forServer().build(), new Http2MultiplexHandler(streams))
                : null,
        LARGEST_UPGRADE);
  }

  static ChannelHandler streams(Gate gate, Map<String, Endpoint> endpoints, NettyServer server) {
    TidegateHttp2Handler handler = new TidegateHttp2Handler(gate);
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel stream) {
        stream
            .pipeline()
            .addLast(
                handler,
                new Http2StreamFrameToHttpObjectCodec(true),
                new EndpointHandler(endpoints, server.threads()));
      }
    };
  }
}

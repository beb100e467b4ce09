package io.tidegate.examples.readme;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.tidegate.Gate;
import io.tidegate.netty.TidegateHttp2ConnectionGuard;
import io.tidegate.netty.TidegateHttp2Handler;
import io.tidegate.netty.TidegateHttpHandler;
import org.springframework.boot.web.embedded.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.ConnectionObserver.State;
import reactor.netty.NettyPipeline;

/** Snippets for Reactor Netty, and so for Spring WebFlux. */
final class ReactorSnippets {

  private ReactorSnippets() {}

  @Configuration
  static class Http1 {
    // tag::webflux
    @Bean
    NettyServerCustomizer tidegate(Gate gate) {
      TidegateHttpHandler requests = new TidegateHttpHandler(gate);
      return server ->
          server.doOnChannelInit(
              (observer, channel, address) ->
                  channel
                      .pipeline()
                      .addBefore(NettyPipeline.HttpTrafficHandler, "tidegate", requests));
    }
    // end::webflux
  }

  @Configuration
  static class Http2 {
    // tag::webflux-h2c
    @Bean
    NettyServerCustomizer tidegateStreams(Gate gate) {
      TidegateHttp2ConnectionGuard guard = new TidegateHttp2ConnectionGuard();
      TidegateHttp2Handler streams = new TidegateHttp2Handler(gate);
      return server ->
          server
              .doOnChannelInit(
                  (observer, channel, address) ->
                      channel.pipeline().addFirst("tidegate-guard", guard))
              .childObserve(
                  (connection, state) -> {
                    if (state == State.CONNECTED
                        && connection.channel() instanceof Http2StreamChannel stream) {
                      stream.pipeline().addFirst("tidegate", streams);
                      ChannelPipeline http1 = stream.parent().pipeline();
                      if (http1.get("tidegate") != null) {
                        http1.remove("tidegate"); // it has seen no request, and will see none
                      }
                    }
                  });
    }
    // end::webflux-h2c
  }

  @Configuration
  static class Tls {
    // tag::webflux-tls
    @Bean
    NettyServerCustomizer tidegate(Gate gate) { // in the place of the first
      TidegateHttpHandler requests = new TidegateHttpHandler(gate);
      TidegateHttp2ConnectionGuard guard = new TidegateHttp2ConnectionGuard();
      return server ->
          server.doOnChannelInit(
              (observer, channel, address) ->
                  channel
                      .pipeline()
                      .addBefore(
                          NettyPipeline.ReactiveBridge,
                          "tidegate-later",
                          new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object bytes) {
                              ChannelPipeline pipeline = ctx.pipeline();
                              if (pipeline.get(NettyPipeline.HttpTrafficHandler) == null) {
                                pipeline.addAfter(ctx.name(), "tidegate-guard", guard);
                              } else {
                                pipeline.addBefore(
                                    NettyPipeline.HttpTrafficHandler, "tidegate", requests);
                              }
                              ctx.fireChannelRead(bytes);
                              pipeline.remove(this);
                            }
                          }));
    }
    // end::webflux-tls
  }
}

package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.scenarios.Endpoint;
import java.util.Map;
import java.util.concurrent.ExecutorService;

/**
 * An application: calls endpoints on threads that may wait. It knows nothing of pipelining, and
 * would mix up requests if it were given two at once.
 */
final class EndpointHandler extends ChannelInboundHandlerAdapter {

  private final Map<String, Endpoint> endpoints;
  private final ExecutorService threads;
  private BlockingExchange current;

  EndpointHandler(Map<String, Endpoint> endpoints, ExecutorService threads) {
    this.endpoints = endpoints;
    this.threads = threads;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof HttpRequest request) {
      if (!request.decoderResult().isSuccess()) {
        throw new AssertionError("a request that cannot be read", request.decoderResult().cause());
      }
      begin(ctx, request);
    }
    if (msg instanceof HttpContent content) {
      current.receive(content.content().toString(ISO_8859_1), msg instanceof LastHttpContent);
    }
    ReferenceCountUtil.release(msg);
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    BlockingExchange exchange =
        new BlockingExchange(ctx, TidegateHttpHandler.permit(ctx.channel()));
    current = exchange;
    String path = request.uri().split("\\?", 2)[0];
    Endpoint endpoint = endpoints.getOrDefault(path, answer -> answer.answer(404, "nothing here"));
    threads.execute(() -> exchange.serve(endpoint));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (current != null) {
      current.clientGone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}

package io.tidegate.examples;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CharSequenceValueConverter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.Permit;
import io.tidegate.netty.TidegateHttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the requests of a connection, or of a stream of HTTP/2, to the demo, and its answers
 * back. The gate before it passes on one request at a time.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written or closed is closed
final class DemoHandler extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(DemoHandler.class);

  /** How long a client may go on sending what nobody wants: closed at once, it may miss why. */
  private static final long LINGER_SECONDS = 2;

  private final Demo demo;

  private @Nullable HttpRequest request;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean asked;
  private boolean bodyEnded;
  private boolean keepAlive;
  private @Nullable NettyAnswer answer;

  DemoHandler(Demo demo) {
    this.demo = demo;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      if (msg instanceof HttpRequest head) {
        begin(ctx, head);
      }
      if (msg instanceof HttpContent content) {
        receive(ctx, content);
      }
    } finally {
      ReferenceCountUtil.release(msg);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest head) {
    request = head;
    body.reset();
    asked = false;
    bodyEnded = false;
    keepAlive = HttpUtil.isKeepAlive(head);
    answer = null;
    if (HttpUtil.getContentLength(head, 0L) > JsonBodies.MOST_BYTES) {
      refuseBody(ctx, head);
    } else if (HttpUtil.is100ContinueExpected(head)) {
      ctx.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void receive(ChannelHandlerContext ctx, HttpContent content) {
    bodyEnded = content instanceof LastHttpContent;
    HttpRequest head = request;
    if (asked || head == null) {
      closeIfDone(ctx);
      return;
    }
    int length = content.content().readableBytes();
    if (body.size() + length > JsonBodies.MOST_BYTES) {
      refuseBody(ctx, head);
      return;
    }
    body.writeBytes(ByteBufUtil.getBytes(content.content()));
    if (bodyEnded) {
      ask(ctx, head, body.toByteArray());
    }
  }

  private void refuseBody(ChannelHandlerContext ctx, HttpRequest head) {
    keepAlive = false;
    ask(ctx, head, JsonBodies.TOO_LONG);
  }

  private void ask(ChannelHandlerContext ctx, HttpRequest head, byte[] content) {
    asked = true;
    Ask ask = Ask.of(head.method().name(), target(head.uri()), head.headers()::get, content);
    demo.answer(ask)
        .exceptionally(DemoHandler::failure)
        .thenAcceptAsync(reply -> send(ctx, head, reply), ctx.executor());
  }

  /** Path and query of a target, of which a proxy may send the whole (RFC 9112, section 3.2.2). */
  private static String target(String uri) {
    int authority = uri.startsWith("/") ? -1 : uri.indexOf("://");
    int start = authority < 0 ? 0 : uri.indexOf('/', authority + 3);
    return start < 0 ? "/" : uri.substring(start);
  }

  private static Reply failure(Throwable cause) {
    LOG.warn("A request failed", cause);
    return Reply.problem(new HttpError(500, "failed", "That is our fault."));
  }

  private void send(ChannelHandlerContext ctx, HttpRequest head, Reply reply) {
    Parts parts = reply.parts();
    if (!ctx.channel().isActive()) {
      parts.close();
      return;
    }
    HttpResponse response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()));
    CharSequence now =
        CharSequenceValueConverter.INSTANCE.convertTimeMillis(System.currentTimeMillis());
    response.headers().set(HttpHeaderNames.DATE, now);
    reply.fields().forEach(response.headers()::set);
    remember(ctx, reply);
    frame(response, head, parts);
    ctx.write(response);
    if (HttpMethod.HEAD.equals(head.method())) {
      parts.close();
      parts = Parts.ready(new byte[0]);
    }
    NettyAnswer next = new NettyAnswer(ctx, parts, written -> afterAnswer(ctx, written));
    answer = next;
    next.start();
  }

  /** The gate sets the cookie itself, with its other fields, when the response passes it. */
  private static void remember(ChannelHandlerContext ctx, Reply reply) {
    Permit permit = TidegateHttpHandler.permit(ctx.channel());
    String member = reply.member();
    if (permit != null && member != null) {
      permit.remember(member);
    }
  }

  private void frame(HttpResponse response, HttpRequest head, Parts parts) {
    if (parts.length() >= 0) {
      HttpUtil.setContentLength(response, parts.length());
    } else if (head.protocolVersion().isKeepAliveDefault()) {
      HttpUtil.setTransferEncodingChunked(response, true);
    } else {
      keepAlive = false; // HTTP/1.0 knows no other end
    }
    HttpUtil.setKeepAlive(response.headers(), head.protocolVersion(), keepAlive);
  }

  /**
   * Closes after the last answer, when the client has sent all, or should have. The next request
   * may be here already.
   */
  private void afterAnswer(ChannelHandlerContext ctx, NettyAnswer written) {
    if (!keepAlive && !bodyEnded && written == answer) {
      ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }
    closeIfDone(ctx);
  }

  private void closeIfDone(ChannelHandlerContext ctx) {
    NettyAnswer current = answer;
    if (!keepAlive && bodyEnded && current != null && current.isWritten()) {
      ctx.close();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (answer != null) {
      answer.sendWhatIsMade();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (answer != null) {
      answer.abandon();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!isOfClient(cause)) {
      LOG.warn("A connection failed", cause);
    }
    ctx.close();
  }

  /** Whether the client has gone, or has sent what it may not: no news, and a flood in a log. */
  private static boolean isOfClient(Throwable cause) {
    return cause instanceof IOException
        || cause instanceof DecoderException
        || cause instanceof Http2Exception;
  }
}

package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.tidegate.Permit;
import io.tidegate.scenarios.Endpoint;
import io.tidegate.scenarios.Exchange;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A request and its response, for a thread that waits for the network. */
final class BlockingExchange implements Exchange {

  private record Part(String text, boolean last, boolean gone) {}

  private final ChannelHandlerContext ctx;
  private final Permit permit;
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private boolean begun;
  private boolean ended;

  BlockingExchange(ChannelHandlerContext ctx, Permit permit) {
    this.ctx = ctx;
    this.permit = permit;
  }

  void receive(String text, boolean last) {
    parts.add(new Part(text, last, false));
  }

  void clientGone() {
    parts.add(new Part("", true, true));
  }

  void serve(Endpoint endpoint) {
    try {
      endpoint.serve(this);
      if (!ended) {
        write(LastHttpContent.EMPTY_LAST_CONTENT);
      }
    } catch (Exception e) {
      if (begun) {
        ctx.close();
      } else {
        ctx.writeAndFlush(response(500, ""));
      }
    }
  }

  @Override
  public String body() throws IOException {
    StringBuilder body = new StringBuilder();
    try {
      for (Part part = parts.take(); ; part = parts.take()) {
        if (part.gone()) {
          throw new EOFException("the client has gone");
        }
        body.append(part.text());
        if (part.last()) {
          return body.toString();
        }
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void answer(int status, String text) throws IOException {
    ended = true;
    begun = true;
    write(response(status, text));
  }

  private static FullHttpResponse response(int status, String text) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            Unpooled.copiedBuffer(text, ISO_8859_1));
    HttpUtil.setContentLength(response, text.length());
    return response;
  }

  @Override
  public void send(String part) throws IOException {
    if (!begun) {
      begun = true;
      HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
      write(head);
    }
    write(new DefaultHttpContent(Unpooled.copiedBuffer(part, ISO_8859_1)));
  }

  private void write(Object msg) throws IOException {
    try {
      ctx.writeAndFlush(msg).sync();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public boolean remember(String account) {
    return permit.remember(account).isPresent();
  }

  @Override
  public void markFailed() {
    permit.markFailed();
  }
}

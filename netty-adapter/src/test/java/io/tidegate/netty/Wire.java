package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A connection of HTTP/1.1 without a network, whose time stands still, and an application. */
final class Wire implements AutoCloseable {

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

  final EmbeddedChannel channel;

  /** What reached the application: requests, parts of bodies, and ends. */
  final List<String> seen = new ArrayList<>();

  /** What the application does with a request, besides noting it. */
  Consumer<HttpRequest> onRequest = request -> {};

  int reads;
  private ChannelHandlerContext application;

  Wire(ChannelHandler handler) {
    channel = new EmbeddedChannel();
    channel.freezeTime();
    channel.pipeline().addLast(new Reads(), new HttpServerCodec(), handler, new Application());
  }

  private final class Reads extends ChannelOutboundHandlerAdapter {
    @Override
    public void read(ChannelHandlerContext ctx) {
      reads++;
      ctx.read();
    }
  }

  private final class Application extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      application = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (msg instanceof HttpRequest request) {
        seen.add(request.method() + " " + request.uri());
        onRequest.accept(request);
      }
      if (msg instanceof HttpContent content) {
        String text = content.content().toString(ISO_8859_1);
        if (!text.isEmpty()) {
          seen.add(text);
        }
        if (msg instanceof LastHttpContent) {
          seen.add("end");
        }
      }
      if (msg instanceof ByteBuf bytes) {
        seen.add(bytes.toString(ISO_8859_1));
      }
      ReferenceCountUtil.release(msg);
    }
  }

  Wire send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
    channel.runPendingTasks();
    return this;
  }

  /** What the client has received since it was last asked. */
  String received() {
    StringBuilder text = new StringBuilder();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      text.append(part.toString(ISO_8859_1));
      part.release();
    }
    return text.toString();
  }

  /** The statuses that the client has received since it was last asked. */
  List<Integer> statuses() {
    List<Integer> statuses = new ArrayList<>();
    STATUS.matcher(received()).results().forEach(match -> statuses.add(number(match.group(1))));
    return statuses;
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }

  void write(Object msg) {
    application.writeAndFlush(msg);
    channel.runPendingTasks();
  }

  void answer(int status) {
    write(response(status));
  }

  static FullHttpResponse response(int status) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.EMPTY_BUFFER);
    if (status >= 200) {
      HttpUtil.setContentLength(response, 0);
    }
    return response;
  }

  Channel applicationChannel() {
    return application.channel();
  }

  /** Lets time go by, in steps so small that nothing happens late. */
  Wire pass(Duration time) {
    pass(channel, time);
    return this;
  }

  static void pass(EmbeddedChannel channel, Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 50) {
      channel.advanceTimeBy(Math.min(left, 50), TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
      channel.runPendingTasks();
    }
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
  }
}

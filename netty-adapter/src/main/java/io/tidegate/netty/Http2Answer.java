package io.tidegate.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.tidegate.Verdict;
import io.tidegate.http.FieldSink;

/** Responses of HTTP/2. */
final class Http2Answer {

  private Http2Answer() {}

  /** Writes a refusal, without flushing; returns the future of its last frame. */
  @SuppressWarnings("FutureReturnValueIgnored") // if the headers fail, the body does
  static ChannelFuture refuse(Verdict verdict, Http2Headers request, ChannelHandlerContext ctx) {
    byte[] body = verdict.body();
    // Not validated: what is set here comes from the gate, which keeps to printable ASCII.
    Http2Headers fields = new DefaultHttp2Headers(false);
    fields.status(HttpResponseStatus.valueOf(verdict.status()).codeAsText());
    verdict.writeFields(new Fields(fields));
    fields.set(HttpHeaderNames.CONTENT_TYPE, verdict.contentType());
    if (verdict.status() != HttpResponseStatus.NOT_MODIFIED.code()) {
      fields.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
    }
    CharSequence method = request.method();
    boolean bodyless =
        body.length == 0 || (method != null && HttpMethod.HEAD.asciiName().contentEquals(method));
    if (bodyless) {
      return ctx.write(new DefaultHttp2HeadersFrame(fields, true));
    }
    ctx.write(new DefaultHttp2HeadersFrame(fields, false));
    return ctx.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
  }

  /** Writes a 408 for a request that was admitted, without flushing. */
  static ChannelFuture timeOut(Exchange exchange, ChannelHandlerContext ctx) {
    Http2Headers fields = new DefaultHttp2Headers(false);
    fields.status(HttpResponseStatus.REQUEST_TIMEOUT.codeAsText());
    return ctx.write(told(new DefaultHttp2HeadersFrame(fields, true), exchange));
  }

  /**
   * The application's headers: if they begin the final response, with the gate's fields, and noted.
   *
   * @return the frame, or one like it if its fields cannot be changed
   */
  static Http2HeadersFrame told(Http2HeadersFrame frame, Exchange exchange) {
    int status = status(frame.headers());
    if (status < 200 || exchange.isAnswered()) {
      return frame; // informational, or trailers
    }
    exchange.answered(status);
    Verdict verdict = exchange.verdict();
    try {
      writeFields(verdict, frame.headers());
      return frame;
    } catch (UnsupportedOperationException e) {
      Http2Headers fields = new DefaultHttp2Headers(false).add(frame.headers());
      writeFields(verdict, fields);
      Http2HeadersFrame copy =
          new DefaultHttp2HeadersFrame(fields, frame.isEndStream(), frame.padding());
      Http2FrameStream stream = frame.stream();
      return stream == null ? copy : (Http2HeadersFrame) copy.stream(stream);
    }
  }

  /** The fields replace those of the application, but for lists and cookies. */
  private static void writeFields(Verdict verdict, Http2Headers fields) {
    verdict.writeFields(new Fields(fields));
  }

  /** A response's headers as a place for fields. */
  private record Fields(Http2Headers headers) implements FieldSink {
    @Override
    public void set(String name, String value) {
      headers.set(FieldNames.lower(name), value);
    }

    @Override
    public void add(String name, String value) {
      headers.add(FieldNames.lower(name), value);
    }
  }

  private static int status(Http2Headers fields) {
    CharSequence status = fields.status();
    try {
      return status == null ? 0 : Integer.parseInt(status, 0, status.length(), 10);
    } catch (NumberFormatException e) {
      return 0; // the codec will not send it either
    }
  }
}

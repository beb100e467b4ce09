package io.tidegate.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.tidegate.Verdict;
import io.tidegate.http.FieldSink;

/** Responses of HTTP/1.1. */
final class Http1Answer {

  /** What is set here comes from the gate, which keeps to printable ASCII. */
  private static final HttpHeadersFactory TRUSTED =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private Http1Answer() {}

  static FullHttpResponse refusal(Verdict verdict, HttpRequest request, boolean keepAlive) {
    byte[] body = verdict.body();
    HttpHeaders fields = TRUSTED.newHeaders();
    verdict.writeFields((name, value) -> fields.add(FieldNames.customary(name), value));
    fields.add(HttpHeaderNames.CONTENT_TYPE, verdict.contentType());
    if (verdict.status() != HttpResponseStatus.NOT_MODIFIED.code()) {
      fields.add(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
    }
    if (!keepAlive) {
      fields.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (!request.protocolVersion().isKeepAliveDefault()) {
      fields.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    boolean bodyless = HttpMethod.HEAD.equals(request.method());
    return full(
        HttpResponseStatus.valueOf(verdict.status()),
        bodyless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body),
        fields);
  }

  /** The last response of a connection, without a body. */
  static FullHttpResponse last(HttpResponseStatus status) {
    HttpHeaders fields = TRUSTED.newHeaders();
    fields.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
    fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return full(status, Unpooled.EMPTY_BUFFER, fields);
  }

  private static FullHttpResponse full(
      HttpResponseStatus status, ByteBuf body, HttpHeaders fields) {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, status, body, fields, EmptyHttpHeaders.INSTANCE);
  }

  /**
   * Adds the gate's fields to the application's response. They replace what it has, but for lists
   * and cookies.
   *
   * @return the response, or one like it if its fields cannot be changed
   */
  static HttpResponse withFields(HttpResponse response, Verdict verdict) {
    try {
      writeFields(verdict, response.headers());
      return response;
    } catch (UnsupportedOperationException e) {
      HttpResponse copy = changeable(response);
      if (copy != response) {
        writeFields(verdict, copy.headers());
      }
      return copy;
    }
  }

  private static void writeFields(Verdict verdict, HttpHeaders fields) {
    verdict.writeFields(new Fields(fields));
  }

  /** The application's headers as a place for fields. */
  private record Fields(HttpHeaders headers) implements FieldSink {
    @Override
    public void set(String name, String value) {
      headers.set(FieldNames.customary(name), value);
    }

    @Override
    public void add(String name, String value) {
      headers.add(FieldNames.customary(name), value);
    }
  }

  /** The same response with fields of its own. A body changes hands. */
  private static HttpResponse changeable(HttpResponse response) {
    HttpHeaders fields = TRUSTED.newHeaders().add(response.headers());
    if (response instanceof FullHttpResponse full) {
      return new DefaultFullHttpResponse(
          response.protocolVersion(),
          response.status(),
          full.content(),
          fields,
          full.trailingHeaders());
    }
    return response.getClass() == DefaultHttpResponse.class
        ? new DefaultHttpResponse(response.protocolVersion(), response.status(), fields)
        : response; // of a kind that we cannot make: better without our fields than without its own
  }
}

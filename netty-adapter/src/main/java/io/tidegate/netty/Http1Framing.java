package io.tidegate.netty;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** How long bodies are, and what is wrong with requests that cannot be read. */
final class Http1Framing {

  private Http1Framing() {}

  /**
   * Whether a body may be short enough to be thrown away. The length of a chunked one is not known,
   * so it is tried. One that is held back until a {@code 100 Continue} may come or may not: what
   * follows on the connection would be a guess.
   */
  static boolean isDrainable(HttpRequest request, long most) {
    HttpHeaders fields = request.headers();
    if (fields.contains(HttpHeaderNames.EXPECT)) {
      return false;
    }
    String length = fields.get(HttpHeaderNames.CONTENT_LENGTH);
    if (length == null) {
      return true;
    }
    try {
      return Long.parseLong(length.strip()) <= most;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  static HttpResponseStatus statusOf(Throwable flaw) {
    if (flaw instanceof TooLongHttpLineException) {
      return HttpResponseStatus.REQUEST_URI_TOO_LONG;
    }
    return flaw instanceof TooLongHttpHeaderException
        ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        : HttpResponseStatus.BAD_REQUEST;
  }
}

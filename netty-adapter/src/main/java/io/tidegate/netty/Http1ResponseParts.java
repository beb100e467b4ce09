package io.tidegate.netty;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;

/** Tells which part of a response it is that the application writes. */
final class Http1ResponseParts {

  /** A part. */
  enum Part {
    /** Of an informational response, which says nothing of the final one. */
    INTERIM,
    /** A final response's head, and more to come. */
    HEAD,
    /** A final response as a whole. */
    WHOLE,
    /** A final response's head, after which the connection speaks something else. */
    TAKEOVER,
    /** Content, and more to come. */
    CONTENT,
    /** What ends a final response. */
    LAST
  }

  private boolean toConnect;
  private boolean inInterim;

  void begin(HttpRequest request) {
    toConnect = HttpMethod.CONNECT.equals(request.method());
    inInterim = false;
  }

  Part of(Object msg) {
    boolean last = msg instanceof LastHttpContent;
    if (msg instanceof HttpResponse response) {
      int status = response.status().code();
      boolean switches = status == HttpResponseStatus.SWITCHING_PROTOCOLS.code();
      inInterim = status < 200 && !switches && !last;
      if (status < 200 && !switches) {
        return Part.INTERIM;
      }
      if (switches || (toConnect && status < 300)) {
        return Part.TAKEOVER;
      }
      return last ? Part.WHOLE : Part.HEAD;
    }
    if (inInterim) {
      inInterim = !last;
      return Part.INTERIM;
    }
    return last ? Part.LAST : Part.CONTENT;
  }
}

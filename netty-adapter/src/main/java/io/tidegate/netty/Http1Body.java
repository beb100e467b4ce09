package io.tidegate.netty;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * The body of the request that was taken last: whether more of it is to come, and what becomes of
 * it.
 */
final class Http1Body {

  private boolean open;
  private boolean unwanted;
  private boolean waitsFor100;
  private long discarded;

  void begin(HttpRequest request) {
    open = request.decoderResult().isSuccess() && !(request instanceof LastHttpContent);
    unwanted = false;
    waitsFor100 = open && HttpUtil.is100ContinueExpected(request);
    discarded = 0;
  }

  /** Whether more of it is to come. */
  boolean isOpen() {
    return open;
  }

  /** Whether it is thrown away. */
  boolean isUnwanted() {
    return unwanted;
  }

  /** Whether its sender waits to be asked for it. */
  boolean waitsFor100() {
    return waitsFor100;
  }

  /** It was asked for. */
  void askedFor() {
    waitsFor100 = false;
  }

  void throwAway() {
    unwanted = open;
  }

  /** Nothing of it will come, or matter. */
  void end() {
    open = false;
    unwanted = false;
    waitsFor100 = false;
  }

  /** A part has come; returns true if it was the last. */
  boolean receive(HttpContent content) {
    waitsFor100 = false;
    boolean last = content instanceof LastHttpContent;
    if (last) {
      end();
    }
    return last;
  }

  /** Throws a part away; returns how much was, together. */
  long discard(HttpContent content) {
    discarded += content.content().readableBytes();
    content.release();
    return discarded;
  }
}

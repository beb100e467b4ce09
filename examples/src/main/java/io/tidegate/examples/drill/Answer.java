package io.tidegate.examples.drill;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * What came back.
 *
 * @param status the status; {@link #TIMED_OUT} or {@link #BROKEN} if none came
 */
record Answer(int status, HttpHeaders headers, String body) {

  /** The client waited for as long as it does. */
  static final int TIMED_OUT = 0;

  /** The connection could not be had, or ended. */
  static final int BROKEN = -1;

  static Answer none(int why) {
    return new Answer(why, EmptyHttpHeaders.INSTANCE, "");
  }

  boolean isOk() {
    return status == 200;
  }

  /** Whether a defence, or a full queue, turned the request away. */
  boolean isRefusal() {
    return status == 429 || status == 503 || status == 403;
  }

  /** When to come back, in milliseconds. */
  long retryAfterMillis(long otherwise) {
    String field = headers.get("Retry-After");
    return field == null || !field.matches("[0-9]{1,6}")
        ? otherwise
        : Long.parseLong(field) * 1_000;
  }
}

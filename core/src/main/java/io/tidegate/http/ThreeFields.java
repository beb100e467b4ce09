package io.tidegate.http;

import java.util.List;

/**
 * One policy's state in three fields.
 *
 * @param limit the name of the field with the limit
 * @param remaining the name of the field with what is left
 * @param reset the name of the field with the seconds until the limit is reset
 */
record ThreeFields(String limit, String remaining, String reset) {

  static final ThreeFields DRAFT_06 =
      new ThreeFields("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset");

  static final ThreeFields LEGACY =
      new ThreeFields("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset");

  List<String> names() {
    return List.of(limit, remaining, reset);
  }

  void write(Standing standing, FieldSink out) {
    int tightest = standing.tightest();
    write(
        standing.limit(tightest),
        standing.leftOfLimit(tightest),
        Long.toString(standing.reset(tightest)),
        out);
  }

  void write(long most, long left, String until, FieldSink out) {
    out.set(limit, Long.toString(most));
    out.set(remaining, Long.toString(left));
    out.set(reset, until);
  }
}

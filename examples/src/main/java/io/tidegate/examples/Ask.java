package io.tidegate.examples;

import org.jspecify.annotations.Nullable;

/** A request that the gate has let in, as far as the demo looks at it. */
final class Ask {

  final String method;

  /** Without the query. */
  final String path;

  final @Nullable String authorization;

  /** As sent, or {@link JsonBodies#TOO_LONG}. */
  final byte[] body;

  Ask(String method, String path, @Nullable String authorization, byte[] body) {
    this.method = method;
    this.path = path;
    this.authorization = authorization;
    this.body = body;
  }

  static Ask withoutBody(String method, String path, @Nullable String authorization) {
    return new Ask(method, path, authorization, new byte[0]);
  }
}

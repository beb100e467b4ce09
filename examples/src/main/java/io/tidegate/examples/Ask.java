package io.tidegate.examples;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request that the gate has let in, as far as the demo looks at it. */
final class Ask {

  final String method;

  /** Without the query. */
  final String path;

  private final @Nullable String query;
  private final Fields fields;

  /** As sent, or {@link JsonBodies#TOO_LONG}. */
  final byte[] body;

  /** A request's header fields. */
  @FunctionalInterface
  interface Fields {
    /** The first value of a field; null if it is not there. */
    @Nullable String first(String name);
  }

  Ask(String method, String path, @Nullable String query, Fields fields, byte[] body) {
    this.method = method;
    this.path = path;
    this.query = query;
    this.fields = fields;
    this.body = body;
  }

  /** A request for a target such as {@code /path?query}. */
  static Ask of(String method, String target, Fields fields, byte[] body) {
    int at = target.indexOf('?');
    return at < 0
        ? new Ask(method, target, null, fields, body)
        : new Ask(method, target.substring(0, at), target.substring(at + 1), fields, body);
  }

  @Nullable String authorization() {
    return fields.first("Authorization");
  }

  /** In lower case and without parameters; empty if there is none. */
  String contentType() {
    return mediaType(Objects.requireNonNullElse(fields.first("Content-Type"), ""));
  }

  private static String mediaType(String field) {
    int at = field.indexOf(';');
    return (at < 0 ? field : field.substring(0, at)).strip().toLowerCase(Locale.ROOT);
  }

  /** Whether a person's browser is to show the answer. */
  boolean takesHtml() {
    String accept = fields.first("Accept");
    return accept != null && accept.contains("text/html");
  }

  /**
   * The query's parameters.
   *
   * @throws HttpError 400 if it cannot be read in one way only
   */
  Map<String, String> parameters() throws HttpError {
    return query == null ? Map.of() : Forms.parse(query);
  }
}

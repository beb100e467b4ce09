package io.tidegate.examples;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the demo answers, whichever server sends it. Whoever takes it sends all parts or closes
 * them.
 *
 * @param fields the header fields, without those that frame the content
 * @param member whom the gate is to know again, by an id; null for nobody
 */
record Reply(int status, Map<String, String> fields, Parts parts, @Nullable String member) {

  /** An answer of some content. */
  static Reply of(int status, String contentType, Parts parts) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Content-Type", contentType);
    fields.put("Cache-Control", "no-store");
    return new Reply(status, fields, parts, null);
  }

  static Reply json(int status, JsonNode body) {
    return json(status, "application/json", body);
  }

  private static Reply json(int status, String contentType, JsonNode body) {
    return of(status, contentType, Parts.ready(body.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** An error as a problem document. */
  static Reply problem(HttpError error) {
    JsonNode body =
        JsonBodies.object()
            .put("type", "about:blank")
            .put("title", error.title())
            .put("status", error.status)
            .put("detail", error.text)
            .put("reason", error.code);
    return json(error.status, Problem.CONTENT_TYPE, body).with(error.fields());
  }

  /** The same with more header fields. */
  Reply with(Map<String, String> more) {
    fields.putAll(more);
    return this;
  }

  /**
   * The same for somebody who has just logged in: the server asks the gate for a pass, by which he
   * is known from now on.
   *
   * @param id an id that means nothing to others
   */
  Reply remember(String id) {
    return new Reply(status, fields, parts, id);
  }
}

package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.Parser;

/**
 * A verdict as a client sees it.
 *
 * @param status the status
 * @param fields the fields, none set twice
 * @param contentType the body's type
 * @param body the body
 */
record Reply(int status, Map<String, String> fields, String contentType, String body) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Reply of(Verdict verdict) {
    Map<String, String> fields = new LinkedHashMap<>();
    verdict.writeFields(
        (name, value) ->
            assertThat(fields.put(name, value)).as("value set before for %s", name).isNull());
    String body = new String(verdict.body(), StandardCharsets.UTF_8);
    return new Reply(verdict.status(), fields, verdict.contentType(), body);
  }

  /** {@code Retry-After} in seconds; fails if there is none. */
  long retryAfter() {
    assertThat(fields.get("Retry-After")).as("Retry-After of %s", this).matches("[1-9][0-9]*");
    return Long.parseLong(fields.get("Retry-After"));
  }

  JsonNode problem() {
    assertThat(contentType).isEqualTo("application/problem+json");
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + body, e);
    }
  }

  /** A parameter of each policy in {@code RateLimit} or {@code RateLimit-Policy}, by name. */
  Map<String, Long> told(String field, String parameter) {
    Map<String, Long> told = new LinkedHashMap<>();
    String value = fields.get(field);
    if (value == null) {
      return told;
    }
    for (ListElement<?> item : Parser.parseList(value).get()) {
      Object number = item.getParams().get(parameter).get();
      assertThat(told.put((String) item.get(), (Long) number)).as("%s twice", item).isNull();
    }
    return told;
  }

  /** What is left, by policy. */
  Map<String, Long> left() {
    return told("RateLimit", "r");
  }

  /** The times in {@code RateLimit}, by policy. */
  Map<String, Long> times() {
    return told("RateLimit", "t");
  }
}

package io.tidegate.examples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What HTML forms send: {@code name=value&...}, as queries have it, too. */
final class Forms {

  private static final String TYPE = "application/x-www-form-urlencoded";
  private static final int MOST_FIELDS = 16;

  /** What a decoder puts in the place of bytes that are no UTF-8. */
  private static final char NO_TEXT = '\uFFFD';

  private Forms() {}

  /**
   * Reads a body that is a form or JSON.
   *
   * @throws HttpError 413 if it is too long, 415 if it is a form of another kind, 400 if it is
   *     neither
   */
  static ObjectNode read(Ask ask) throws HttpError {
    String type = ask.contentType();
    if (type.equals("multipart/form-data")) {
      throw new HttpError(415, "unsupported_media_type", "Send JSON, or a form as " + TYPE + ".");
    }
    if (!type.equals(TYPE) || isJson(ask.body) || ask.body.length > JsonBodies.MOST_BYTES) {
      return JsonBodies.parse(ask.body);
    }
    ObjectNode fields = JsonBodies.object();
    parse(new String(ask.body, StandardCharsets.UTF_8)).forEach(fields::put);
    return fields;
  }

  /** Whatever its type says: {@code curl -d} calls everything a form. */
  private static boolean isJson(byte[] body) {
    return body.length > 0 && body[0] == '{';
  }

  /**
   * Reads fields, each of which may be there once.
   *
   * @throws HttpError 400 if they cannot be read in one way only
   */
  static Map<String, String> parse(String text) throws HttpError {
    if (text.startsWith("?") || text.indexOf('#') >= 0) { // the decoder reads over both
      throw unreadable();
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> field : decoded(text).entrySet()) {
      String name = field.getKey();
      String value = field.getValue().get(0);
      boolean isText = name.indexOf(NO_TEXT) < 0 && value.indexOf(NO_TEXT) < 0;
      if (field.getValue().size() > 1 || !isText || fields.size() == MOST_FIELDS) {
        throw unreadable();
      }
      fields.put(name, value);
    }
    return fields;
  }

  private static Map<String, List<String>> decoded(String text) throws HttpError {
    try {
      return new QueryStringDecoder(text, StandardCharsets.UTF_8, false, MOST_FIELDS + 1, true)
          .parameters();
    } catch (IllegalArgumentException e) { // a bad escape
      throw unreadable();
    }
  }

  private static HttpError unreadable() {
    return HttpError.badInput("The fields cannot be read: each once, in UTF-8, well escaped.");
  }
}

package io.tidegate.examples;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON from requests, of bounded size, and into responses. */
final class JsonBodies {

  static final int MOST_BYTES = 64 * 1024;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private JsonBodies() {}

  /**
   * Reads an object.
   *
   * @throws HttpError 413 if it is too long, 400 if it is no object
   * @throws IOException if the client goes away
   */
  static ObjectNode read(HttpServletRequest request) throws HttpError, IOException {
    if (request.getContentLengthLong() > MOST_BYTES) {
      throw tooLarge();
    }
    byte[] bytes = request.getInputStream().readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw tooLarge();
    }
    try {
      if (JSON.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      // Its message repeats what the client sent, so it is not passed on.
    }
    throw HttpError.badInput("The body is no JSON object.");
  }

  private static HttpError tooLarge() {
    return new HttpError(413, "too_large", "The body is longer than " + MOST_BYTES + " bytes.");
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static void write(HttpServletResponse response, int status, String type, JsonNode body)
      throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType(type);
    response.setHeader("Cache-Control", "no-store");
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}

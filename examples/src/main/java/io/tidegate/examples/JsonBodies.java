package io.tidegate.examples;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON from requests, of bounded size. */
final class JsonBodies {

  static final int MOST_BYTES = 64 * 1024;

  /** Stands for any body that is longer; no server need read more of one. */
  static final byte[] TOO_LONG = new byte[MOST_BYTES + 1];

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
   */
  static ObjectNode parse(byte[] body) throws HttpError {
    if (body.length > MOST_BYTES) {
      throw new HttpError(413, "too_large", "The body is longer than " + MOST_BYTES + " bytes.");
    }
    try {
      if (JSON.readTree(body) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      // Its message repeats what the client sent, so it is not passed on.
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not from memory
    }
    throw HttpError.badInput("The body is no JSON object.");
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }
}

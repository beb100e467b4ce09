package io.tidegate.challenge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/** Does what an ALTCHA widget from 3.0 on does with a challenge of either protocol. */
final class Widget {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Widget() {}

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  static String base64(JsonNode payload) {
    return base64(payload.toString());
  }

  static String base64(String payload) {
    return Base64.getEncoder().encodeToString(payload.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The payload, before it becomes base64. */
  static ObjectNode solve(String challenge) {
    ObjectNode given = json(challenge);
    return given.has("parameters") ? solve2(given) : solve1(given);
  }

  private static ObjectNode solve1(ObjectNode challenge) {
    String wanted = challenge.get("challenge").asText();
    String salt = challenge.get("salt").asText();
    long number = 0;
    while (!HexFormat.of().formatHex(AltchaV1.digest(salt, number)).equals(wanted)) {
      number++;
    }
    ObjectNode payload = challenge.deepCopy();
    payload.remove("maxnumber");
    return payload.put("number", number).put("took", 12.5);
  }

  private static ObjectNode solve2(ObjectNode challenge) {
    JsonNode parameters = challenge.get("parameters");
    String prefix = parameters.get("keyPrefix").asText();
    long counter = 0;
    while (!key(parameters, counter).startsWith(prefix)) {
      counter++;
    }
    ObjectNode payload = JSON.createObjectNode();
    payload.set("challenge", challenge);
    payload
        .putObject("solution")
        .put("counter", counter)
        .put("derivedKey", key(parameters, counter))
        .put("time", 123.4);
    return payload;
  }

  /** The key of a counter, as hex. */
  static String key(JsonNode parameters, long counter) {
    HexFormat hex = HexFormat.of();
    AltchaAlgorithm algorithm = AltchaAlgorithm.of(parameters.get("algorithm").asText());
    return hex.formatHex(
        algorithm.derive(
            hex.parseHex(parameters.get("nonce").asText()),
            hex.parseHex(parameters.get("salt").asText()),
            parameters.get("cost").asLong(),
            counter));
  }
}

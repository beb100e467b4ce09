package io.tidegate.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.challenge.Solver;
import io.tidegate.examples.Visitor.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What clients calculate: the gate's puzzles, and ALTCHA's as its protocols have them. */
final class Work {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HexFormat HEX = HexFormat.of();

  private Work() {}

  static JsonNode json(Answer answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  /** The proof for the challenge in a problem document. */
  static String solved(Answer refusal) throws IOException {
    return Solver.solve(json(refusal).at("/challenge/token").asText(), () -> false);
  }

  /** The payload that a widget sends for a challenge of protocol 1. */
  static String altcha1(JsonNode challenge) throws GeneralSecurityException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    String salt = challenge.get("salt").asText();
    byte[] wanted = HEX.parseHex(challenge.get("challenge").asText());
    for (long number = 0; number <= challenge.get("maxnumber").asLong(); number++) {
      byte[] digest = sha256.digest((salt + number).getBytes(StandardCharsets.US_ASCII));
      if (MessageDigest.isEqual(digest, wanted)) {
        return payload(
            JSON.createObjectNode()
                .put("algorithm", challenge.get("algorithm").asText())
                .put("challenge", challenge.get("challenge").asText())
                .put("number", number)
                .put("salt", salt)
                .put("signature", challenge.get("signature").asText()));
      }
    }
    throw new AssertionError("no number solves " + challenge);
  }

  /** The payload that a widget sends for a challenge of protocol 2. */
  static String altcha2(JsonNode challenge) throws GeneralSecurityException {
    JsonNode parameters = challenge.get("parameters");
    String prefix = parameters.get("keyPrefix").asText();
    for (int counter = 0; counter < 1_000; counter++) {
      String key = HEX.formatHex(derived(parameters, counter));
      if (key.startsWith(prefix)) {
        JsonNode solution = JSON.createObjectNode().put("counter", counter).put("derivedKey", key);
        return payload(
            JSON.createObjectNode()
                .<ObjectNode>set("challenge", challenge)
                .set("solution", solution));
      }
    }
    throw new AssertionError("no counter solves " + challenge);
  }

  /** PBKDF2 with one block (RFC 8018, section 5.2), whose password no Java API takes as bytes. */
  private static byte[] derived(JsonNode parameters, int counter) throws GeneralSecurityException {
    byte[] nonce = HEX.parseHex(parameters.get("nonce").asText());
    byte[] password = ByteBuffer.allocate(nonce.length + 4).put(nonce).putInt(counter).array();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(password, "HmacSHA256"));
    mac.update(HEX.parseHex(parameters.get("salt").asText()));
    byte[] round = mac.doFinal(new byte[] {0, 0, 0, 1});
    byte[] key = round.clone();
    for (int i = 1; i < parameters.get("cost").asInt(); i++) {
      round = mac.doFinal(round);
      for (int j = 0; j < key.length; j++) {
        key[j] ^= round[j];
      }
    }
    return key;
  }

  private static String payload(JsonNode json) {
    return Base64.getEncoder().encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
  }
}

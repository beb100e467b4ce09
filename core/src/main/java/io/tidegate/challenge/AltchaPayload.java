package io.tidegate.challenge;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an ALTCHA widget of protocol 1 sends, read strictly: no member more or less, and the number
 * an integer. Libraries that take more have been talked into taking a proof for another challenge's
 * (CVE-2025-68113 and what followed).
 */
record AltchaPayload(
    String algorithm, String challenge, long number, String salt, String signature) {

  /** The most characters of base64, of either protocol. */
  static final int MOST_CHARS = 2_048;

  private static final int MEMBERS = 5;

  /** The payload that an object is; null if it is none. */
  static @Nullable AltchaPayload of(Map<String, Object> json) {
    int unsigned = json.containsKey("took") ? 1 : 0; // means nothing: a client may say anything
    if (json.size() - unsigned != MEMBERS
        || json.get("took") instanceof String
        || json.get("took") instanceof Map) {
      return null;
    }
    return json.get("algorithm") instanceof String algorithm
            && json.get("challenge") instanceof String challenge
            && json.get("number") instanceof Long number
            && json.get("salt") instanceof String salt
            && json.get("signature") instanceof String signature
        ? new AltchaPayload(algorithm, challenge, number, salt, signature)
        : null;
  }
}

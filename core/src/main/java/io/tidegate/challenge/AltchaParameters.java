package io.tidegate.challenge;

import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a challenge of ALTCHA's protocol 2 says under its signature. What only we go by stands in
 * its {@code data}: for whom and what it is, when and under which key it was issued, and how much
 * work it is.
 *
 * @param algorithm how a try is made
 * @param cost how many rounds a try takes
 * @param nonce 16 random bytes as hex; the puzzle's id, too, since no puzzle is issued twice
 * @param salt 16 random bytes as hex
 * @param keyPrefix how the key begins that is searched for, as hex
 * @param keySignature the MAC of the whole key, if we know it
 * @param expires in seconds of the epoch
 * @param key the id of the key of ours that signs
 * @param binding of action and subject
 * @param issued in seconds of the epoch
 * @param work how many digests it takes on average
 */
record AltchaParameters(
    AltchaAlgorithm algorithm,
    long cost,
    String nonce,
    String salt,
    String keyPrefix,
    @Nullable String keySignature,
    long expires,
    String key,
    String binding,
    long issued,
    long work)
    implements AltchaOffer {

  private static final int MEMBERS = 9;
  private static final int DATA_MEMBERS = 4;

  /** As an object of JSON. */
  Map<String, Object> toJson() {
    Map<String, Object> json = new TreeMap<>();
    json.put("algorithm", algorithm.wireName());
    json.put("cost", cost);
    json.put("data", Map.of("binding", binding, "issued", issued, "key", key, "work", work));
    json.put("expiresAt", expires);
    json.put("keyLength", (long) algorithm.keyBytes());
    json.put("keyPrefix", keyPrefix);
    if (keySignature != null) {
      json.put("keySignature", keySignature);
    }
    json.put("nonce", nonce);
    json.put("salt", salt);
    return json;
  }

  /** The id of the key that is said to sign; empty if none is. */
  static String keyOf(Map<?, ?> json) {
    return json.get("data") instanceof Map<?, ?> data && data.get("key") instanceof String key
        ? key
        : "";
  }

  /** Parameters that we may have issued; null if we issue none like these, whoever signed them. */
  static @Nullable AltchaParameters of(Map<?, ?> json) {
    boolean isSigned = json.get("keySignature") instanceof String;
    AltchaAlgorithm algorithm =
        json.get("algorithm") instanceof String name ? AltchaAlgorithm.of(name) : null;
    if (algorithm != null
        && json.size() == (isSigned ? MEMBERS : MEMBERS - 1)
        && json.get("data") instanceof Map<?, ?> data
        && data.size() == DATA_MEMBERS
        && json.get("cost") instanceof Long cost
        && json.get("expiresAt") instanceof Long expires
        && json.get("keyLength") instanceof Long keyBytes
        && json.get("keyPrefix") instanceof String keyPrefix
        && json.get("nonce") instanceof String nonce
        && json.get("salt") instanceof String salt
        && data.get("binding") instanceof String binding
        && data.get("issued") instanceof Long issued
        && data.get("key") instanceof String key
        && data.get("work") instanceof Long work
        && keyBytes == algorithm.keyBytes()) {
      String keySignature = isSigned ? (String) json.get("keySignature") : null;
      AltchaParameters read =
          new AltchaParameters(
              algorithm,
              cost,
              nonce,
              salt,
              keyPrefix,
              keySignature,
              expires,
              key,
              binding,
              issued,
              work);
      return read.isSound() ? read : null;
    }
    return null;
  }

  /** Whether a solution takes work: a prefix that says something, and not all. */
  private boolean isSound() {
    return cost >= 1
        && work >= 1
        && keyPrefix.length() >= 1
        && keyPrefix.length() <= algorithm.keyBytes()
        && Hex.is(keyPrefix)
        && Hex.is(nonce, 2 * AltchaPuzzle.NONCE_BYTES)
        && Hex.is(salt, 2 * AltchaPuzzle.NONCE_BYTES);
  }

  @Override
  public long idHigh() {
    return HexFormat.fromHexDigitsToLong(nonce, 0, 16);
  }

  @Override
  public long idLow() {
    return HexFormat.fromHexDigitsToLong(nonce, 16, 32);
  }
}

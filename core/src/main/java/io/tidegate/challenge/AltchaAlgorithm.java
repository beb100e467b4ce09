package io.tidegate.challenge;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How a try at an ALTCHA puzzle of protocol 2 is made: a key is derived from the puzzle's nonce, a
 * counter and a salt, so slowly that a try costs something.
 *
 * <p>Source: RFC 8018, section 5.2, for PBKDF2.
 */
public enum AltchaAlgorithm {
  /** PBKDF2 with HMAC-SHA-256: what widgets and libraries of ALTCHA use if nothing is said. */
  PBKDF2_SHA_256("PBKDF2/SHA-256", "HmacSHA256", 32),
  /** PBKDF2 with HMAC-SHA-384. */
  PBKDF2_SHA_384("PBKDF2/SHA-384", "HmacSHA384", 32),
  /** PBKDF2 with HMAC-SHA-512. */
  PBKDF2_SHA_512("PBKDF2/SHA-512", "HmacSHA512", 32),
  /** SHA-256 again and again. In browsers each digest is a call of its own, so it is slow there. */
  SHA_256("SHA-256", "SHA-256", 32),
  /** SHA-384 again and again. */
  SHA_384("SHA-384", "SHA-384", 48),
  /** SHA-512 again and again. */
  SHA_512("SHA-512", "SHA-512", 64);

  /** Counters are unsigned numbers of 32 bits. */
  static final long MOST_COUNTERS = 1L << 32;

  private static final AltchaAlgorithm[] ALL = values();
  private static final String HMAC = "Hmac";
  private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

  private final String wireName;
  private final String javaName;
  private final int keyBytes;

  AltchaAlgorithm(String wireName, String javaName, int keyBytes) {
    this.wireName = wireName;
    this.javaName = javaName;
    this.keyBytes = keyBytes;
  }

  /** The algorithm of a name, letter by letter; null if there is none. */
  static @Nullable AltchaAlgorithm of(String wireName) {
    for (AltchaAlgorithm algorithm : ALL) {
      if (algorithm.wireName.equals(wireName)) {
        return algorithm;
      }
    }
    return null;
  }

  String wireName() {
    return wireName;
  }

  /**
   * How long a key is: never longer than the digest, so PBKDF2 has one block; and a whole digest
   * where digests are chained, since widgets before 3.3.0 cut each of them to the key's length.
   */
  int keyBytes() {
    return keyBytes;
  }

  /**
   * How many digests of one block a try takes. An iteration of PBKDF2 is two, an inner and an outer
   * one, and the two pads of the HMAC are two more. A digest of SHA-384 and SHA-512 counts as one
   * of SHA-256, although it takes longer: nobody is credited with more than it took.
   */
  long digestsPerTry(long cost) {
    return isPbkdf2() ? (2 * cost) + 2 : cost;
  }

  private boolean isPbkdf2() {
    return javaName.startsWith(HMAC);
  }

  /** The key of a counter. Takes time in proportion to the cost. */
  byte[] derive(byte[] nonce, byte[] salt, long cost, long counter) {
    byte[] password =
        ByteBuffer.allocate(nonce.length + 4).put(nonce).putInt((int) counter).array();
    try {
      byte[] key = isPbkdf2() ? pbkdf2(password, salt, cost) : chained(password, salt, cost);
      return Arrays.copyOf(key, keyBytes);
    } catch (GeneralSecurityException e) { // every Java platform has them
      throw new IllegalStateException(
          "algorithm: " + javaName + " (expected: one of the platform)", e);
    }
  }

  private byte[] pbkdf2(byte[] password, byte[] salt, long cost) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(javaName);
    mac.init(new SecretKeySpec(password, javaName));
    mac.update(salt);
    byte[] block = mac.doFinal(FIRST_BLOCK);
    byte[] key = block.clone();
    for (long round = 1; round < cost; round++) {
      mac.update(block);
      mac.doFinal(block, 0);
      for (int i = 0; i < key.length; i++) {
        key[i] ^= block[i];
      }
    }
    return key;
  }

  private byte[] chained(byte[] password, byte[] salt, long cost)
      throws NoSuchAlgorithmException, DigestException {
    MessageDigest digest = MessageDigest.getInstance(javaName);
    digest.update(salt);
    byte[] key = digest.digest(password);
    for (long round = 1; round < cost; round++) {
      digest.update(key);
      digest.digest(key, 0, key.length);
    }
    return key;
  }
}

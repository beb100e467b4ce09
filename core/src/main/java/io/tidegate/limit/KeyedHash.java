package io.tidegate.limit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * A 64-bit hash under a secret: SipHash-1-3. Nobody who does not know the secret can choose keys
 * that collide, and a hash says nothing about its key. A limiter draws its own secret when it is
 * built, and no secret ever leaves its hash.
 *
 * <p>At most {@value #MOST_HASHED} characters or bytes of a key are looked at, and its full length;
 * longer keys that agree in these share a limit, which errs towards refusing. With a million live
 * keys the chance that any two share a hash is one in 37 million.
 *
 * <p>Immutable; safe for use by many threads. Allocates nothing. About 15 ns for two longs, and one
 * more for each two or three characters.
 *
 * <p>Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012).
 */
public final class KeyedHash {

  /** How many characters or bytes of a key are looked at. */
  public static final int MOST_HASHED = 1_024;

  private static final int LEAST_SECRET = 16;
  private static final long TWO_LONGS = 0x01L << 56;
  private static final long CHARS = 0x02L << 56;
  private static final long BYTES = 0x03L << 56;
  private static final long THREE_LONGS = 0x04L << 56;

  private final long k0;
  private final long k1;

  KeyedHash(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  /**
   * A hash under a new secret, drawn from {@link SecureRandom}.
   *
   * @return the hash
   */
  public static KeyedHash random() {
    SecureRandom random = new SecureRandom();
    return new KeyedHash(random.nextLong(), random.nextLong());
  }

  /**
   * A hash under a secret that several nodes share, so that they know a subject by the same hash.
   *
   * @param secret at least 16 random bytes
   * @return the hash
   * @throws IllegalArgumentException if the secret is shorter
   */
  public static KeyedHash under(byte[] secret) {
    if (secret.length < LEAST_SECRET) { // it is not shown: a log is no place for it
      throw new IllegalArgumentException(
          "secret: " + secret.length + " bytes (expected: at least 16, random)");
    }
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update("tidegate keys".getBytes(StandardCharsets.US_ASCII)); // it may serve elsewhere
      ByteBuffer digest = ByteBuffer.wrap(sha256.digest(secret));
      return new KeyedHash(digest.getLong(), digest.getLong());
    } catch (NoSuchAlgorithmException e) { // every Java has it
      throw new IllegalStateException(e);
    }
  }

  /**
   * Hashes two longs.
   *
   * @param high the first
   * @param low the second
   * @return the hash
   */
  public long ofLongs(long high, long low) {
    Sip sip = new Sip(k0, k1);
    sip.block(high);
    sip.block(low);
    return sip.finish(TWO_LONGS);
  }

  /**
   * Hashes three longs.
   *
   * @param high the first
   * @param middle the second
   * @param low the third
   * @return the hash, another one than that of any two longs
   */
  public long ofLongs(long high, long middle, long low) {
    Sip sip = new Sip(k0, k1);
    sip.block(high);
    sip.block(middle);
    sip.block(low);
    return sip.finish(THREE_LONGS);
  }

  /**
   * Hashes a string by its UTF-16 code units.
   *
   * @param key the string
   * @return the hash
   */
  public long ofString(String key) {
    Sip sip = new Sip(k0, k1);
    int length = Math.min(key.length(), MOST_HASHED);
    long block = 0;
    for (int i = 0; i < length; i++) {
      block = block << 16 | key.charAt(i);
      if ((i & 3) == 3) {
        sip.block(block);
        block = 0;
      }
    }
    sip.block(block);
    return sip.finish(CHARS | key.length());
  }

  /**
   * Hashes bytes.
   *
   * @param key the bytes
   * @return the hash
   */
  public long ofBytes(byte[] key) {
    Sip sip = new Sip(k0, k1);
    int length = Math.min(key.length, MOST_HASHED);
    long block = 0;
    for (int i = 0; i < length; i++) {
      block = block << 8 | (key[i] & 0xFF);
      if ((i & 7) == 7) {
        sip.block(block);
        block = 0;
      }
    }
    sip.block(block);
    return sip.finish(BYTES | key.length);
  }

  /** The state of one hash; lives in registers, since it never escapes the methods above. */
  static final class Sip {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    Sip(long k0, long k1) {
      v0 = k0 ^ 0x736f6d6570736575L;
      v1 = k1 ^ 0x646f72616e646f6dL;
      v2 = k0 ^ 0x6c7967656e657261L;
      v3 = k1 ^ 0x7465646279746573L;
    }

    void block(long m) {
      v3 ^= m;
      round();
      v0 ^= m;
    }

    /** Adds the last block, which holds the length, and returns the hash. */
    long finish(long last) {
      block(last);
      v2 ^= 0xFF;
      round();
      round();
      round();
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}

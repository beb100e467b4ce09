package io.tidegate.challenge;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The puzzles of one token: digests of 41 bytes, which are one block of SHA-256. For one thread.
 *
 * <p>Difficulty is linear: a digest solves a puzzle if its first 64 bits are at most a threshold
 * that is in inverse proportion to the work, so a tenth more work is a tenth more tries.
 */
final class Puzzle {

  static final int NONCE_BYTES = 8;

  private static final int INDEX_AT = MacPool.TAG_BYTES;
  private static final int BLOCK = INDEX_AT + 1 + NONCE_BYTES;

  private final MessageDigest sha256 = sha256();
  private final byte[] block = new byte[BLOCK];
  private final byte[] digest = new byte[32];

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) { // every Java platform has it
      throw new IllegalStateException("digest: SHA-256 (expected: one in the platform)", e);
    }
  }

  /** The largest value that solves one of some puzzles that take so much work together. */
  static long threshold(long work, int puzzles) {
    return Long.divideUnsigned(-1, work) * puzzles;
  }

  void begin(Token token) {
    token.seedInto(block);
  }

  /** Whether a nonce, written highest byte first, solves the puzzle of an index. */
  boolean isSolved(int index, byte[] nonces, int at, long threshold) {
    block[INDEX_AT] = (byte) index;
    System.arraycopy(nonces, at, block, INDEX_AT + 1, NONCE_BYTES);
    try {
      sha256.update(block);
      sha256.digest(digest, 0, digest.length);
    } catch (DigestException e) {
      throw new IllegalStateException("digest: no room (expected: 32 bytes)", e);
    }
    return Long.compareUnsigned(firstLong(digest), threshold) <= 0;
  }

  private static long firstLong(byte[] bytes) {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = (value << 8) | (bytes[i] & 0xFF);
    }
    return value;
  }
}

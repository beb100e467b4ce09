package io.tidegate.challenge;

import java.security.SecureRandom;

/** A puzzle whose solution its maker knows. Nobody's yet: neither terms nor a key are in it. */
final class AltchaPuzzle {

  static final int NONCE_BYTES = 16;

  final byte[] nonce;
  final byte[] salt;
  final long counter;

  /** What the counter leads to; secret until somebody has found it. */
  final byte[] key;

  private AltchaPuzzle(byte[] nonce, byte[] salt, long counter, byte[] key) {
    this.nonce = nonce;
    this.salt = salt;
    this.counter = counter;
    this.key = key;
  }

  /** Makes a puzzle whose counter is any of the first ones with equal chance. One derivation. */
  static AltchaPuzzle make(
      AltchaAlgorithm algorithm, long cost, long counters, SecureRandom random) {
    byte[] nonce = bytes(random);
    byte[] salt = bytes(random);
    long counter = random.nextLong(counters);
    return new AltchaPuzzle(nonce, salt, counter, algorithm.derive(nonce, salt, cost, counter));
  }

  static byte[] bytes(SecureRandom random) {
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }
}

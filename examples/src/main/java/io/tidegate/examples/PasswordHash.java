package io.tidegate.examples;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password as it is kept: salted and stretched by PBKDF2 (RFC 8018). Takes about 0.2 s of work.
 */
final class PasswordHash {

  /** No password matches it, and finding that out takes as long as with any other. */
  static final PasswordHash OF_NOBODY = new PasswordHash(new byte[16], new byte[32]);

  /** Few, so that the demo runs on small machines. OWASP advises 600,000. */
  private static final int ITERATIONS = 100_000;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(byte[] salt, byte[] hash) {
    this.salt = salt;
    this.hash = hash;
  }

  static PasswordHash of(String password) {
    byte[] salt = new byte[16];
    RANDOM.nextBytes(salt);
    return new PasswordHash(salt, stretch(password, salt));
  }

  /** Compares in a time that does not depend on where they differ. */
  boolean matches(String password) {
    return MessageDigest.isEqual(hash, stretch(password, salt));
  }

  private static byte[] stretch(String password, byte[] salt) {
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 256);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a JDK without PBKDF2", e);
    } finally {
      spec.clearPassword();
    }
  }
}

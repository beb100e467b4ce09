package io.tidegate.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A short stand-in for a text in logs: four bytes of HMAC-SHA-256 under a key that lives as long as
 * this process. Without the key nobody can try texts against a logged label.
 */
final class KeyDigest {

  private static final String ALGORITHM = "HmacSHA256";
  private static final SecretKeySpec SECRET = new SecretKeySpec(randomBytes(), ALGORITHM);

  private KeyDigest() {}

  private static byte[] randomBytes() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /** Eight hexadecimal digits. */
  static String of(String kind, String text, int length) {
    Mac mac = mac();
    mac.update(kind.getBytes(StandardCharsets.UTF_16BE));
    // A kind holds no zero, so its end is plain.
    mac.update(ByteBuffer.allocate(8).putInt(0).putInt(length).flip());
    mac.update(text.getBytes(StandardCharsets.UTF_16BE));
    return HexFormat.of().toHexDigits(ByteBuffer.wrap(mac.doFinal()).getInt());
  }

  private static Mac mac() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(SECRET);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          ALGORITHM + " is missing; every Java platform must have it", e);
    }
  }
}

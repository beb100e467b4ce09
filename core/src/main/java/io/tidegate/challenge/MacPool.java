package io.tidegate.challenge;

import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * HMAC-SHA-256 under one key, by instances that are set up already: setting one up costs twice as
 * much as a MAC. Never blocks; a thread that finds none idle makes its own. Not thread-local, since
 * a virtual thread serves one request and would set one up for it.
 */
final class MacPool {

  static final int TAG_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int MOST_IDLE = 16;

  private final SecretKeySpec key;
  private final AtomicReferenceArray<@Nullable Mac> idle = new AtomicReferenceArray<>(MOST_IDLE);

  MacPool(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /** Writes the tag of the first bytes of some data into an array. */
  void sign(byte[] data, int length, byte[] out, int at) {
    int slot = (int) Thread.currentThread().getId() & (MOST_IDLE - 1);
    Mac pooled = idle.getAndSet(slot, null);
    Mac mac = pooled == null ? made() : pooled;
    try {
      mac.update(data, 0, length);
      mac.doFinal(out, at);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("mac: " + ALGORITHM + " (expected: room for its tag)", e);
    }
    idle.setRelease(slot, mac);
  }

  byte[] tag(byte[] data) {
    byte[] tag = new byte[TAG_BYTES];
    sign(data, data.length, tag, 0);
    return tag;
  }

  private Mac made() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) { // every Java platform has it
      throw new IllegalStateException("mac: " + ALGORITHM + " (expected: one in the platform)", e);
    }
  }
}

package io.tidegate.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns what a client is known by into a key on the server, {@code prefix:1:{hash}:limit}. The hash
 * is HMAC-SHA-256 under the shared secret, cut to 128 bits: who reads the server's keys learns
 * nobody's name, and nobody can choose names that collide. It stands in braces, so that on a
 * cluster all limits of one client are in one slot.
 *
 * <p>The 1 is the version of what a key's value means: a release that changes the meaning counts in
 * keys of its own, and both can run on one server.
 *
 * <p>Safe for use by many threads. A new name costs one HMAC, a known one a look-up.
 */
final class ServerKeys {

  private static final String VERSION = "1";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int LONGEST_KEPT = 256;
  private static final int KEPT = 100_000;
  private static final int HASH_BYTES = 16;

  private final String prefix;
  private final Mac mac;
  private final Cache<String, String> hashes = Caffeine.newBuilder().maximumSize(KEPT).build();

  ServerKeys(String prefix, byte[] secret) {
    this.prefix = prefix;
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** The key of a name, in the slot of that name. */
  String of(String limit, String name) {
    return prefix + ":" + VERSION + ":{" + hash(name) + "}:" + limit;
  }

  /** The key of a name, in the slot of another. */
  String of(String limit, String name, String slot) {
    return of(limit, slot) + ":" + hash(name);
  }

  /** The key of a proof. */
  String claim(long high, long low) {
    byte[] id =
        ByteBuffer.allocate(1 + 2 * Long.BYTES).put((byte) 1).putLong(high).putLong(low).array();
    return prefix + ":" + VERSION + ":claim:" + hash(id);
  }

  private String hash(String name) {
    if (name.length() > LONGEST_KEPT) {
      return hashNew(name);
    }
    String known = hashes.getIfPresent(name);
    if (known == null) {
      known = hashNew(name);
      hashes.put(name, known);
    }
    return known;
  }

  private String hashNew(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    return hash(ByteBuffer.allocate(1 + text.length).put((byte) 0).put(text).array());
  }

  private String hash(byte[] tagged) {
    Mac own;
    try {
      own = (Mac) mac.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("every " + ALGORITHM + " of Java can be copied", e);
    }
    own.update(prefix.getBytes(StandardCharsets.UTF_8));
    own.update((byte) 0);
    byte[] full = own.doFinal(tagged);
    ByteBuffer cut =
        Base64.getUrlEncoder().withoutPadding().encode(ByteBuffer.wrap(full, 0, HASH_BYTES));
    return StandardCharsets.US_ASCII.decode(cut).toString();
  }
}

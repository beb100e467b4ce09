package io.tidegate.challenge;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The secrets under which challenges are signed: one that signs, and earlier ones that are still
 * believed.
 *
 * <p>Nodes that are to believe each other's challenges hold the same keys under the same ids. To
 * rotate, {@link #add} the new key on all nodes, then {@link #sign} with it on all, and {@link
 * #remove} the old one when the last challenge that it signed has expired.
 *
 * <p>Safe for use by many threads: a change is seen by calls that begin after it. The secrets are
 * copied, and never told. Each purpose has a key of its own, derived from the secret by
 * HMAC-SHA-256 over the purpose's name, so what one kind of token says can never be taken for
 * another's.
 */
public final class KeyRing {

  /** The fewest bytes of a secret. */
  public static final int LEAST_BYTES = 16;

  private static final int MOST_KEYS = 16;
  private static final int RANDOM_BYTES = 32;

  /** All keys, by id; replaced as a whole. */
  private volatile Keys keys;

  /** What a ring holds at one time. */
  record Keys(String signing, Map<String, byte[]> secrets) {}

  private KeyRing(String id, byte[] secret) {
    this.keys = new Keys(checkedId(id), Map.of(id, checkedSecret(secret)));
  }

  /**
   * A ring of one key.
   *
   * @param id what the key is known by: 1 to 8 letters, digits, dots, underscores and hyphens; it
   *     is told to clients
   * @param secret at least 16 bytes, from a secure source of randomness
   * @return a new ring
   * @throws IllegalArgumentException if the id is none, or the secret is too short or all zero
   */
  public static KeyRing of(String id, byte[] secret) {
    return new KeyRing(id, secret);
  }

  /**
   * A ring whose key nobody else knows, and which is gone with the process: for one node.
   * Challenges that are out when it restarts are worth nothing.
   *
   * @return a new ring
   */
  public static KeyRing random() {
    byte[] secret = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(secret);
    return new KeyRing("r", secret);
  }

  /**
   * Believes one more key, which signs nothing yet.
   *
   * @param id what the key is known by
   * @param secret at least 16 bytes
   * @throws IllegalArgumentException if the id is taken or none, the secret too short, or the ring
   *     holds 16 keys already
   */
  public synchronized void add(String id, byte[] secret) {
    Keys before = keys;
    checkedId(id);
    if (before.secrets.containsKey(id)) {
      throw new IllegalArgumentException("id: " + id + " (expected: one that is not taken)");
    }
    if (before.secrets.size() >= MOST_KEYS) {
      throw new IllegalArgumentException(
          "id: " + id + " (expected: at most " + MOST_KEYS + " keys; remove old ones)");
    }
    Map<String, byte[]> more = new LinkedHashMap<>(before.secrets);
    more.put(id, checkedSecret(secret));
    keys = new Keys(before.signing, Map.copyOf(more));
  }

  /**
   * Signs with this key from now on.
   *
   * @param id a key of the ring
   * @throws IllegalArgumentException if there is none
   */
  public synchronized void sign(String id) {
    keys = new Keys(known(id), keys.secrets);
  }

  /**
   * Believes a key no more: what it signed is refused from now on.
   *
   * @param id a key of the ring, other than the one that signs
   * @throws IllegalArgumentException if there is none, or it signs
   */
  public synchronized void remove(String id) {
    Keys before = keys;
    if (known(id).equals(before.signing)) {
      throw new IllegalArgumentException("id: " + id + " (expected: not the key that signs)");
    }
    Map<String, byte[]> fewer = new LinkedHashMap<>(before.secrets);
    fewer.remove(id);
    keys = new Keys(before.signing, Map.copyOf(fewer));
  }

  /**
   * The key that signs.
   *
   * @return its id
   */
  public String signing() {
    return keys.signing;
  }

  /** The keys as they are now; the same object until they change. */
  Keys keys() {
    return keys;
  }

  private String known(String id) {
    if (!keys.secrets.containsKey(Objects.requireNonNull(id, "id"))) {
      throw new IllegalArgumentException("id: " + checkedId(id) + " (expected: a key of the ring)");
    }
    return id;
  }

  private static String checkedId(String id) {
    boolean fits = !Objects.requireNonNull(id, "id").isEmpty() && id.length() <= 8;
    for (int i = 0; fits && i < id.length(); i++) {
      char c = id.charAt(i);
      fits =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '_'
              || c == '-';
    }
    if (!fits) {
      throw new IllegalArgumentException("id (expected: 1 to 8 of A-Z a-z 0-9 . _ -)");
    }
    return id;
  }

  private static byte[] checkedSecret(byte[] secret) {
    byte[] copy = Objects.requireNonNull(secret, "secret").clone();
    if (copy.length < LEAST_BYTES || Arrays.equals(copy, new byte[copy.length])) {
      throw new IllegalArgumentException(
          "secret: "
              + copy.length
              + " bytes (expected: at least "
              + LEAST_BYTES
              + ", not all zero)");
    }
    return copy;
  }

  /** Says which keys there are, and no secret. */
  @Override
  public String toString() {
    Keys current = keys;
    return "KeyRing" + current.secrets.keySet() + ", signing with " + current.signing;
  }
}

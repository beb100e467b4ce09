package io.tidegate.challenge;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Signs fixed layouts for one purpose under the keys of a ring. A layout begins with 8 bytes for
 * the id of its key and ends with the tag of all before it.
 */
final class Signer {

  static final int ID_BYTES = 8;

  private final KeyRing ring;
  private final byte[] purpose;
  private final UnaryOperator<byte[]> form;

  /** The ring's keys, derived for this purpose; made again when the ring changes. */
  private volatile Derived derived;

  /** A key's id as it stands in a layout, and what signs with it. */
  private static final class Key {
    final byte[] id;
    final MacPool pool;

    Key(String id, MacPool pool) {
      this.id = Arrays.copyOf(id.getBytes(StandardCharsets.US_ASCII), ID_BYTES);
      this.pool = pool;
    }
  }

  private record Derived(KeyRing.Keys from, Key signing, List<Key> all) {}

  Signer(KeyRing ring, String purpose) {
    this(ring, purpose, secret -> secret);
  }

  /** Signs under keys in another form, for a protocol that has its keys as text. */
  Signer(KeyRing ring, String purpose, UnaryOperator<byte[]> form) {
    this.ring = ring;
    this.form = form;
    this.purpose = purpose.getBytes(StandardCharsets.US_ASCII);
    this.derived = derive(ring.keys());
  }

  private Derived derive(KeyRing.Keys keys) {
    List<Key> all = new ArrayList<>();
    Key signing = null;
    for (var entry : keys.secrets().entrySet()) {
      byte[] secret = new MacPool(entry.getValue()).tag(purpose);
      Key key = new Key(entry.getKey(), new MacPool(form.apply(secret)));
      all.add(key);
      signing = entry.getKey().equals(keys.signing()) ? key : signing;
    }
    if (signing == null) {
      throw new IllegalStateException("keys: " + keys.signing() + " (expected: in the ring)");
    }
    return new Derived(keys, signing, List.copyOf(all));
  }

  @SuppressWarnings("ReferenceEquality") // the ring replaces its keys as a whole
  private Derived current() {
    Derived known = derived;
    KeyRing.Keys keys = ring.keys();
    if (known.from != keys) {
      known = derive(keys);
      derived = known;
    }
    return known;
  }

  /** Writes the id of the key that signs to the start. */
  void name(byte[] layout) {
    System.arraycopy(current().signing.id, 0, layout, 0, ID_BYTES);
  }

  /** Writes the tag under the key that is named after the content. */
  void seal(byte[] layout, int length) {
    keyOf(layout).pool.sign(layout, length, layout, length);
  }

  /** Whether the tag after the content is that of a key of the ring. */
  boolean isSealed(byte[] layout, int length) {
    Key key = find(layout);
    if (key == null) {
      return false;
    }
    byte[] tag = new byte[MacPool.TAG_BYTES];
    key.pool.sign(layout, length, tag, 0);
    byte[] given = Arrays.copyOfRange(layout, length, length + MacPool.TAG_BYTES);
    return MessageDigest.isEqual(tag, given);
  }

  /** The tag of some data under the key that a layout names. */
  byte[] tagUnderKeyOf(byte[] layout, byte[] data) {
    return keyOf(layout).pool.tag(data);
  }

  /** The key that is named; another one if that has just been removed, so that nothing fits. */
  private Key keyOf(byte[] layout) {
    Key key = find(layout);
    return key == null ? current().signing : key;
  }

  /** The id of the key that signs. */
  String signing() {
    return current().from.signing();
  }

  /** The tag of some data under a key by its id; null if there is none. */
  byte @Nullable [] tagIfKnown(String id, byte[] data) {
    if (id.length() > ID_BYTES) {
      return null;
    }
    Key key = find(Arrays.copyOf(id.getBytes(StandardCharsets.US_ASCII), ID_BYTES));
    return key == null ? null : key.pool.tag(data);
  }

  private @Nullable Key find(byte[] layout) {
    List<Key> all = current().all;
    for (int i = 0; i < all.size(); i++) {
      Key key = all.get(i);
      if (Arrays.equals(key.id, 0, ID_BYTES, layout, 0, ID_BYTES)) {
        return key;
      }
    }
    return null;
  }
}

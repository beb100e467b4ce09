package io.tidegate.challenge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a pass. Every field has its place and width but for the account at the end, which
 * has its length before it; so no two passes read alike, and one tag covers all before it.
 *
 * <pre>
 *   0  key id          8 bytes of ASCII, zeros behind
 *   8  version         1
 *   9  level           1, 1 for a visitor, 2 for a member
 *  10  account length  1, 0 for a visitor, 1 to 64 for a member
 *  11  reserved        1, zero
 *  12  issued          8, seconds of the epoch
 *  20  expires         8, seconds of the epoch
 *  28  id             16, random
 *  44  network key     8, the id of the key under which the network's hash stands
 *  52  network         8, keyed hash of the id and the network's label
 *  60  epoch or work   8, of a member's account, or what a visitor paid in digests
 *  68  account         n, UTF-8
 *  68 + n  tag        32
 * </pre>
 *
 * <p>The network has a key id of its own, so that a renewal can keep the hash while it changes the
 * key that signs.
 */
final class PassToken {

  static final int MOST_ACCOUNT = 64;
  static final int NETWORK_BYTES = 8;

  private static final byte VERSION = 1;
  private static final byte VISITOR = 1;
  private static final byte MEMBER = 2;

  private static final int KIND_AT = 8;
  private static final int ISSUED_AT = 12;
  private static final int EXPIRES_AT = 20;
  private static final int ID_AT = 28;
  private static final int NETWORK_KEY_AT = 44;
  private static final int NETWORK_AT = NETWORK_KEY_AT + Signer.ID_BYTES;
  private static final int EPOCH_AT = NETWORK_AT + NETWORK_BYTES;
  private static final int ACCOUNT_AT = EPOCH_AT + 8;

  static final int LEAST_CHARS = chars(ACCOUNT_AT + MacPool.TAG_BYTES);
  static final int MOST_CHARS = chars(ACCOUNT_AT + MOST_ACCOUNT + MacPool.TAG_BYTES);

  private final byte[] bytes;
  private final ByteBuffer fields;

  private PassToken(byte[] bytes) {
    this.bytes = bytes;
    this.fields = ByteBuffer.wrap(bytes);
  }

  private static int chars(int bytes) {
    return (bytes * 4 + 2) / 3;
  }

  /** A pass that is neither bound nor signed yet; without an account it is a visitor's. */
  static PassToken blank(
      byte[] account, long epochOrWork, long issued, long expires, long idHigh, long idLow) {
    PassToken token = new PassToken(new byte[ACCOUNT_AT + account.length + MacPool.TAG_BYTES]);
    token
        .fields
        .put(KIND_AT, VERSION)
        .put(KIND_AT + 1, account.length == 0 ? VISITOR : MEMBER)
        .put(KIND_AT + 2, (byte) account.length)
        .putLong(ISSUED_AT, issued)
        .putLong(EXPIRES_AT, expires)
        .putLong(ID_AT, idHigh)
        .putLong(ID_AT + 8, idLow)
        .putLong(EPOCH_AT, epochOrWork);
    System.arraycopy(account, 0, token.bytes, ACCOUNT_AT, account.length);
    return token;
  }

  /** The same pass with other dates, not signed yet. */
  PassToken redated(long issued, long expires) {
    PassToken token = new PassToken(bytes.clone());
    token.fields.putLong(ISSUED_AT, issued).putLong(EXPIRES_AT, expires);
    return token;
  }

  static boolean hasLength(int chars) {
    return chars >= LEAST_CHARS && chars <= MOST_CHARS;
  }

  /** The pass that a text is, as far as its form tells; null if it is none. */
  static @Nullable PassToken parse(CharSequence text) {
    if (!hasLength(text.length())) {
      return null;
    }
    byte[] bytes = Token.decode(text, 0, text.length());
    if (bytes == null) {
      return null;
    }
    PassToken token = new PassToken(bytes);
    return token.hasForm() ? token : null;
  }

  private boolean hasForm() {
    int account = bytes[KIND_AT + 2];
    boolean fitsLevel =
        bytes[KIND_AT + 1] == MEMBER
            ? account >= 1 && account <= MOST_ACCOUNT
            : bytes[KIND_AT + 1] == VISITOR && account == 0 && epochOrWork() >= 0;
    return bytes[KIND_AT] == VERSION
        && bytes[KIND_AT + 3] == 0
        && fitsLevel
        && bytes.length == ACCOUNT_AT + account + MacPool.TAG_BYTES;
  }

  byte[] bytes() {
    return bytes;
  }

  /** How many bytes the tag covers; it stands behind them. */
  int content() {
    return bytes.length - MacPool.TAG_BYTES;
  }

  boolean isMember() {
    return bytes[KIND_AT + 1] == MEMBER;
  }

  long issued() {
    return fields.getLong(ISSUED_AT);
  }

  long expires() {
    return fields.getLong(EXPIRES_AT);
  }

  long idHigh() {
    return fields.getLong(ID_AT);
  }

  long idLow() {
    return fields.getLong(ID_AT + 8);
  }

  /** The account's epoch in a member's pass, the work that was paid in a visitor's. */
  long epochOrWork() {
    return fields.getLong(EPOCH_AT);
  }

  String account() {
    return new String(bytes, ACCOUNT_AT, content() - ACCOUNT_AT, StandardCharsets.UTF_8);
  }

  /**
   * What is hashed of a network: the pass's id, so that no two passes look alike, and its label.
   */
  byte[] ofNetwork(String network) {
    byte[] label = network.getBytes(StandardCharsets.UTF_8);
    byte[] data = Arrays.copyOfRange(bytes, ID_AT, ID_AT + 16 + label.length);
    System.arraycopy(label, 0, data, 16, label.length);
    return data;
  }

  /** The id of the key of the network's hash. */
  byte[] networkKey() {
    return Arrays.copyOfRange(bytes, NETWORK_KEY_AT, NETWORK_AT);
  }

  byte[] network() {
    return Arrays.copyOfRange(bytes, NETWORK_AT, EPOCH_AT);
  }

  void bind(byte[] key, byte[] hash) {
    System.arraycopy(key, 0, bytes, NETWORK_KEY_AT, Signer.ID_BYTES);
    System.arraycopy(hash, 0, bytes, NETWORK_AT, NETWORK_BYTES);
  }

  @Override
  public String toString() {
    return Token.encode(bytes);
  }
}

package io.tidegate.challenge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The fixed layout of a challenge's token. Every field has its place and width, so no two tokens
 * read alike, and one tag at the end covers all before it.
 *
 * <pre>
 *   0  key id          8 bytes of ASCII, zeros behind
 *   8  version         1
 *   9  scheme          1
 *  10  puzzles         1
 *  11  reserved        1, zero
 *  12  work            8
 *  20  issued          8, seconds of the epoch
 *  28  expires         8, seconds of the epoch
 *  36  id             16, random
 *  52  binding        16, of action and subject
 *  68  tag            32, which is the seed of the puzzles as well
 * </pre>
 */
final class Token {

  static final int CONTENT = 68;
  static final int BYTES = CONTENT + MacPool.TAG_BYTES;
  static final int CHARS = (BYTES * 4 + 2) / 3;
  static final int BINDING_BYTES = 16;

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final byte[] SEXTETS = sextets();

  private static final byte VERSION = 1;
  private static final byte SHA_256 = 1;

  private static final int KIND_AT = 8;
  private static final int WORK_AT = 12;
  private static final int ISSUED_AT = 20;
  private static final int EXPIRES_AT = 28;
  private static final int ID_AT = 36;
  private static final int BINDING_AT = 52;

  private final byte[] bytes;
  private final ByteBuffer fields;

  private Token(byte[] bytes) {
    this.bytes = bytes;
    this.fields = ByteBuffer.wrap(bytes);
  }

  static Token blank(int puzzles, long work, long issued, long expires, long idHigh, long idLow) {
    Token token = new Token(new byte[BYTES]);
    token
        .fields
        .put(KIND_AT, VERSION)
        .put(KIND_AT + 1, SHA_256)
        .put(KIND_AT + 2, (byte) puzzles)
        .putLong(WORK_AT, work)
        .putLong(ISSUED_AT, issued)
        .putLong(EXPIRES_AT, expires)
        .putLong(ID_AT, idHigh)
        .putLong(ID_AT + 8, idLow);
    return token;
  }

  /** The token that a text is, as far as its form tells; null if it is none. */
  static @Nullable Token parse(CharSequence text, int length) {
    if (length != CHARS) {
      return null;
    }
    byte[] bytes = decode(text, 0, length);
    return bytes == null || bytes.length != BYTES ? null : new Token(bytes);
  }

  /** Bytes of canonical base64url without padding; null if the text is anything else. */
  static byte @Nullable [] decode(CharSequence text, int from, int to) {
    int chars = to - from;
    int rest = chars % 4;
    byte[] bytes = new byte[chars * 3 / 4];
    int at = 0;
    for (int i = from; i < to - rest; i += 4) {
      int quad =
          (sextet(text, i) << 18)
              | (sextet(text, i + 1) << 12)
              | (sextet(text, i + 2) << 6)
              | sextet(text, i + 3);
      if (quad < 0) {
        return null;
      }
      bytes[at++] = (byte) (quad >> 16);
      bytes[at++] = (byte) (quad >> 8);
      bytes[at++] = (byte) quad;
    }
    return rest == 0 || decodeRest(text, to - rest, to, bytes, at) ? bytes : null;
  }

  /** The last two or three characters have bits that no byte needs; they must not be set. */
  private static boolean decodeRest(CharSequence text, int from, int to, byte[] bytes, int at) {
    int bits = 0;
    for (int i = from; i < to; i++) {
      bits = (bits << 6) | sextet(text, i);
    }
    int unused = to - from == 3 ? 2 : 4;
    if (bits < 0 || to - from == 1 || (bits & ((1 << unused) - 1)) != 0) {
      return false;
    }
    for (int left = bytes.length - at - 1; left >= 0; left--) {
      bytes[at++] = (byte) (bits >> (unused + (8 * left)));
    }
    return true;
  }

  /** The six bits of a character; negative if it has none. */
  private static int sextet(CharSequence text, int at) {
    char c = text.charAt(at);
    return c < SEXTETS.length ? SEXTETS[c] : -1;
  }

  private static byte[] sextets() {
    byte[] sextets = new byte[0x80];
    Arrays.fill(sextets, (byte) -1);
    for (int i = 0; i < ALPHABET.length(); i++) {
      sextets[ALPHABET.charAt(i)] = (byte) i;
    }
    return sextets;
  }

  static String encode(byte[] bytes) {
    return new String(
        Base64.getUrlEncoder().withoutPadding().encode(bytes), StandardCharsets.ISO_8859_1);
  }

  byte[] bytes() {
    return bytes;
  }

  /** Whether this is a version and scheme that we know. */
  boolean isKnown() {
    return bytes[KIND_AT] == VERSION
        && bytes[KIND_AT + 1] == SHA_256
        && bytes[KIND_AT + 3] == 0
        && puzzles() > 0;
  }

  int puzzles() {
    return bytes[KIND_AT + 2] & 0xFF;
  }

  long work() {
    return fields.getLong(WORK_AT);
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

  void bind(byte[] binding) {
    System.arraycopy(binding, 0, bytes, BINDING_AT, BINDING_BYTES);
  }

  boolean isBoundTo(byte[] binding) {
    int difference = 0;
    for (int i = 0; i < BINDING_BYTES; i++) {
      difference |= bytes[BINDING_AT + i] ^ binding[i];
    }
    return difference == 0;
  }

  /** Writes the seed of the puzzles, which is the tag. */
  void seedInto(byte[] block) {
    System.arraycopy(bytes, CONTENT, block, 0, MacPool.TAG_BYTES);
  }

  @Override
  public String toString() {
    return encode(bytes);
  }
}

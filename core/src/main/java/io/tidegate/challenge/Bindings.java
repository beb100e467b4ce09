package io.tidegate.challenge;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Whom and what a challenge is for, as 16 bytes from which nobody can tell who that is. */
final class Bindings {

  private static final String PURPOSE = "tidegate binding 1";
  private static final HexFormat HEX = HexFormat.of();

  private final Signer signer;

  Bindings(KeyRing keys) {
    this.signer = new Signer(keys, PURPOSE);
  }

  /** The id of the key that signs now. */
  String signing() {
    return signer.signing();
  }

  /** A binding under the key that a token names. */
  byte[] of(Token token, Terms terms) {
    byte[] tag = signer.tagUnderKeyOf(token.bytes(), encoded(terms));
    return Arrays.copyOf(tag, Token.BINDING_BYTES);
  }

  /** A binding under a key by its id, as hex; empty if there is no such key. */
  String hex(String key, Terms terms) {
    byte[] tag = signer.tagIfKnown(key, encoded(terms));
    return tag == null ? "" : HEX.formatHex(tag, 0, Token.BINDING_BYTES);
  }

  /** Whether a text is such a binding; false if there is no such key. */
  boolean isHex(String given, String key, Terms terms) {
    byte[] tag = signer.tagIfKnown(key, encoded(terms));
    return tag != null && Hex.spells(given, tag, Token.BINDING_BYTES);
  }

  /** Action and subject, each with its length before it. */
  private static byte[] encoded(Terms terms) {
    byte[] action = terms.action().getBytes(StandardCharsets.UTF_8);
    byte[] subject = terms.subject().getBytes(StandardCharsets.UTF_8);
    byte[] both = new byte[4 + action.length + subject.length];
    both[0] = (byte) (action.length >> 8);
    both[1] = (byte) action.length;
    System.arraycopy(action, 0, both, 2, action.length);
    int at = 2 + action.length;
    both[at] = (byte) (subject.length >> 8);
    both[at + 1] = (byte) subject.length;
    System.arraycopy(subject, 0, both, at + 2, subject.length);
    return both;
  }
}

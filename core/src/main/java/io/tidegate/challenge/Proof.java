package io.tidegate.challenge;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is in the form of a proof: a token, and a nonce for each of its puzzles. */
final class Proof {
  final Token token;
  final byte[] nonces;

  private Proof(Token token, byte[] nonces) {
    this.token = token;
    this.nonces = nonces;
  }

  /** The parts of a proof; null if it has another form. */
  static @Nullable Proof of(CharSequence proof, Terms terms) {
    Objects.requireNonNull(terms, "terms");
    Objects.requireNonNull(proof, "proof");
    Token token = Token.parse(proof, Math.min(proof.length(), Token.CHARS));
    if (token == null || !token.isKnown()) {
      return null;
    }
    int nonceBytes = token.puzzles() * Puzzle.NONCE_BYTES;
    int nonceChars = (nonceBytes * 4 + 2) / 3;
    if (proof.length() != Token.CHARS + 1 + nonceChars || proof.charAt(Token.CHARS) != '.') {
      return null;
    }
    byte[] nonces = Token.decode(proof, Token.CHARS + 1, proof.length());
    return nonces == null || nonces.length != nonceBytes ? null : new Proof(token, nonces);
  }
}

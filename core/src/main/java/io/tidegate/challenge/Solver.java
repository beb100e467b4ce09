package io.tidegate.challenge;

import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Solves challenges, for programs that are asked for one. Immutable, and safe for use by many
 * threads.
 */
public final class Solver {

  private Solver() {}

  /**
   * Solves a challenge on the calling thread: {@code work} digests of one block on average.
   *
   * @param challenge the challenge's token
   * @param isCancelled asked once in a thousand digests; true ends the search
   * @return the proof
   * @throws IllegalArgumentException if the token is none
   * @throws java.util.concurrent.CancellationException if it was cancelled
   */
  public static String solve(String challenge, BooleanSupplier isCancelled) {
    Objects.requireNonNull(isCancelled, "isCancelled");
    Token token = Token.parse(challenge, challenge.length());
    if (token == null || !token.isKnown() || token.work() < 1) {
      throw new IllegalArgumentException(
          "challenge: " + challenge.length() + " characters (expected: a token of this version)");
    }
    Puzzle puzzle = new Puzzle();
    puzzle.begin(token);
    long threshold = Puzzle.threshold(token.work(), token.puzzles());
    byte[] nonces = new byte[token.puzzles() * Puzzle.NONCE_BYTES];
    for (int i = 0; i < token.puzzles(); i++) {
      solve(puzzle, i, nonces, threshold, isCancelled);
    }
    return challenge + "." + Token.encode(nonces);
  }

  private static void solve(
      Puzzle puzzle, int index, byte[] nonces, long threshold, BooleanSupplier isCancelled) {
    int at = index * Puzzle.NONCE_BYTES;
    for (long nonce = 0; ; nonce++) {
      if (nonce % 1_000 == 0 && isCancelled.getAsBoolean()) {
        throw new java.util.concurrent.CancellationException();
      }
      for (int i = 0; i < Puzzle.NONCE_BYTES; i++) {
        nonces[at + i] = (byte) (nonce >>> (8 * (Puzzle.NONCE_BYTES - 1 - i)));
      }
      if (puzzle.isSolved(index, nonces, at, threshold)) {
        return;
      }
    }
  }
}

package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/**
 * What fuzz tests throw their input at: always the same key and the same moment, so that the seeds,
 * which this key signed, are taken as far as their work. It is so much that nobody does it, so
 * whatever is accepted is a mistake.
 */
final class Fuzzed {

  static final Terms TERMS = Terms.of(Terms.MOST_WORK).action("a").subject("s");
  static final ProofOfWork WORK =
      ProofOfWork.builder(
              KeyRing.of(
                  "k1", "a secret of thirty-two bytes ...".getBytes(StandardCharsets.US_ASCII)))
          .clock(new WallClock())
          .replayGuard((high, low, seconds) -> ReplayGuard.Claim.FIRST)
          .build();

  private Fuzzed() {}

  static String text(byte[] data) {
    return new String(data, StandardCharsets.ISO_8859_1);
  }

  static void isRefused(Verification verified) {
    assertThat(verified.accepted()).isFalse();
    assertThat(verified.work()).isZero();
  }
}

package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Proofs of our own scheme. */
class ProofFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void proof(byte[] data) {
    String text = Fuzzed.text(data);
    Fuzzed.isRefused(Fuzzed.WORK.redeem(text, Fuzzed.TERMS));
    Token token = Token.parse(text, Math.min(text.length(), Token.CHARS));
    if (token != null) {
      assertThat(token.toString()).as("one spelling").isEqualTo(text.substring(0, Token.CHARS));
    }
    byte[] bytes = Token.decode(text, 0, text.length());
    if (bytes != null) {
      assertThat(Token.encode(bytes)).as("one spelling").isEqualTo(text);
    }
  }
}

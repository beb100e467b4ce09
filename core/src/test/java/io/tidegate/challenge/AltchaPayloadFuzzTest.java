package io.tidegate.challenge;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** ALTCHA's payloads as they come, of both protocols. */
class AltchaPayloadFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void payload(byte[] data) {
    Fuzzed.isRefused(Fuzzed.WORK.redeemAltcha(Fuzzed.text(data), Fuzzed.TERMS));
  }
}

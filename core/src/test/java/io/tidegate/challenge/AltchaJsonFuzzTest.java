package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** ALTCHA's payloads before they become base64, of both protocols. */
class AltchaJsonFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void json(byte[] data) {
    String payload = Base64.getEncoder().encodeToString(data);
    Fuzzed.isRefused(Fuzzed.WORK.redeemAltcha(payload, Fuzzed.TERMS));
    Map<String, Object> json = StrictJson.read(data);
    String canonical = json == null ? null : CanonicalJson.of(json);
    if (canonical != null) {
      assertThat(StrictJson.read(canonical.getBytes(StandardCharsets.US_ASCII)))
          .as(canonical)
          .isEqualTo(json);
    }
    AltchaV1.Salt salt = AltchaV1.Salt.parse(Fuzzed.text(data));
    if (salt != null) {
      assertThat(salt.text()).as("one spelling").isEqualTo(Fuzzed.text(data));
    }
  }
}

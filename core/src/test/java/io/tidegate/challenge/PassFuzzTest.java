package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Passes in cookies and in a field of their own, and waiting tickets. */
class PassFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  /** Nobody has the key, so whatever is believed is a mistake. */
  private static final KeyRing KEYS =
      KeyRing.of("k1", "another secret of 32 bytes ....".getBytes(StandardCharsets.US_ASCII));

  private static final Passes PASSES = Passes.builder(KEYS).clock(() -> NOW).build();
  private static final WaitingTickets TICKETS =
      WaitingTickets.of(KEYS, () -> NOW, Duration.ofSeconds(20), Duration.ofMinutes(5));

  @FuzzTest(maxDuration = "1m")
  void cookies(byte[] data) {
    String text = Fuzzed.text(data);
    List<String> fields = List.of(text.split("\n", -1));
    assertThat(PASSES.fromCookies(fields, true, "n")).isNull();
    assertThat(PASSES.fromCookies(fields, false, "n")).isNull();
    assertThat(PASSES.read(text, "n")).isNull();
  }

  @FuzzTest(maxDuration = "1m")
  void ticket(byte[] data) {
    Fuzzed.isRefused(
        TICKETS.redeem(Fuzzed.text(data), "n", (high, low, seconds) -> ReplayGuard.Claim.FIRST));
  }
}

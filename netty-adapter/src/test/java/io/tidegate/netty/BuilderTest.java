package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.client.IpAddress;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Wrong settings are refused where they are made, and say what is expected. */
class BuilderTest extends WireTest {

  private static void assertRefused(ThrowingCallable setting, String message) {
    assertThatThrownBy(setting).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  private static void assertNull(ThrowingCallable setting, String name) {
    assertThatThrownBy(setting).isInstanceOf(NullPointerException.class).hasMessage(name);
  }

  @Test
  void http1_outOfRange() {
    TidegateHttpHandler.Builder builder = handler();
    assertRefused(() -> builder.maxPipelined(0), "maxPipelined: 0 (expected: 1 to 10000)");
    assertRefused(() -> builder.maxDrain(-1), "maxDrain: -1 (expected: 0 to 1073741824)");
    assertRefused(
        () -> builder.drainTime(Duration.ZERO), "drainTime: PT0S (expected: PT0.001S to PT24H)");
    assertRefused(
        () -> builder.headerTimeout(Duration.ofDays(2)),
        "headerTimeout: PT48H (expected: PT0.001S to PT24H)");
    assertRefused(
        () -> builder.minBodyRate(-1, Duration.ofSeconds(1)),
        "minBodyRate: -1 (expected: 0 to 1073741824)");
    assertRefused(
        () -> builder.minBodyRate(1, Duration.ZERO), "grace: PT0S (expected: PT0.001S to PT24H)");
    assertRefused(
        () -> builder.maxIdle(Duration.ofNanos(1)),
        "maxIdle: PT0.000000001S (expected: PT0.001S to PT24H)");
  }

  @Test
  void http2_outOfRange() {
    TidegateHttp2Handler.Builder builder = TidegateHttp2Handler.builder(gate);
    assertRefused(
        () -> builder.drainTime(Duration.ZERO), "drainTime: PT0S (expected: PT0.001S to PT24H)");
    assertRefused(
        () -> builder.maxIdle(Duration.ZERO), "maxIdle: PT0S (expected: PT0.001S to PT24H)");
    TidegateHttp2ConnectionGuard.Builder guard = TidegateHttp2ConnectionGuard.builder();
    assertRefused(
        () -> guard.headerTimeout(Duration.ZERO),
        "headerTimeout: PT0S (expected: PT0.001S to PT24H)");
  }

  @Test
  void connections_outOfRange() {
    TidegateConnectionHandler.Builder builder = TidegateConnectionHandler.builder();
    assertRefused(() -> builder.maxOpen(0), "maxOpen: 0 (expected: 1 to 16777216)");
    assertRefused(
        () -> builder.maxOpenPerAddress(16777217),
        "maxOpenPerAddress: 16777217 (expected: 1 to 16777216)");
    assertRefused(() -> builder.maxAddresses(0), "maxAddresses: 0 (expected: 1 to 16777216)");
    assertThatThrownBy(() -> builder.exempt("host.example"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothing_isRefused() {
    assertNull(() -> new TidegateHttpHandler(null), "gate");
    assertNull(() -> new TidegateHttp2Handler(null), "gate");
    assertNull(() -> handler().listener(null), "listener");
    assertNull(() -> handler().principals(null), "principals");
    assertNull(() -> handler().maxIdle(null), "maxIdle");
    assertNull(() -> TidegateConnectionHandler.builder().rate(null), "rate");
    assertNull(() -> TidegateHttp2ConnectionGuard.builder().resets(null), "resets");
    assertNull(() -> new ConnectionEvent(null, null), "type");
  }

  @Test
  void event_asText_hidesTheAddress() {
    ConnectionEvent event =
        new ConnectionEvent(ConnectionEvent.Type.SLOW_SENDER, IpAddress.parse("192.0.2.7"));
    assertThat(event).hasToString("ConnectionEvent[SLOW_SENDER, 192.0.2.0/24]");
  }
}

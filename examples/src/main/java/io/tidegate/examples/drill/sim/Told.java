package io.tidegate.examples.drill.sim;

import io.tidegate.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a client reads out of a refusal. */
final class Told {

  private static final String TOKEN = "\"token\":\"";
  private static final String WORK = "\"work\":";
  private static final String PASS = "\"pass\":\"";

  private Told() {}

  /** A challenge as it was asked, with its work in digests of the simulation. */
  record Asked(String token, long work) {}

  /** The challenge in a refusal; null if there is none. */
  static @Nullable Asked challenge(Verdict verdict) {
    String body = new String(verdict.body(), StandardCharsets.UTF_8);
    String token = text(body, TOKEN);
    int work = body.indexOf(WORK);
    if (token == null || work < 0) {
      return null;
    }
    int from = work + WORK.length();
    int to = from;
    while (Character.isDigit(body.charAt(to))) {
      to++;
    }
    return new Asked(token, Long.parseLong(body, from, to, 10));
  }

  /** The pass that was bought; null if it was not. */
  static @Nullable String pass(Verdict verdict) {
    return verdict.status() == 200
        ? text(new String(verdict.body(), StandardCharsets.US_ASCII), PASS)
        : null;
  }

  private static @Nullable String text(String body, String before) {
    int at = body.indexOf(before);
    int from = at + before.length();
    return at < 0 ? null : body.substring(from, body.indexOf('"', from));
  }

  /** When to come back, in the whole seconds that {@code Retry-After} has; a second if not told. */
  static long retryAfter(Verdict verdict) {
    long nanos = verdict.retryAfter().orElse(Duration.ofSeconds(1)).toNanos();
    long seconds = (nanos + Scenario.SECOND - 1) / Scenario.SECOND;
    return Math.max(1, seconds) * Scenario.SECOND;
  }
}

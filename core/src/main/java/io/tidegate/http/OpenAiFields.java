package io.tidegate.http;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Quota;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The fields by which language-model services tell of a limit, as OpenAI's do: {@code
 * x-ratelimit-limit-tokens: 30000}, {@code x-ratelimit-remaining-tokens: 29184} and {@code
 * x-ratelimit-reset-tokens: 1.632s}, the time until the limit is as good as new. There is no
 * standard for them; SDKs and gateways read them.
 *
 * <p>For what a gate counts, {@link RateLimitFields#withOpenAi()} writes those of requests. Those
 * of tokens are written by who knows of tokens: an application with a {@link
 * io.tidegate.limit.Budget}.
 *
 * <p>Stateless. A call makes three short strings.
 *
 * <p>Source: OpenAI's API reference, "Rate limits", section "Rate limits in headers".
 */
public final class OpenAiFields {

  private static final Pattern RESOURCE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+){0,7}");
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  private OpenAiFields() {}

  /**
   * Writes the three fields of one limit.
   *
   * @param resource what is limited: {@code tokens}, or other small letters, digits and hyphens
   * @param quota what is allowed
   * @param decision how the client stands
   * @param out where the fields go
   * @throws IllegalArgumentException if the resource is no such name
   */
  public static void write(String resource, Quota quota, Decision decision, FieldSink out) {
    if (!RESOURCE.matcher(Objects.requireNonNull(resource, "resource")).matches()) {
      throw new IllegalArgumentException(
          "resource: " + Json.quoted(resource) + " (expected: small letters, digits and hyphens)");
    }
    long limit = quota.permits();
    long left = Math.min(Math.max(0, decision.remaining()), limit);
    names(resource).write(limit, left, duration(decision.resetAfterNanos()), out);
  }

  static ThreeFields names(String resource) {
    return new ThreeFields(
        "x-ratelimit-limit-" + resource,
        "x-ratelimit-remaining-" + resource,
        "x-ratelimit-reset-" + resource);
  }

  /** A time as these services write it, rounded up to milliseconds: 20ms, 1.5s, 6m0s, 1h0m12s. */
  static String duration(long nanos) {
    long time = Math.max(0, nanos);
    long left = time / MILLI * MILLI + (time % MILLI == 0 ? 0 : MILLI);
    if (left < 0 || left / SECOND > Standing.MOST_SECONDS) {
      left = Standing.MOST_SECONDS * SECOND;
    }
    if (left < SECOND) {
      return left == 0 ? "0s" : left / MILLI + "ms";
    }
    StringBuilder text = new StringBuilder();
    if (left >= HOUR) {
      text.append(left / HOUR).append('h');
    }
    if (left >= MINUTE) {
      text.append(left % HOUR / MINUTE).append('m');
    }
    return text.append(seconds(left % MINUTE)).append('s').toString();
  }

  private static String seconds(long nanos) {
    long millis = nanos % SECOND / MILLI;
    String whole = Long.toString(nanos / SECOND);
    if (millis == 0) {
      return whole;
    }
    String digits = Long.toString(1_000 + millis).substring(1);
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return whole + "." + digits.substring(0, end);
  }
}

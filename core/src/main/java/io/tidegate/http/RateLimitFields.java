package io.tidegate.http;

import io.tidegate.limit.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes the rate-limit fields of responses, in one dialect, with older and special ones beside it
 * if asked for.
 *
 * <table>
 *   <caption>What goes out on a refusal that lasts two seconds</caption>
 *   <tr><th>made by</th><th>fields</th></tr>
 *   <tr><td>{@link #draft11()}</td><td>{@code RateLimit-Policy: "burst";q=100;w=60} and {@code
 *       RateLimit: "burst";r=0;t=2}</td></tr>
 *   <tr><td>{@link #draft07()}</td><td>{@code RateLimit-Policy: 100;w=60} and {@code RateLimit:
 *       limit=100, remaining=0, reset=2}</td></tr>
 *   <tr><td>{@link #draft06()}</td><td>{@code RateLimit-Policy: 100;w=60}, {@code RateLimit-Limit:
 *       100}, {@code RateLimit-Remaining: 0} and {@code RateLimit-Reset: 2}</td></tr>
 *   <tr><td>{@link #none()}</td><td>nothing but what follows</td></tr>
 *   <tr><td>all</td><td>{@code Retry-After: 2}</td></tr>
 *   <tr><td>{@link #withLegacy()}</td><td>{@code X-RateLimit-Limit: 100}, {@code
 *       X-RateLimit-Remaining: 0} and {@code X-RateLimit-Reset: 2}</td></tr>
 *   <tr><td>{@link #withLlmSdk()}</td><td>{@code retry-after-ms: 2000} and {@code x-should-retry:
 *       true}</td></tr>
 *   <tr><td>{@link #withOpenAi()}</td><td>{@code x-ratelimit-limit-requests: 100}, {@code
 *       x-ratelimit-remaining-requests: 0} and {@code x-ratelimit-reset-requests: 2s}</td></tr>
 * </table>
 *
 * <p><b>What is told.</b> Draft 11 tells of every policy. The other dialects can tell of one only:
 * on a refusal the one that decided, on an admission the one with the smallest share of its burst
 * left. {@code Retry-After} is in whole seconds, rounded up and at least 1, since clients hammer on
 * a 0; never a date, since clocks differ. All times are in seconds from now, at most 999,999,999.
 *
 * <p><b>Times.</b> On an admission {@code t} (in other dialects: reset) is the time until the limit
 * is as good as new. On a refusal it equals {@code Retry-After} for the policy that decided; for
 * any other it is the time to full, cut to {@code Retry-After}, which is still true (no more than
 * {@code r} is to be had in that time either) and leaves no {@code t} that ends after it, as draft
 * 11 asks. The dialects that tell of one policy then say {@code Retry-After} in their reset, too.
 * Where waiting is no use there is no {@code Retry-After}, and times are as on an admission.
 *
 * <p>No dialect makes a response cacheable or not. Refusals should go out with {@code
 * Cache-Control: no-store}, and so should admitted responses that a cache might keep, or the fields
 * go stale there.
 *
 * <p>Immutable; never blocks. A call makes one string for each value that changes from one response
 * to the next, and looks at each policy once or twice.
 *
 * <p>Sources: draft-ietf-httpapi-ratelimit-headers, revisions 11 (sections 3, 4 and 6), 07 and 06;
 * RFC 9110, section 10.2.3; RFC 6585, section 4.
 */
public final class RateLimitFields {

  /** Instead of a number of seconds: waiting is no use, so no {@code Retry-After} is told. */
  public static final long NEVER = Standing.NO_WAIT;

  private static final String RETRY_AFTER = "Retry-After";
  private static final String RETRY_AFTER_MS = "retry-after-ms";
  private static final String SHOULD_RETRY = "x-should-retry";
  private static final ThreeFields REQUESTS = OpenAiFields.names("requests");
  private static final long NANOS = 1_000_000_000;

  /** Some SDKs take a longer wait for none, and come back at once. */
  private static final long LONGEST_SDK_WAIT = 60;

  private final Dialect dialect;
  private final boolean legacy;
  private final boolean llmSdk;
  private final boolean openAi;
  private final List<String> exposedNames;
  private final String exposed;

  private RateLimitFields(Dialect dialect, boolean legacy, boolean llmSdk, boolean openAi) {
    this.dialect = dialect;
    this.legacy = legacy;
    this.llmSdk = llmSdk;
    this.openAi = openAi;
    List<String> names = new ArrayList<>(dialect.names());
    names.add(RETRY_AFTER);
    if (legacy) {
      names.addAll(ThreeFields.LEGACY.names());
    }
    if (llmSdk) {
      names.addAll(List.of(RETRY_AFTER_MS, SHOULD_RETRY));
    }
    if (openAi) {
      names.addAll(REQUESTS.names());
    }
    this.exposedNames = List.copyOf(names);
    this.exposed = String.join(", ", names);
  }

  /**
   * The syntax of draft 11, the default: every policy by its name.
   *
   * @return the writer
   */
  public static RateLimitFields draft11() {
    return new RateLimitFields(Dialect.DRAFT_11, false, false, false);
  }

  /**
   * The syntax of draft 07, for clients that know no newer one. It has no names, and tells only of
   * policies whose window is a whole number of seconds in {@code RateLimit-Policy}; of several with
   * the same number of permits it lists the one with the longest window.
   *
   * @return the writer
   */
  public static RateLimitFields draft07() {
    return new RateLimitFields(Dialect.DRAFT_07, false, false, false);
  }

  /**
   * The syntax of draft 06, in three fields, for clients that know no newer one. {@code
   * RateLimit-Policy} is as in draft 07.
   *
   * @return the writer
   */
  public static RateLimitFields draft06() {
    return new RateLimitFields(Dialect.DRAFT_06, false, false, false);
  }

  /**
   * No rate-limit fields, only {@code Retry-After} on refusals.
   *
   * @return the writer
   */
  public static RateLimitFields none() {
    return new RateLimitFields(Dialect.NONE, false, false, false);
  }

  /**
   * Adds {@code X-RateLimit-Limit}, {@code X-RateLimit-Remaining} and {@code X-RateLimit-Reset}.
   * There is no standard for them. The reset is in seconds from now, not a date; the largest told
   * is below the billion from which on clients take it for one.
   *
   * <p>A client that looks for these three may prefer a {@code RateLimit} field that it then cannot
   * read. For such clients use {@code none().withLegacy()}.
   *
   * @return a writer that does
   */
  public RateLimitFields withLegacy() {
    return new RateLimitFields(dialect, true, llmSdk, openAi);
  }

  /**
   * Adds, on refusals, what the SDKs of language-model services heed: {@code retry-after-ms}, which
   * is {@code Retry-After} in milliseconds, and {@code x-should-retry}. The latter is true for
   * waits of up to 60 seconds. It is false for longer ones, which some SDKs drop to come back at
   * once, for bans, and where waiting is no use; the SDK then gives up and the application learns
   * why.
   *
   * @return a writer that does
   */
  public RateLimitFields withLlmSdk() {
    return new RateLimitFields(dialect, legacy, true, openAi);
  }

  /**
   * Adds {@code x-ratelimit-limit-requests}, {@code x-ratelimit-remaining-requests} and {@code
   * x-ratelimit-reset-requests}, as language-model services tell of requests; see {@link
   * OpenAiFields} for those of tokens. The reset is the same as in the other dialects, as {@code
   * 2s}.
   *
   * @return a writer that does
   */
  public RateLimitFields withOpenAi() {
    return new RateLimitFields(dialect, legacy, llmSdk, true);
  }

  /**
   * Writes what a client whose request goes on is told.
   *
   * @param policies the policies that apply; if there are none, nothing is written
   * @param decisions what the limiter of each said, in the same order
   * @param out where the fields go
   * @throws IllegalArgumentException if there is not one decision for each policy
   */
  public void admitted(PolicySet policies, List<Decision> decisions, FieldSink out) {
    Objects.requireNonNull(out, "out");
    write(new Standing(policies, decisions, -1, NEVER), out);
  }

  /**
   * Writes what a client is told that may come back, or whose request can never be served.
   *
   * @param policies the policies that apply; may be none
   * @param decisions what the limiter of each said, in the same order
   * @param deciding the index of the policy that refused, or -1 if none of them did (the service is
   *     overloaded); of no account if there are no policies
   * @param retryAfterSeconds when to come back, in seconds from now, with any jitter already added;
   *     0 or less ({@link #NEVER}) if waiting is no use
   * @param out where the fields go
   * @throws IllegalArgumentException if there is not one decision for each policy, or no policy
   *     with that index
   */
  public void refused(
      PolicySet policies,
      List<Decision> decisions,
      int deciding,
      long retryAfterSeconds,
      FieldSink out) {
    Objects.requireNonNull(out, "out");
    long wait = told(retryAfterSeconds);
    write(new Standing(policies, decisions, deciding, wait), out);
    writeRetry(wait, wait != NEVER && wait <= LONGEST_SDK_WAIT, out);
  }

  /**
   * Writes what a client is told that is shut out for a while: {@code Retry-After} and no policies,
   * since none of them says when a ban ends.
   *
   * @param retryAfterSeconds when to come back, in seconds from now; 0 or less ({@link #NEVER}) to
   *     keep that from the client
   * @param out where the fields go
   */
  public void banned(long retryAfterSeconds, FieldSink out) {
    Objects.requireNonNull(out, "out");
    writeRetry(told(retryAfterSeconds), false, out);
  }

  /**
   * The names of all fields that this writer may set, for {@code Access-Control-Expose-Headers}:
   * without it scripts of other origins see none of them.
   *
   * @return the names; cannot be changed
   */
  public List<String> exposedNames() {
    return exposedNames;
  }

  /**
   * {@link #exposedNames()} as the value of {@code Access-Control-Expose-Headers}.
   *
   * @return the names, separated by commas
   */
  public String exposed() {
    return exposed;
  }

  /**
   * A wait as {@code Retry-After} tells it: rounded up to whole seconds, at least 1 and at most
   * 999,999,999.
   *
   * @param nanos a decision's {@link Decision#retryAfterNanos()}
   * @return the seconds; {@link #NEVER} for {@link Long#MAX_VALUE}, by which a decision says never
   */
  public static long retryAfterSeconds(long nanos) {
    return nanos == Long.MAX_VALUE ? NEVER : Math.max(Standing.ceilSeconds(nanos), 1);
  }

  private static long told(long seconds) {
    return seconds <= 0 ? NEVER : Math.min(seconds, Standing.MOST_SECONDS);
  }

  private void write(Standing standing, FieldSink out) {
    if (standing.policies().size() == 0) {
      return;
    }
    dialect.write(standing, out);
    if (legacy) {
      ThreeFields.LEGACY.write(standing, out);
    }
    if (openAi) {
      writeRequests(standing, out);
    }
  }

  private static void writeRequests(Standing standing, FieldSink out) {
    int tightest = standing.tightest();
    REQUESTS.write(
        standing.limit(tightest),
        standing.leftOfLimit(tightest),
        OpenAiFields.duration(standing.reset(tightest) * NANOS),
        out);
  }

  private void writeRetry(long wait, boolean again, FieldSink out) {
    if (wait != NEVER) {
      out.set(RETRY_AFTER, Long.toString(wait));
    }
    if (llmSdk) {
      if (wait != NEVER) {
        out.set(RETRY_AFTER_MS, Long.toString(wait * 1_000));
      }
      out.set(SHOULD_RETRY, Boolean.toString(again));
    }
  }

  /** Names the dialects. */
  @Override
  public String toString() {
    return dialect.label()
        + (legacy ? " with legacy" : "")
        + (llmSdk ? " with llm-sdk" : "")
        + (openAi ? " with openai" : "");
  }
}

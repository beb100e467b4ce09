package io.tidegate.examples;

import io.tidegate.http.OpenAiFields;
import io.tidegate.http.PolicySet;
import io.tidegate.http.RateLimitFields;
import io.tidegate.limit.Budget;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.Quota;
import io.tidegate.limit.Spending;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many tokens each holder of a key may have of the model, and how many answers at once: what
 * the gate cannot know before the body is read, and nobody before the answer ends. Safe for use by
 * many threads.
 */
final class Usage {

  static final String TOKENS = "tokens";

  private static final String ANSWERS = "answers";

  private final Map<String, Budget<String>> plans =
      Map.of(
          "user", plan(Quota.perMinute(10_000), 4),
          "demo", plan(Quota.perMinute(40_000), 64));

  private static Budget<String> plan(Quota tokens, int atOnce) {
    return Budget.builder(KeyFunnel.ofString())
        .limit(TOKENS, tokens)
        .atOnce(ANSWERS, atOnce)
        .longest(Duration.ofMinutes(1))
        .build();
  }

  /**
   * Reserves the most that an answer can cost, so that no limit is overshot, however many are made
   * at once.
   *
   * @param plan of the key; null if there is no key: the gate counts such requests by address
   * @param key whose; null if there is none
   * @param most how many tokens question and answer can have together
   * @return to be closed when the answer ends; null if nothing is counted here
   * @throws HttpError 429 if it is too much, now or ever
   */
  @Nullable Spending reserve(@Nullable String plan, @Nullable String key, long most)
      throws HttpError {
    if (plan == null || key == null) {
      return null;
    }
    Spending spending = budget(plan).reserve(key, Map.of(TOKENS, most, ANSWERS, 1L));
    if (spending.admitted()) {
      return spending;
    }
    long wait = spending.retryAfter().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    HttpError error = HttpError.tooMuch(text(spending.refusedBy(), wait));
    tell(plan, spending, error.fields());
    long seconds = RateLimitFields.retryAfterSeconds(wait);
    DemoGate.FIELDS.refused(PolicySet.of(), List.of(), -1, seconds, error.fields()::put);
    throw error;
  }

  private static String text(@Nullable String limit, long wait) {
    if (wait == Long.MAX_VALUE) {
      return "The request is larger than a minute's tokens. Make it shorter.";
    }
    return "Rate limit reached for "
        + limit
        + ". Try again in "
        + RateLimitFields.retryAfterSeconds(wait)
        + " s.";
  }

  /** Adds the fields that tell how many tokens are left. */
  void tell(@Nullable String plan, @Nullable Spending spending, Map<String, String> fields) {
    if (plan != null && spending != null) {
      Quota quota = Objects.requireNonNull(budget(plan).quotas().get(TOKENS));
      OpenAiFields.write(
          TOKENS, quota, Objects.requireNonNull(spending.decisions().get(TOKENS)), fields::put);
    }
  }

  private Budget<String> budget(String plan) {
    return Objects.requireNonNull(plans.get(plan), "plan");
  }
}

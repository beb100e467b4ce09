package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Decision.Outcome;
import io.tidegate.limit.ManualTicker;
import io.tidegate.limit.Quota;
import io.tidegate.limit.RateLimiter;
import io.tidegate.limit.TokenBucket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The exact fields of each dialect. */
class RateLimitFieldsTest {

  private static final Policy BURST = Policy.of("burst", Quota.perMinute(100));
  private static final Policy DAILY = Policy.of("daily", Quota.perDay(1_000));
  private static final PolicySet BOTH = PolicySet.of(BURST, DAILY);
  private static final PolicySet NO_POLICIES = PolicySet.of();

  /** 60% of the burst and 10% of the day are left. */
  private static final List<Decision> GO_ON =
      List.of(admitted(60, Duration.ofSeconds(24)), admitted(100, Duration.ofMillis(77_760_400)));

  /** The burst is used up for two seconds, the day has room. */
  private static final List<Decision> COME_BACK =
      List.of(
          refused(0, Duration.ofMillis(1_100), Duration.ofSeconds(60)),
          admitted(500, Duration.ofHours(12)));

  private static Decision admitted(long remaining, Duration full) {
    return new Decision(Outcome.ADMITTED, remaining, 0, full.toNanos());
  }

  private static Decision refused(long remaining, Duration wait, Duration full) {
    return new Decision(Outcome.REFUSED, remaining, wait.toNanos(), full.toNanos());
  }

  private static Map<String, String> onAdmission(RateLimitFields fields) {
    return Fields.of(out -> fields.admitted(BOTH, GO_ON, out));
  }

  private static Map<String, String> onRefusal(RateLimitFields fields) {
    return Fields.of(out -> fields.refused(BOTH, COME_BACK, 0, 2, out));
  }

  @Test
  void draft11_tellsOfAllPolicies() {
    assertThat(onAdmission(RateLimitFields.draft11()))
        .containsExactly(
            Map.entry("RateLimit-Policy", "\"burst\";q=100;w=60, \"daily\";q=1000;w=86400"),
            Map.entry("RateLimit", "\"burst\";r=60;t=24, \"daily\";r=100;t=77761"));
    assertThat(onRefusal(RateLimitFields.draft11()))
        .containsExactly(
            Map.entry("RateLimit-Policy", "\"burst\";q=100;w=60, \"daily\";q=1000;w=86400"),
            Map.entry("RateLimit", "\"burst\";r=0;t=2, \"daily\";r=500;t=2"),
            Map.entry("Retry-After", "2"));
  }

  @Test
  void draft07_tellsOfTheTightestPolicy() {
    assertThat(onAdmission(RateLimitFields.draft07()))
        .containsExactly(
            Map.entry("RateLimit-Policy", "100;w=60, 1000;w=86400"),
            Map.entry("RateLimit", "limit=1000, remaining=100, reset=77761"));
    assertThat(onRefusal(RateLimitFields.draft07()))
        .containsExactly(
            Map.entry("RateLimit-Policy", "100;w=60, 1000;w=86400"),
            Map.entry("RateLimit", "limit=100, remaining=0, reset=2"),
            Map.entry("Retry-After", "2"));
  }

  @Test
  void draft06_tellsOfTheTightestPolicy() {
    assertThat(onAdmission(RateLimitFields.draft06()))
        .containsExactly(
            Map.entry("RateLimit-Policy", "100;w=60, 1000;w=86400"),
            Map.entry("RateLimit-Limit", "1000"),
            Map.entry("RateLimit-Remaining", "100"),
            Map.entry("RateLimit-Reset", "77761"));
    assertThat(onRefusal(RateLimitFields.draft06()))
        .containsExactly(
            Map.entry("RateLimit-Policy", "100;w=60, 1000;w=86400"),
            Map.entry("RateLimit-Limit", "100"),
            Map.entry("RateLimit-Remaining", "0"),
            Map.entry("RateLimit-Reset", "2"),
            Map.entry("Retry-After", "2"));
  }

  @Test
  void none_tellsOnlyWhenToComeBack() {
    assertThat(onAdmission(RateLimitFields.none())).isEmpty();
    assertThat(onRefusal(RateLimitFields.none())).containsExactly(Map.entry("Retry-After", "2"));
  }

  @Test
  void withLegacy_addsTheTightestPolicy() {
    assertThat(onAdmission(RateLimitFields.none().withLegacy()))
        .containsExactly(
            Map.entry("X-RateLimit-Limit", "1000"),
            Map.entry("X-RateLimit-Remaining", "100"),
            Map.entry("X-RateLimit-Reset", "77761"));
    assertThat(onRefusal(RateLimitFields.draft11().withLegacy()))
        .containsExactly(
            Map.entry("RateLimit-Policy", "\"burst\";q=100;w=60, \"daily\";q=1000;w=86400"),
            Map.entry("RateLimit", "\"burst\";r=0;t=2, \"daily\";r=500;t=2"),
            Map.entry("X-RateLimit-Limit", "100"),
            Map.entry("X-RateLimit-Remaining", "0"),
            Map.entry("X-RateLimit-Reset", "2"),
            Map.entry("Retry-After", "2"));
  }

  @Test
  void refused_cutsNoTimeThatEndsBeforeRetryAfter() {
    List<Decision> decisions =
        List.of(
            admitted(99, Duration.ofMillis(600)),
            refused(0, Duration.ofSeconds(80), Duration.ofHours(24)));
    assertThat(Fields.of(out -> RateLimitFields.draft11().refused(BOTH, decisions, 1, 85, out)))
        .containsEntry("RateLimit", "\"burst\";r=99;t=1, \"daily\";r=0;t=85");
  }

  @Test
  void refused_neverPossible_tellsTimesToFullAndNoRetryAfter() {
    List<Decision> decisions =
        List.of(
            new Decision(Outcome.NEVER, 40, Long.MAX_VALUE, Duration.ofSeconds(36).toNanos()),
            admitted(500, Duration.ofHours(12)));
    for (long never : new long[] {RateLimitFields.NEVER, -1, Long.MIN_VALUE}) {
      assertThat(
              Fields.of(
                  out ->
                      RateLimitFields.draft11()
                          .withLegacy()
                          .refused(BOTH, decisions, 0, never, out)))
          .containsEntry("RateLimit", "\"burst\";r=40;t=36, \"daily\";r=500;t=43200")
          .containsEntry("X-RateLimit-Reset", "36")
          .doesNotContainKey("Retry-After");
    }
  }

  @Test
  void refused_byNoPolicy_tellsOfTheTightestAndTheWaitAsReset() {
    assertThat(
            Fields.of(
                out -> RateLimitFields.draft11().withLegacy().refused(BOTH, GO_ON, -1, 30, out)))
        .containsEntry("RateLimit", "\"burst\";r=60;t=24, \"daily\";r=100;t=30")
        .containsEntry("X-RateLimit-Limit", "1000")
        .containsEntry("X-RateLimit-Remaining", "100")
        .containsEntry("X-RateLimit-Reset", "30")
        .containsEntry("Retry-After", "30");
  }

  @Test
  void admitted_nothingUsed_tellsZeroSeconds() {
    List<Decision> decisions = List.of(admitted(100, Duration.ZERO));
    assertThat(
            Fields.of(
                out -> RateLimitFields.draft11().admitted(PolicySet.of(BURST), decisions, out)))
        .containsEntry("RateLimit", "\"burst\";r=100;t=0");
  }

  @Test
  void admitted_tightestIsBySharesOfTheBurst() {
    PolicySet policies =
        PolicySet.of(
            Policy.of("wide", Quota.perMinute(1_000).withBurst(10)),
            Policy.of("narrow", Quota.perMinute(20)));
    // 8 of 10 are left of the one, 15 of 20 of the other.
    List<Decision> decisions =
        List.of(admitted(8, Duration.ofSeconds(1)), admitted(15, Duration.ofSeconds(15)));
    assertThat(Fields.of(out -> RateLimitFields.draft07().admitted(policies, decisions, out)))
        .containsEntry("RateLimit", "limit=20, remaining=15, reset=15");
  }

  @Test
  void admitted_equalShares_theFirstIsTold() {
    List<Decision> decisions =
        List.of(admitted(10, Duration.ofSeconds(54)), admitted(100, Duration.ofHours(9)));
    assertThat(Fields.of(out -> RateLimitFields.draft07().admitted(BOTH, decisions, out)))
        .containsEntry("RateLimit", "limit=100, remaining=10, reset=54");
  }

  @Test
  void admitted_moreLeftThanTheLimit_isCutWhereClientsSubtract() {
    PolicySet policies = PolicySet.of(Policy.of("p", Quota.perMinute(10).withBurst(50)));
    List<Decision> decisions = List.of(admitted(49, Duration.ofSeconds(6)));
    assertThat(
            Fields.of(
                out -> RateLimitFields.draft11().withLegacy().admitted(policies, decisions, out)))
        .containsEntry("RateLimit", "\"p\";r=49;t=6")
        .containsEntry("X-RateLimit-Limit", "10")
        .containsEntry("X-RateLimit-Remaining", "10");
  }

  @Test
  void olderPolicies_areListedOnceForALimitAndOnlyWithWholeWindows() {
    PolicySet policies =
        PolicySet.of(
            Policy.of("a", Quota.perSecond(10)),
            Policy.of("b", Quota.of(5, Duration.ofMillis(1_500))),
            Policy.of("c", Quota.perMinute(10)),
            Policy.of("d", Quota.of(10, Duration.ofMillis(90_500))),
            Policy.of("e", Quota.perHour(7)),
            Policy.of("f", Quota.perMinute(10)));
    List<Decision> decisions = List.copyOf(new RandomInput(1).decisions(6));
    assertThat(Fields.of(out -> RateLimitFields.draft07().admitted(policies, decisions, out)))
        .containsEntry("RateLimit-Policy", "10;w=60, 7;w=3600");
  }

  @Test
  void olderPolicies_noneWithAWholeWindow_areNotTold() {
    PolicySet policies = PolicySet.of(Policy.of("b", Quota.of(5, Duration.ofMillis(1_500))));
    List<Decision> decisions = List.of(admitted(4, Duration.ofMillis(300)));
    assertThat(Fields.of(out -> RateLimitFields.draft07().admitted(policies, decisions, out)))
        .containsExactly(Map.entry("RateLimit", "limit=5, remaining=4, reset=1"));
  }

  @Test
  void numbersBeyondTheFormat_areCut() {
    List<Decision> decisions =
        List.of(new Decision(Outcome.REFUSED, Long.MAX_VALUE, 1, Long.MAX_VALUE));
    PolicySet policies = PolicySet.of(BURST);
    assertThat(
            Fields.of(
                out ->
                    RateLimitFields.draft11()
                        .withLlmSdk()
                        .refused(policies, decisions, 0, Long.MAX_VALUE, out)))
        .containsEntry("RateLimit", "\"burst\";r=999999999999999;t=999999999")
        .containsEntry("Retry-After", "999999999")
        .containsEntry("retry-after-ms", "999999999000");
  }

  @Test
  void numbersThatNoLimiterSays_areToldAsNone() {
    List<Decision> decisions = List.of(new Decision(Outcome.ADMITTED, -1, 0, -1_000_000_001));
    PolicySet policies = PolicySet.of(BURST);
    assertThat(Fields.of(out -> RateLimitFields.draft11().admitted(policies, decisions, out)))
        .containsEntry("RateLimit", "\"burst\";r=0;t=0");
  }

  static Stream<RateLimitFields> writers() {
    return Stream.of(
            RateLimitFields.draft11(),
            RateLimitFields.draft07(),
            RateLimitFields.draft06(),
            RateLimitFields.none())
        .flatMap(
            writer ->
                Stream.of(
                    writer,
                    writer.withLegacy(),
                    writer.withLlmSdk(),
                    writer.withOpenAi(),
                    writer.withLegacy().withLlmSdk().withOpenAi()));
  }

  @ParameterizedTest
  @MethodSource("writers")
  void noPolicies_onlyRetryAfterIsTold(RateLimitFields writer) {
    assertThat(Fields.of(out -> writer.admitted(NO_POLICIES, List.of(), out))).isEmpty();
    for (int deciding : new int[] {-1, 0}) {
      assertThat(Fields.of(out -> writer.refused(NO_POLICIES, List.of(), deciding, 9, out)))
          .containsEntry("Retry-After", "9")
          .doesNotContainKeys("RateLimit-Policy", "RateLimit", "RateLimit-Limit")
          .doesNotContainKey("X-RateLimit-Limit");
    }
  }

  @ParameterizedTest
  @MethodSource("writers")
  void exposedNames_areThoseThatARefusalWrites(RateLimitFields writer) {
    assertThat(writer.exposedNames())
        .containsExactlyInAnyOrderElementsOf(onRefusal(writer).keySet())
        .isUnmodifiable();
    assertThat(writer.exposed().split(", ")).containsExactlyElementsOf(writer.exposedNames());
    assertThat(writer.exposedNames()).containsAll(onAdmission(writer).keySet());
  }

  @ParameterizedTest
  @MethodSource("writers")
  void decisionsThatDoNotFit_areRefused(RateLimitFields writer) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fields.of(out -> writer.admitted(BOTH, GO_ON.subList(0, 1), out)))
        .withMessage("decisions: 1 (expected: 2, one for each policy)");
    for (int deciding : new int[] {-2, 2}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Fields.of(out -> writer.refused(BOTH, COME_BACK, deciding, 1, out)))
          .withMessage("deciding: " + deciding + " (expected: -1 to 1)");
    }
  }

  @Test
  void openAi_tellsOfRequestsUnderTheTightestPolicy() {
    assertThat(onAdmission(RateLimitFields.none().withOpenAi()))
        .containsExactly(
            Map.entry("x-ratelimit-limit-requests", "1000"),
            Map.entry("x-ratelimit-remaining-requests", "100"),
            Map.entry("x-ratelimit-reset-requests", "21h36m1s"));
    assertThat(onRefusal(RateLimitFields.none().withOpenAi()))
        .containsExactly(
            Map.entry("x-ratelimit-limit-requests", "100"),
            Map.entry("x-ratelimit-remaining-requests", "0"),
            Map.entry("x-ratelimit-reset-requests", "2s"),
            Map.entry("Retry-After", "2"));
  }

  @Test
  void exposed_isReadyForTheField() {
    assertThat(RateLimitFields.draft11().exposed())
        .isEqualTo("RateLimit-Policy, RateLimit, Retry-After");
  }

  @Test
  void toString_namesTheDialects() {
    assertThat(RateLimitFields.draft11()).hasToString("draft-11");
    assertThat(RateLimitFields.none().withLlmSdk().withLegacy())
        .hasToString("none with legacy with llm-sdk");
    assertThat(RateLimitFields.draft07().withLegacy().withLlmSdk())
        .hasToString("draft-07 with legacy with llm-sdk");
    assertThat(RateLimitFields.none().withOpenAi()).hasToString("none with openai");
  }

  @Test
  void realLimiter_clientThatObeysRetryAfterIsAdmitted() {
    ManualTicker ticker = new ManualTicker();
    Quota quota = Quota.of(3, Duration.ofSeconds(10));
    RateLimiter limiter = TokenBucket.of(quota, ticker);
    PolicySet policies = PolicySet.of(Policy.of("p", quota));
    assertThat(limiter.tryAcquire(2)).isTrue();

    Decision decision = limiter.decide(2);
    long wait = RateLimitFields.retryAfterSeconds(decision.retryAfterNanos());

    // One token takes 3 1/3 seconds.
    assertThat(
            Fields.of(
                out ->
                    RateLimitFields.draft11().refused(policies, List.of(decision), 0, wait, out)))
        .containsExactly(
            Map.entry("RateLimit-Policy", "\"p\";q=3;w=10"),
            Map.entry("RateLimit", "\"p\";r=1;t=4"),
            Map.entry("Retry-After", "4"));
    ticker.advance(Duration.ofSeconds(wait));
    assertThat(limiter.tryAcquire(2)).isTrue();
  }
}

package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tidegate.client.ClientKey;
import io.tidegate.client.IpAddress;
import io.tidegate.client.KeyBy;
import io.tidegate.http.Policy;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configuration that is wrong is refused at once, by name, value and what was expected. */
class BuilderMessagesTest {

  private static final Quota QUOTA = Quota.perMinute(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static Rule.Builder rule(String name) {
    return Rule.named(name).quota(QUOTA);
  }

  private static Gate gate(Rule... rules) {
    Gate.Builder builder = Gate.builder();
    List.of(rules).forEach(builder::rule);
    return builder.build();
  }

  private static Arguments given(String message, ThrowingCallable code) {
    return arguments(message, code);
  }

  static Stream<Arguments> bad_partIsRefusedByName() {
    String longName = "a".repeat(41);
    BanPolicy ban = BanPolicy.after(1, MINUTE).banFor(MINUTE);
    return Stream.of(
        given("name:  (expected: 1 to 40 of A-Z a-z 0-9 _ -)", () -> Rule.named("")),
        given("name: a b (expected: 1 to 40 of A-Z a-z 0-9 _ -)", () -> Rule.named("a b")),
        given("name: -a (expected: 1 to 40 of A-Z a-z 0-9 _ -)", () -> Rule.named("-a")),
        given("name: a.b (expected: 1 to 40 of A-Z a-z 0-9 _ -)", () -> Rule.named("a.b")),
        given("name: a??b (expected: 1 to 40 of A-Z a-z 0-9 _ -)", () -> Rule.named("a\r\nb")),
        given("name: a? (expected: 1 to 40 of A-Z a-z 0-9 _ -)", () -> Rule.named("a\n")),
        given("name: \" (expected: 1 to 40 of A-Z a-z 0-9 _ -)", () -> Rule.named("\"")),
        given(
            "name: " + longName + " (expected: 1 to 40 of A-Z a-z 0-9 _ -)",
            () -> Rule.named(longName)),
        given("quota: none (expected: at least one quota)", () -> rule("r").quota()),
        given("quota: none (expected: at least one for rule r)", () -> Rule.named("r").build()),
        given("plan p: none (expected: at least one quota)", () -> rule("r").plan("p")),
        given(
            "plan: p.q (expected: 1 to 20 of A-Z a-z 0-9 _ -)", () -> rule("r").plan("p.q", QUOTA)),
        given(
            "plan: a? (expected: 1 to 20 of A-Z a-z 0-9 _ -)", () -> rule("r").plan("a\t", QUOTA)),
        given(
            "plan: p (expected: a plan not given before)",
            () -> rule("r").plan("p", QUOTA).plan("p", QUOTA)),
        given(
            "plan: rule r (expected: both plan and planBy, or neither)",
            () -> rule("r").plan("p", QUOTA).build()),
        given(
            "plan: rule r (expected: both plan and planBy, or neither)",
            () -> rule("r").planBy(request -> "p").build()),
        given("cost: 0 (expected: at least 1)", () -> rule("r").cost(0)),
        given("cost: -5 (expected: at least 1)", () -> rule("r").cost(-5)),
        given(
            "ban: rule r (expected: none, since it would ban everyone)",
            () -> rule("r").together().ban(ban).build()),
        given(
            "ban: rule r (expected: none, since it would ban everyone)",
            () -> rule("r").ban(ban).together().build()),
        given(
            "contentType: \"text/plain\\r\\nX: y\" (expected: printable ASCII with no space at"
                + " either end)",
            () -> rule("r").refusalBody("text/plain\r\nX: y", verdict -> "")),
        given(
            "contentType: \"\" (expected: printable ASCII with no space at either end)",
            () -> rule("r").refusalBody("", verdict -> "")),
        given("maxKeys: 0 (expected: 1 to 268435456)", () -> rule("r").maxKeys(0).build()),
        given("maxKeys: -1 (expected: 1 to 268435456)", () -> rule("r").maxKeys(-1).build()),
        given(
            "permits: 1001 (expected: at most 1000 for a log)",
            () -> Rule.named("r").quota(Quota.perDay(1_001)).slidingLog().build()),
        given(
            "burst: 2 (expected: 1, as many as permits)",
            () -> Rule.named("r").quota(QUOTA.withBurst(2)).slidingWindow().build()),
        given(
            "permits: 1001 (expected: at most 1000 for a log)",
            () ->
                rule("r")
                    .plan("p", Quota.perDay(1_001))
                    .planBy(request -> "p")
                    .slidingLog()
                    .build()),
        given("refusals: 0 (expected: 1 to 1000000)", () -> BanPolicy.after(0, MINUTE)),
        given("refusals: -1 (expected: 1 to 1000000)", () -> BanPolicy.after(-1, MINUTE)),
        given(
            "refusals: 1000001 (expected: 1 to 1000000)", () -> BanPolicy.after(1_000_001, MINUTE)),
        given(
            "within: PT0S (expected: PT0.001S to 366 days)",
            () -> BanPolicy.after(1, Duration.ZERO)),
        given(
            "within: PT8808H (expected: PT0.001S to 366 days)",
            () -> BanPolicy.after(1, Duration.ofDays(367))),
        given("lengths: none (expected: at least one)", () -> BanPolicy.after(1, MINUTE).banFor()),
        given(
            "lengths: [PT0S] (expected: rising, PT0.001S to 365 days)",
            () -> BanPolicy.after(1, MINUTE).banFor(Duration.ZERO)),
        given(
            "lengths: [PT1M, PT59S] (expected: rising, PT0.001S to 365 days)",
            () -> BanPolicy.after(1, MINUTE).banFor(MINUTE, Duration.ofSeconds(59))),
        given(
            "lengths: [PT8784H] (expected: rising, PT0.001S to 365 days)",
            () -> BanPolicy.after(1, MINUTE).banFor(Duration.ofDays(366))),
        given(
            "rule: r (expected: a name used once)",
            () -> gate(rule("r").build(), rule("r").build())),
        given("maxBans: 0 (expected: 1 to 16777216)", () -> Gate.builder().maxBans(0)),
        given(
            "maxBans: 16777217 (expected: 1 to 16777216)",
            () -> Gate.builder().maxBans(16_777_217)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void bad_partIsRefusedByName(String message, ThrowingCallable code) {
    assertThat(catchThrowable(code))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "Z9", "login-v2", "a_b", "9"})
  void name_good_isKept(String name) {
    assertThat(rule(name).build().name()).isEqualTo(name);
  }

  @Test
  void names_ofAnyGoodRuleAndPlan_neverCollideOrGrowTooLong() {
    Rule longest =
        Rule.named("n".repeat(40))
            .quota(QUOTA, QUOTA)
            .plan("p".repeat(20), QUOTA, QUOTA)
            .planBy(request -> null)
            .build();
    Rule alike =
        Rule.named("1").quota(QUOTA, QUOTA).plan("1", QUOTA, QUOTA).planBy(r -> "1").build();
    try (Gate gate = gate(longest, alike, rule("r").build())) {
      assertThat(gate.rules()).containsExactly(longest, alike, gate.rules().get(2));
    }
    assertThat(Policy.of("n".repeat(40) + "." + "p".repeat(20) + ".2", QUOTA)).isNotNull();
  }

  @Test
  void allowAndDeny_noNetwork_isRefusedWithTheText() {
    for (String bad : new String[] {"", "example.com", "10.0.0.0/33", "1.2.3", "10.0.0.0/-1"}) {
      assertThat(catchThrowable(() -> Gate.builder().allow("10.0.0.1", bad)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(bad)
          .hasMessageContaining("(expected: ");
      assertThat(catchThrowable(() -> Gate.builder().deny(bad)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void penaltyBox_badLength_isRefused() {
    ClientKey key = ClientKey.address(IpAddress.parse("203.0.113.7"));
    try (Gate gate = gate()) {
      for (Duration bad :
          new Duration[] {
            Duration.ZERO, Duration.ofSeconds(-1), Duration.ofNanos(999_999), Duration.ofDays(367)
          }) {
        assertThat(catchThrowable(() -> gate.penaltyBox().ban(key, bad)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("length: " + bad + " (expected: PT0.001S to 366 days)");
      }
      assertThat(gate.penaltyBox().list()).isEmpty();
      assertThatCode(() -> gate.penaltyBox().ban(key, Duration.ofDays(366)))
          .doesNotThrowAnyException();
    }
  }

  static Stream<Arguments> missing_partIsNamed() {
    Gate gate = gate();
    gate.close();
    return Stream.of(
        given("name", () -> Rule.named(null)),
        given("match", () -> rule("r").match(null)),
        given("keyBy", () -> rule("r").per(null)),
        given("plan", () -> rule("r").plan(null, QUOTA)),
        given("plan", () -> rule("r").planBy(null)),
        given("cost", () -> rule("r").cost(null)),
        given("outcome", () -> rule("r").chargeWhen(null)),
        given("ban", () -> rule("r").ban(null)),
        given("onFailure", () -> rule("r").onFailure(null)),
        given("contentType", () -> rule("r").refusalBody(null, verdict -> "")),
        given("text", () -> rule("r").refusalBody("text/plain", null)),
        given("whenFull", () -> rule("r").whenFull(null)),
        given("rule", () -> Gate.builder().rule(null)),
        given("clients", () -> Gate.builder().clients(null)),
        given("match", () -> Gate.builder().exempt(null)),
        given("fields", () -> Gate.builder().fields(null)),
        given("onFailure", () -> Gate.builder().onFailure(null)),
        given("listener", () -> Gate.builder().listener(null)),
        given("ticker", () -> Gate.builder().ticker(null)),
        given("within", () -> BanPolicy.after(1, null)),
        given("length", () -> BanPolicy.after(1, MINUTE).banFor((Duration) null)),
        given("rules", () -> gate.replaceRules(null)),
        given("rule", () -> gate.replaceRule(null)),
        given("allow", () -> gate.replaceAllowed(null)),
        given("deny", () -> gate.replaceDenied(null)),
        given("key", () -> gate.reset(null)),
        given("notice", () -> gate.notice(null)),
        given("key", () -> gate.penaltyBox().ban(null, MINUTE)),
        given("length", () -> gate.penaltyBox().ban(ClientKey.text("k", "v"), null)),
        given("key", () -> gate.penaltyBox().unban(null)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void missing_partIsNamed(String parameter, ThrowingCallable code) {
    assertThatNullPointerException().isThrownBy(code).withMessage(parameter);
  }

  @Test
  void toString_ofARule_namesItsQuotas() {
    assertThat(rule("r").per(KeyBy.principal()).shadow().build())
        .hasToString("Rule[r, [1 per PT1M], shadow]");
  }
}

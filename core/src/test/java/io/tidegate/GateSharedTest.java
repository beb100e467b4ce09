package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.Price;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.SharedLimits;
import io.tidegate.limit.TokenBucket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules whose limits several gates keep together. */
class GateSharedTest {

  private static final byte[] SECRET = "sixteen bytes or more, at random".getBytes();

  /** What a server would do, in this process. */
  private final Map<String, KeyedRateLimiter<Long>> limiters = new HashMap<>();

  private final SharedLimits shared =
      (name, quota) ->
          limiters.merge(
              name,
              TokenBucket.keyed(quota, KeyFunnel.hashed()).build(),
              (before, made) -> before.withQuota(quota));

  private Rule rule(Quota quota) {
    return Rule.named("api").per(KeyBy.address()).quota(quota).sharedBy(shared).build();
  }

  private Gate node(Quota quota) {
    return Gate.builder().keySecret(SECRET).rule(rule(quota)).build();
  }

  @Test
  void nodesThatShareALimit_admitAsManyTogetherAsOneWould() {
    try (Gate one = node(Quota.perDay(5));
        Gate two = node(Quota.perDay(5))) {
      int admitted = 0;
      for (int i = 0; i < 10; i++) {
        admitted += (i % 2 == 0 ? one : two).enter(FakeRequest.get("/")).admitted() ? 1 : 0;
      }
      assertThat(admitted).isEqualTo(5);
      assertThat(limiters).containsOnlyKeys("api");
    }
  }

  @Test
  void replacedRule_goesOnFromWhatIsOwed() {
    try (Gate gate = node(Quota.perDay(5))) {
      for (int i = 0; i < 5; i++) {
        gate.enter(FakeRequest.get("/"));
      }
      gate.replaceRules(List.of(rule(Quota.perDay(5).withBurst(6))));
      assertThat(TestGates.admitted(gate, 9, FakeRequest.get("/"))).isEqualTo(1);
    }
  }

  @Test
  void sharedRuleInAGateWithoutASecret_isRefused() {
    Rule rule = rule(Quota.perDay(5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gate.builder().rule(rule).build())
        .withMessage("keySecret: none (expected: one, since rule api is shared by nodes)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gate.builder().keySecret(new byte[15]))
        .withMessage("secret: 15 bytes (expected: at least 16, random)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Rule.named("w").quota(Quota.perDay(5)).slidingWindow().sharedBy(shared).build())
        .withMessage("sharedBy: rule w (expected: a token bucket, not a sliding window)");
  }

  @Test
  void visitorsPass_isGoodForItsBudget_onAllNodesTogether() {
    try (Gate one = selling();
        Gate two = selling()) {
      FakeRequest register = FakeRequest.get("/register");
      assertThat(TestGates.admitted(one, 9, register)).isEqualTo(4);
      assertThat(TestGates.admitted(two, 9, register)).isEqualTo(4);
      String pass = ChallengeGates.buyPass(one, Reply.of(one.enter(register)), FakeRequest.CLIENT);
      FakeRequest paid = register.header(ChallengeGates.PASS, pass);
      int admitted = 0;
      for (int i = 0; i < 8; i++) {
        admitted += (i % 2 == 0 ? one : two).enter(paid).admitted() ? 1 : 0;
      }
      assertThat(admitted).isEqualTo(3);
      assertThat(limiters).containsKey("visitor-pass");
    }
  }

  private Gate selling() {
    return Gate.builder()
        .keySecret(SECRET)
        .challenges(
            Challenges.builder(KeyRing.of("k", ChallengeGates.SECRET))
                .price(Price.builder().hashesPerSecond(1_000).build())
                .visitorBudget(Quota.perHour(3))
                .sharedBy(shared)
                .build())
        .rule(Rule.named("sold").quota(Quota.perHour(4)).challenge().build())
        .build();
  }
}

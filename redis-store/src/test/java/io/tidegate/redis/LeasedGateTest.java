package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Gate;
import io.tidegate.GateRequest;
import io.tidegate.Rule;
import io.tidegate.Verdict;
import io.tidegate.client.IpAddress;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A rule of two gates, on two nodes, that share its quota. */
class LeasedGateTest {

  private static final byte[] KEY_SECRET =
      "a secret of the gates, not of the store".getBytes(StandardCharsets.UTF_8);

  private record Get(String address) implements GateRequest {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String path() {
      return "/";
    }

    @Override
    public String host() {
      return "example.com";
    }

    @Override
    public IpAddress peer() {
      return IpAddress.parse(address);
    }

    @Override
    public String header(String name) {
      return null;
    }

    @Override
    public Iterable<String> headers(String name) {
      return List.of();
    }

    @Override
    public String principal() {
      return null;
    }
  }

  private static Rule rule(RedisStore store, Quota quota) {
    return Rule.named("api")
        .per(KeyBy.address())
        .quota(quota)
        .sharedBy(store.leased().lease(1))
        .build();
  }

  private static Gate gate(RedisStore store) {
    return Gate.builder().keySecret(KEY_SECRET).rule(rule(store, Quota.perDay(6))).build();
  }

  private static boolean admits(Gate gate, RedisStore store, String address) {
    Verdict verdict = gate.enter(new Get(address));
    if (verdict.admitted()) {
      verdict.permit().close(200);
    }
    Until.isTrue(
        "the server knows",
        Duration.ofSeconds(20),
        () -> store.status().decided() == store.status().trips());
    return verdict.admitted();
  }

  @Test
  void twoGates_shareAQuota_evenWhenARuleIsReplaced() {
    try (RedisProcess server = RedisProcess.start();
        RedisStore one = Stores.patient(server.uri()).build();
        RedisStore two = Stores.patient(server.uri()).build();
        Gate here = gate(one);
        Gate there = gate(two)) {
      int admitted = 0;
      for (int i = 0; i < 4; i++) {
        admitted += admits(here, one, "203.0.113.7") ? 1 : 0;
      }
      assertThat(admitted).isEqualTo(4);
      for (int i = 0; i < 8; i++) {
        admitted += admits(there, two, "203.0.113.7") ? 1 : 0;
      }
      assertThat(admitted)
          .as("6, and what the other node did not know when it began")
          .isBetween(6, 7);
      assertThat(admits(there, two, "203.0.113.8")).as("another client").isTrue();

      there.replaceRules(List.of(rule(two, Quota.perDay(6).withBurst(8))));
      int more = 0;
      for (int i = 0; i < 8; i++) {
        more += admits(there, two, "203.0.113.7") ? 1 : 0;
      }
      assertThat(admitted + more).as("2 more than before").isEqualTo(8);
    }
  }
}

package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.client.ClientKey;
import io.tidegate.client.IpAddress;
import io.tidegate.limit.Quota;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a decision costs the garbage collector: a flood is made of decisions. The yardstick is
 * measured first, in the same way, so the test is skipped on a virtual machine that does not count.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GateAllocationTest {

  private static final int MOST_BYTES = 256;
  private static final int CALLS = 10_000;
  private static final int FEWEST_ROUNDS = 5;
  private static final int MOST_ROUNDS = 200;

  private static final Quota ENDLESS =
      Quota.perSecond(1_000_000).withBurst(Duration.ofDays(100).toSeconds() * 1_000_000);

  @RegisterExtension final TestGates gates = new TestGates();

  private final PlainRequest request = new PlainRequest(IpAddress.parse("203.0.113.7"));
  private Object sink = "";

  /** A request that allocates nothing itself. */
  private record PlainRequest(IpAddress peer) implements GateRequest {
    @Override
    public String method() {
      return "POST";
    }

    @Override
    public String path() {
      return "/v1/chat/completions";
    }

    @Override
    public @Nullable String host() {
      return "api.example.com";
    }

    @Override
    public @Nullable String header(String name) {
      return null;
    }

    @Override
    public Iterable<String> headers(String name) {
      return List.of();
    }

    @Override
    public @Nullable String principal() {
      return null;
    }
  }

  /** Bytes per call, the least of some rounds: of more, as long as the code may not be warm. */
  private double bytesPerCall(double expected, Supplier<Object> call) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    double least = Double.MAX_VALUE;
    for (int round = 0;
        round < FEWEST_ROUNDS || (round < MOST_ROUNDS && least > expected);
        round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < CALLS; i++) {
        sink = call.get();
      }
      least = Math.min(least, (double) (threads.getThreadAllocatedBytes(id) - before) / CALLS);
    }
    return least;
  }

  @BeforeAll
  void calibrate() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
            && threads.isThreadAllocatedMemorySupported()
            && threads.isThreadAllocatedMemoryEnabled());
    assertThat(bytesPerCall(1, () -> "")).as("nothing").isLessThan(1);
    assertThat(bytesPerCall(80, () -> new byte[64])).as("64 bytes").isBetween(64.0, 96.0);
  }

  private Gate gate(Quota quota) {
    return gates.of(
        Rule.named("login").match(Match.post("/login")).quota(Quota.perMinute(5)).build(),
        Rule.named("register").match(Match.post("/register")).quota(Quota.perMinute(5)).build(),
        Rule.named("users").match(Match.get("/users/{id}")).quota(Quota.perMinute(5)).build(),
        Rule.named("chat").match(Match.post("/v1/chat/**")).quota(quota).build(),
        Rule.named("all").quota(ENDLESS).build());
  }

  @Test
  void admitted_fiveRulesOfWhichTwoMatch_allocatesLittle() {
    Gate gate = gate(ENDLESS);
    double bytes =
        bytesPerCall(
            MOST_BYTES,
            () -> {
              Verdict verdict = gate.enter(request);
              verdict.permit().close(200);
              return verdict;
            });
    assertThat(TestGates.counts(gate, "all").refused()).isZero();
    assertThat(TestGates.counts(gate, "chat").admitted()).isGreaterThan(CALLS);
    assertThat(bytes).as("bytes").isLessThanOrEqualTo(MOST_BYTES);
  }

  @Test
  void refused_fiveRulesOfWhichTwoMatch_allocatesLittle() {
    Gate gate = gate(Quota.perDay(1));
    gate.enter(request);
    double bytes = bytesPerCall(MOST_BYTES, () -> gate.enter(request));
    assertThat(TestGates.counts(gate, "chat").admitted()).isEqualTo(1);
    assertThat(bytes).as("bytes").isLessThanOrEqualTo(MOST_BYTES);
  }

  @Test
  void banned_allocatesLittle() {
    Gate gate = gate(Quota.perDay(1));
    gate.penaltyBox().ban(ClientKey.address(request.peer()), Duration.ofDays(1));
    double bytes = bytesPerCall(MOST_BYTES, () -> gate.enter(request));
    assertThat(gate.status().verdicts().get(Verdict.Kind.ADMITTED)).isZero();
    assertThat(bytes).as("bytes").isLessThanOrEqualTo(MOST_BYTES);
  }
}

package io.tidegate.jmh;

import io.tidegate.Gate;
import io.tidegate.GateRequest;
import io.tidegate.Verdict;
import io.tidegate.client.IpAddress;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The whole decision on a request: {@link FiveRules}, 10,000 addresses in random order behind one
 * proxy. An admitted request's permit is closed within the measured time.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(5)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class GateBenchmark {

  private static final int ADDRESSES = 10_000;
  private static final Quota AMPLE = Quota.perSecond(1_000_000);
  private static final Quota SCANT = Quota.of(1, Duration.ofSeconds(100));

  @Param({"admitted", "refused"})
  private String verdict = "admitted";

  private Gate gate = FiveRules.gate(AMPLE, AMPLE);
  private final Request[] requests = new Request[1 << 16];
  private int next;

  /** A request as an adapter would present it, with nothing of its own to parse. */
  private record Request(IpAddress peer, List<String> forwarded) implements GateRequest {
    @Override
    public String method() {
      return "POST";
    }

    @Override
    public String path() {
      return FiveRules.PATH;
    }

    @Override
    public @Nullable String host() {
      return "api.example.com";
    }

    @Override
    public @Nullable String header(String name) {
      return name.equals("X-Forwarded-For") ? forwarded.get(0) : null;
    }

    @Override
    public Iterable<String> headers(String name) {
      return name.equals("X-Forwarded-For") ? forwarded : List.of();
    }

    @Override
    public @Nullable String principal() {
      return null;
    }
  }

  @Setup
  public void fill() {
    gate.close();
    gate = FiveRules.gate(AMPLE, verdict.equals("admitted") ? AMPLE : SCANT);
    SplittableRandom random = new SplittableRandom(20_250_127);
    IpAddress proxy = IpAddress.parse("10.0.0.1");
    for (int i = 0; i < requests.length; i++) {
      int n = i < ADDRESSES ? i : random.nextInt(ADDRESSES); // each at least once
      String address = "198." + (18 + (n >> 16)) + "." + (n >> 8 & 255) + "." + (n & 255);
      requests[i] = new Request(proxy, List.of(address));
      gate.enter(requests[i]);
    }
    for (int i = requests.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      Request swapped = requests[i];
      requests[i] = requests[j];
      requests[j] = swapped;
    }
  }

  @TearDown
  public void close() {
    gate.close();
  }

  @Benchmark
  public Verdict decide() {
    return close(gate.enter(requests[next++ & requests.length - 1]));
  }

  /** As above, and writes the response's fields. */
  @Benchmark
  public Verdict decideAndTell(Blackhole response) {
    Verdict decided = gate.enter(requests[next++ & requests.length - 1]);
    decided.writeFields((name, value) -> response.consume(value));
    return close(decided);
  }

  private static Verdict close(Verdict decided) {
    if (decided.admitted()) {
      decided.permit().close(200);
    }
    return decided;
  }
}

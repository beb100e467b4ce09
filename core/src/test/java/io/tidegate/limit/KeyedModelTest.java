package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A keyed limiter with room for all against one single limiter per key that is never dropped: every
 * answer is the same, so nothing is dropped that still counts, whenever the store is cleaned up.
 */
class KeyedModelTest {

  private static final int KEYS = 12;

  /** Makes the two kinds that must agree. */
  record Kind(
      String name,
      BiFunction<Quota, KeyFunnel<String>, KeyedRateLimiter.Builder<String>> keyed,
      BiFunction<Quota, Ticker, RateLimiter> single) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Arguments> kinds() {
    return Stream.of(
            new Kind("bucket", TokenBucket::keyed, TokenBucket::of),
            new Kind("counter", SlidingWindow::keyedCounter, SlidingWindow::counter),
            new Kind("log", SlidingWindow::keyedLog, SlidingWindow::log))
        .flatMap(
            kind ->
                List.of(Quota.perSecond(3), Quota.perMinute(5), Quota.perDay(1), Quota.perHour(100))
                    .stream()
                    .map(quota -> Arguments.of(kind, quota)));
  }

  private record Open(Reservation keyed, Reservation single, long estimate, long until) {}

  @ParameterizedTest
  @MethodSource("kinds")
  void everyCall_comparedWithALimiterPerKey_answersTheSame(Kind kind, Quota quota) {
    long droppings = 0;
    for (long seed = 0; seed < 12; seed++) {
      RandomGenerator random = Subject.random(quota, seed);
      ManualTicker ticker = new ManualTicker(Schedule.anyStart(random));
      KeyedRateLimiter<String> keyed =
          kind.keyed.apply(quota, KeyFunnel.ofString()).ticker(ticker).maxKeys(KEYS).build();
      Map<String, RateLimiter> singles = new HashMap<>();
      for (int i = 0; i < KEYS; i++) {
        singles.put("key" + i, kind.single.apply(quota, ticker));
      }
      ArrayDeque<Open> open = new ArrayDeque<>();
      long now = 0;
      for (int call = 0; call < 400; call++) {
        long step = someStep(random, quota);
        now += step;
        ticker.advanceNanos(step);
        settle(open, now, random, quota);
        if (random.nextInt(4) == 0) {
          long before = keyed.keys();
          keyed.cleanUp();
          droppings += before - keyed.keys();
        }
        String key = "key" + random.nextInt(random.nextInt(KEYS) + 1);
        RateLimiter single = singles.get(key);
        long permits = Subject.somePermits(random, quota.burst() + 1);
        String context = kind + ", " + quota + ", seed " + seed + ", call " + call;
        switch (random.nextInt(5)) {
          case 0 ->
              assertThat(keyed.tryAcquire(key, permits))
                  .as(context)
                  .isEqualTo(single.tryAcquire(permits));
          case 1 ->
              assertThat(keyed.peek(key, permits)).as(context).isEqualTo(single.peek(permits));
          case 2 -> {
            long estimate = Subject.somePermits(random, quota.burst());
            Reservation one = keyed.reserve(key, estimate);
            Reservation other = single.reserve(estimate);
            assertThat(one.decision()).as(context).isEqualTo(other.decision());
            open.add(new Open(one, other, estimate, now + Quotas.intervalNanos(quota)));
          }
          default ->
              assertThat(keyed.decide(key, permits)).as(context).isEqualTo(single.decide(permits));
        }
        assertThat(keyed.admits(key, permits))
            .as(context)
            .isEqualTo(single.peek(permits).admitted());
      }
      assertThat(keyed.crowdedOut()).isZero();
    }
    assertThat(droppings).as("keys dropped").isGreaterThan(20);
  }

  /** Settles at once or before one permit is paid off: what is later may be dropped on one side. */
  private static void settle(ArrayDeque<Open> open, long now, RandomGenerator random, Quota quota) {
    while (!open.isEmpty() && (random.nextBoolean() || open.peek().until <= now)) {
      Open settled = open.remove();
      long actual =
          settled.until <= now
              ? settled.estimate
              : switch (random.nextInt(3)) {
                case 0 -> random.nextLong(settled.estimate + 1);
                case 1 -> settled.estimate + random.nextLong(2 * quota.burst());
                default -> Long.MAX_VALUE;
              };
      settled.keyed.settle(actual);
      settled.single.settle(actual);
    }
  }

  private static long someStep(RandomGenerator random, Quota quota) {
    long window = Quotas.windowNanos(quota);
    return switch (random.nextInt(8)) {
      case 0 -> random.nextLong(Quotas.intervalNanos(quota)) + 1;
      case 1 -> random.nextLong(window / 4) + 1;
      case 2 -> random.nextInt(12) == 0 ? random.nextLong(4 * window) : 0;
      case 3 -> random.nextInt(40) == 0 ? 10 * window + 2_000_000_000L : 0;
      default -> 0;
    };
  }
}

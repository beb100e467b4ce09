package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes of a new client before the server has answered, if no lease is said. */
class LeaseDefaultTest {

  private static long admittedAtOnce(int permits, int calls) {
    try (RedisProcess server = RedisProcess.start();
        FaultyProxy proxy = new FaultyProxy(server.port);
        RedisStore store = Stores.patient(proxy.uri()).nodes(3).build()) {
      proxy.answerDelayMillis = 500;
      KeyedRateLimiter<Long> limiter = store.leased().limiter("api", Quota.perMinute(permits));
      return LongStream.range(0, calls).filter(call -> limiter.tryAcquire(1L, 1)).count();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 60})
  void page_withSixRequests_isServed(int permits) {
    assertThat(admittedAtOnce(permits, 6)).isEqualTo(6);
  }

  @Test
  void burst_isNeverPassed() {
    assertThat(admittedAtOnce(3, 6)).isLessThanOrEqualTo(3);
  }
}

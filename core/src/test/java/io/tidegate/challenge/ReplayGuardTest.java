package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.challenge.ReplayGuard.Claim;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplayGuardTest {

  private final WallClock clock = new WallClock();

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /** Against a map that forgets nothing it should not. */
  @Test
  void claim_underAnyOrder_isExact() {
    record Id(long high, long low) {}
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      MemoryReplayGuard guard = new MemoryReplayGuard(50, clock);
      Map<Id, Long> model = new HashMap<>();
      for (int call = 0; call < 3_000; call++) {
        if (random.nextInt(10) == 0) {
          clock.advance(Duration.ofSeconds(random.nextInt(5)));
        }
        model.values().removeIf(expiry -> expiry < now());
        Id id = new Id(random.nextInt(40), (long) random.nextInt(5) << 62);
        long seconds = random.nextInt(30);
        Claim claim = guard.claim(id.high, id.low, seconds);
        if (model.containsKey(id)) {
          assertThat(claim).as("seed %d, call %d", seed, call).isEqualTo(Claim.AGAIN);
        } else if (claim == Claim.FIRST) {
          model.put(id, now() + seconds + 1);
        } else {
          assertThat(claim).isEqualTo(Claim.FULL);
          assertThat(model.size()).as("seed %d, call %d", seed, call).isGreaterThan(25);
        }
      }
    }
  }

  @Test
  void guard_holdsWhatItSays() {
    for (int maxIds : new int[] {1, 2, 999, 100_000}) {
      MemoryReplayGuard guard = new MemoryReplayGuard(maxIds, clock);
      Random random = new Random(maxIds);
      for (int i = 0; i < maxIds; i++) {
        assertThat(guard.claim(random.nextLong(), random.nextLong(), 60))
            .as("id %d of %d", i, maxIds)
            .isEqualTo(Claim.FIRST);
      }
      random = new Random(maxIds);
      for (int i = 0; i < maxIds; i++) {
        assertThat(guard.claim(random.nextLong(), random.nextLong(), 60)).isEqualTo(Claim.AGAIN);
      }
    }
  }

  @Test
  void aMillionIds_takeLessThan32MiB() {
    long before = used();
    MemoryReplayGuard guard = new MemoryReplayGuard(1_000_000, clock);
    Random random = new Random(1);
    for (int i = 0; i < 1_000_000; i++) {
      assertThat(guard.claim(random.nextLong(), random.nextLong(), 60)).isEqualTo(Claim.FIRST);
    }
    long bytes = used() - before;
    assertThat(bytes).isBetween(16L << 20, 32L << 20);
    assertThat(guard.claim(0, 0, 1)).isEqualTo(Claim.FIRST);
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}

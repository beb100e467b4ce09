package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.ClientKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The heaviest offenders, in fixed space: what Space-Saving promises. */
class OffendersTest {

  private static final int COUNTERS = 128;
  private static final int SAMPLED = 64;

  private static ClientKey key(long id) {
    return ClientKey.principal("user" + id);
  }

  private static Map<String, GateStatus.Offender> byClient(Offenders offenders) {
    Map<String, GateStatus.Offender> found = new HashMap<>();
    offenders.heaviest().forEach(one -> assertThat(found.put(one.client(), one)).isNull());
    return found;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void counts_areTooHighByAtMostTheirErrorAndNeverTooLow(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Offenders offenders = new Offenders();
    Map<Long, Long> exact = new HashMap<>();
    int total = 20_000;
    for (int i = 0; i < total; i++) {
      // A few heavy ones among very many light ones.
      long id = random.nextInt(3) == 0 ? random.nextInt(10) : random.nextInt(5_000);
      exact.merge(id, (long) SAMPLED, Long::sum);
      offenders.add(id, key(id));
    }
    Map<String, GateStatus.Offender> found = byClient(offenders);
    assertThat(found).as("seed %d", seed).hasSize(COUNTERS);
    int kept = 0;
    for (Map.Entry<Long, Long> one : exact.entrySet()) {
      GateStatus.Offender offender = found.get(key(one.getKey()).label());
      if (offender == null) {
        assertThat(one.getValue())
            .as("seed %d: %s was forgotten", seed, one)
            .isLessThanOrEqualTo((long) total * SAMPLED / COUNTERS);
        continue;
      }
      kept++;
      assertThat(offender.refusals()).as("seed %d", seed).isGreaterThanOrEqualTo(one.getValue());
      assertThat(offender.refusals() - offender.error())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(one.getValue());
      assertThat(offender.error())
          .as("seed %d", seed)
          .isLessThanOrEqualTo((long) total * SAMPLED / COUNTERS);
    }
    assertThat(kept).isEqualTo(COUNTERS);
    assertThat(found.values().stream().mapToLong(GateStatus.Offender::refusals).sum())
        .as("seed %d: every refusal is in one counter", seed)
        .isEqualTo((long) total * SAMPLED);
  }

  @Test
  void list_isHeaviestFirst() {
    Offenders offenders = new Offenders();
    for (long id = 1; id <= 50; id++) {
      for (long i = 0; i < (id * 37) % 50; i++) {
        offenders.add(id, key(id));
      }
    }
    List<Long> counts = new ArrayList<>();
    offenders.heaviest().forEach(one -> counts.add(one.refusals()));
    assertThat(counts).hasSize(49).isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  void sample_isOneInSixtyFour() {
    int sampled = 0;
    for (int i = 0; i < 640_000; i++) {
      sampled += Offenders.isSampled() ? 1 : 0;
    }
    assertThat(sampled).as("six deviations").isBetween(9_400, 10_600);
  }

  @Test
  void race_losesSomeRefusalsAndInventsNone() throws Exception {
    Offenders offenders = new Offenders();
    Threads.run(
        4,
        thread -> {
          for (int i = 0; i < 5_000; i++) {
            offenders.add((long) (i % 10), key(i % 10));
          }
          return true;
        });
    assertThat(offenders.heaviest())
        .hasSize(10)
        .allMatch(one -> one.refusals() <= 2_000L * SAMPLED && one.error() == 0);
  }
}

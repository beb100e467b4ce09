package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Quota;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.greenbytes.http.sfv.Item;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.Parser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written reads back, by a parser that is not ours, as what it was written from. */
class StructuredFieldsTest {

  private static final int ROUNDS = 500;
  private static final long MOST = 999_999_999_999_999L;

  /** One answer to one client, drawn from a seed. */
  private record Answer(
      String description,
      PolicySet set,
      List<Decision> decisions,
      boolean refusal,
      int deciding,
      long retryAfter) {

    static Answer draw(long seed, int round, RandomInput random) {
      int count = 1 + random.below(5);
      boolean refusal = random.below(3) > 0;
      return new Answer(
          "seed " + seed + ", round " + round,
          PolicySet.of(random.policies(count)),
          random.decisions(count),
          refusal,
          refusal ? random.below(count + 1) - 1 : -1,
          refusal && random.below(4) > 0 ? 1 + random.upTo(999_999_998) : 0);
    }

    Map<String, String> by(RateLimitFields writer) {
      return Fields.of(
          out -> {
            if (refusal) {
              writer.refused(set, decisions, deciding, retryAfter, out);
            } else {
              writer.admitted(set, decisions, out);
            }
          });
    }

    List<Policy> policies() {
      return set.policies();
    }

    /** The time to full in seconds, rounded up. */
    long full(int index) {
      return BigDecimal.valueOf(decisions.get(index).resetAfterNanos(), 9)
          .setScale(0, RoundingMode.CEILING)
          .min(BigDecimal.valueOf(999_999_999))
          .longValueExact();
    }

    int tightest() {
      int tightest = Math.max(deciding, 0);
      for (int i = 1; i < policies().size() && deciding < 0; i++) {
        if (cross(i, tightest).compareTo(cross(tightest, i)) < 0) {
          tightest = i;
        }
      }
      return tightest;
    }

    /** What is left of one times the burst of the other. */
    private BigInteger cross(int left, int burst) {
      return BigInteger.valueOf(decisions.get(left).remaining())
          .multiply(BigInteger.valueOf(policies().get(burst).quota().burst()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void draft11_readsBack(long seed) {
    RandomInput random = new RandomInput(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Answer answer = Answer.draw(seed, round, random);
      Map<String, String> fields = answer.by(RateLimitFields.draft11());

      Map<String, Map<String, Long>> policies = new LinkedHashMap<>();
      Map<String, Map<String, Long>> limits = new LinkedHashMap<>();
      for (int i = 0; i < answer.policies().size(); i++) {
        String name = answer.policies().get(i).name();
        policies.put(name, told(answer.policies().get(i).quota()));
        limits.put(
            name,
            Map.of("r", Math.min(answer.decisions().get(i).remaining(), MOST), "t", t(answer, i)));
      }
      assertThat(namedItems(fields.get("RateLimit-Policy")))
          .as(answer.description())
          .isEqualTo(policies);
      assertThat(namedItems(fields.get("RateLimit"))).as(answer.description()).isEqualTo(limits);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void draft11_noTimeEndsAfterRetryAfterAndTheDecidingOneEndsWithIt(long seed) {
    RandomInput random = new RandomInput(seed);
    int checked = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Answer answer = Answer.draw(seed, round, random);
      Map<String, String> fields = answer.by(RateLimitFields.draft11());
      String retryAfter = fields.get("Retry-After");
      assertThat(retryAfter != null)
          .as("Retry-After, %s", answer.description())
          .isEqualTo(answer.retryAfter() > 0);
      if (retryAfter == null) {
        continue;
      }
      long wait = Long.parseLong(retryAfter);
      Map<String, Map<String, Long>> limits = namedItems(fields.get("RateLimit"));
      assertThat(limits.values())
          .as(answer.description())
          .allSatisfy(limit -> assertThat(limit.get("t")).isLessThanOrEqualTo(wait));
      if (answer.deciding() >= 0) {
        String name = answer.policies().get(answer.deciding()).name();
        assertThat(limits.get(name)).as(answer.description()).containsEntry("t", wait);
        checked++;
      }
    }
    assertThat(checked).as("refusals by a policy, seed %d", seed).isGreaterThan(ROUNDS / 10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void olderDialects_readBack(long seed) {
    RandomInput random = new RandomInput(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Answer answer = Answer.draw(seed, round, random);
      int tightest = answer.tightest();
      long limit = Math.min(answer.policies().get(tightest).quota().permits(), MOST);
      long left = Math.min(answer.decisions().get(tightest).remaining(), limit);
      long reset = answer.retryAfter() > 0 ? answer.retryAfter() : answer.full(tightest);

      Map<String, String> seven = answer.by(RateLimitFields.draft07());
      assertThat(dictionary(seven.get("RateLimit")))
          .as(answer.description())
          .isEqualTo(Map.of("limit", limit, "remaining", left, "reset", reset));

      Map<String, String> six = answer.by(RateLimitFields.draft06().withLegacy());
      for (String prefix : List.of("", "X-")) {
        assertThat(six)
            .as(answer.description())
            .containsEntry(prefix + "RateLimit-Limit", Long.toString(limit))
            .containsEntry(prefix + "RateLimit-Remaining", Long.toString(left))
            .containsEntry(prefix + "RateLimit-Reset", Long.toString(reset));
      }

      Map<Long, Long> windows = numberedItems(seven.get("RateLimit-Policy"));
      assertThat(windows).as(answer.description()).isEqualTo(longestWindows(answer));
      assertThat(six.get("RateLimit-Policy")).isEqualTo(seven.get("RateLimit-Policy"));
    }
  }

  private static long t(Answer answer, int index) {
    if (answer.retryAfter() == 0) {
      return answer.full(index);
    }
    return index == answer.deciding()
        ? answer.retryAfter()
        : Math.min(answer.full(index), answer.retryAfter());
  }

  private static Map<String, Long> told(Quota quota) {
    Map<String, Long> told = new LinkedHashMap<>();
    told.put("q", Math.min(quota.permits(), MOST));
    if (quota.window().toNanosPart() == 0) {
      told.put("w", quota.window().toSeconds());
    }
    return told;
  }

  /** The longest window in whole seconds for each limit that has one. */
  private static Map<Long, Long> longestWindows(Answer answer) {
    Map<Long, Long> windows = new TreeMap<>();
    for (Policy policy : answer.policies()) {
      Map<String, Long> told = told(policy.quota());
      if (told.containsKey("w")) {
        windows.merge(told.get("q"), told.get("w"), Math::max);
      }
    }
    return windows;
  }

  private static Map<String, Map<String, Long>> namedItems(String field) {
    Map<String, Map<String, Long>> items = new LinkedHashMap<>();
    for (ListElement<?> item : Parser.parseList(field).get()) {
      assertThat(items.put((String) item.get(), parameters(item)))
          .as("twice in %s", field)
          .isNull();
    }
    return items;
  }

  private static Map<Long, Long> numberedItems(String field) {
    Map<Long, Long> items = new TreeMap<>();
    List<ListElement<?>> list = field == null ? List.of() : new ArrayList<>(list(field));
    for (ListElement<?> item : list) {
      Map<String, Long> parameters = parameters(item);
      assertThat(parameters).containsOnlyKeys("w");
      assertThat(items.put((Long) item.get(), parameters.get("w")))
          .as("twice in %s", field)
          .isNull();
    }
    return items;
  }

  private static List<ListElement<?>> list(String field) {
    return new ArrayList<>(Parser.parseList(field).get());
  }

  private static Map<String, Long> parameters(ListElement<?> item) {
    Map<String, Long> parameters = new LinkedHashMap<>();
    for (Map.Entry<String, Item<?>> parameter : item.getParams().entrySet()) {
      parameters.put(parameter.getKey(), (Long) parameter.getValue().get());
    }
    return parameters;
  }

  private static Map<String, Long> dictionary(String field) {
    Map<String, Long> values = new LinkedHashMap<>();
    Parser.parseDictionary(field)
        .get()
        .forEach((key, value) -> values.put(key, (Long) value.get()));
    return values;
  }
}

package io.tidegate.http;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Decision.Outcome;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Policies, decisions and texts drawn from a seed. */
final class RandomInput {

  private static final String NASTY =
      "\r\n\t\0 \"\\,;=:/%<>\u007f\u0080\u00e9\u010a\u010d\u2028\u2029\ud800\udc00\uffff";

  private final SplittableRandom random;

  RandomInput(long seed) {
    random = new SplittableRandom(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A number of any size: as many small ones as large ones. */
  long upTo(long bound) {
    return Math.min(bound, random.nextLong() >>> 1 + random.nextInt(63));
  }

  Quota quota() {
    Duration window =
        random.nextInt(4) == 0
            ? Duration.ofNanos(1 + upTo(86_400_000_000_000L))
            : Duration.ofSeconds(1 + upTo(86_400 * 300 - 1));
    Quota quota = Quota.of(1 + upTo(window.toNanos() - 1), window);
    return random.nextBoolean() ? quota : quota.withBurst(1 + upTo(quota.permits() - 1));
  }

  List<Policy> policies(int count) {
    List<Policy> policies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      policies.add(Policy.of(printable(1 + random.nextInt(63)) + i, quota()));
    }
    return policies;
  }

  List<Decision> decisions(int count) {
    List<Decision> decisions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Outcome outcome = Outcome.values()[random.nextInt(3)];
      decisions.add(
          new Decision(outcome, upTo(Long.MAX_VALUE), upTo(Long.MAX_VALUE), upTo(Long.MAX_VALUE)));
    }
    return decisions;
  }

  private String printable(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) (0x20 + random.nextInt(0x5F)));
    }
    return text.toString();
  }

  /** Any UTF-16, valid or not, with more of what breaks things than chance would bring. */
  String text(int longest) {
    int length = random.nextInt(longest + 1);
    boolean mostlyPlain = random.nextBoolean();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      if (mostlyPlain && random.nextInt(20) > 0) {
        text.append((char) (0x20 + random.nextInt(0x5F)));
      } else if (random.nextBoolean()) {
        text.append(NASTY.charAt(random.nextInt(NASTY.length())));
      } else {
        text.append((char) random.nextInt(0x1_0000));
      }
    }
    return text.toString();
  }
}

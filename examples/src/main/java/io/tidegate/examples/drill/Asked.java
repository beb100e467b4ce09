package io.tidegate.examples.drill;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a refusal asks for: a challenge as it stands in the page, or in the problem document.
 *
 * @param work digests, on the drill's scale
 */
record Asked(String token, long work) {

  private static final Pattern PAGE_TOKEN = Pattern.compile("data-token=\"([^\"]+)\"");
  private static final Pattern PAGE_WORK = Pattern.compile("data-work=\"([0-9]{1,15})\"");
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
  private static final Pattern WORK = Pattern.compile("\"work\":([0-9]{1,15})");

  /** Null if nothing is asked. */
  static @Nullable Asked of(Answer answer) {
    boolean page = answer.body().startsWith("<");
    String token = Forms.found(page ? PAGE_TOKEN : TOKEN, answer.body());
    String work = Forms.found(page ? PAGE_WORK : WORK, answer.body());
    return token.isEmpty() || work.isEmpty() ? null : new Asked(token, Long.parseLong(work));
  }

  /** How long somebody works for it who makes so many real digests in a second. */
  long nanos(long hashesPerSecond) {
    return (long) (1e9 * work * Settings.SCALE / hashesPerSecond);
  }
}

package io.tidegate.examples;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A language model that has only one thing to say, and takes the time that a real one would. Like a
 * real one it can serve only so many at once: the gate gives them slots.
 *
 * <p>Safe for use by many threads. Whoever waits for it holds a slot, but no thread.
 */
final class Generator {

  private static final List<String> ANSWER =
      Pattern.compile("(?<= )")
          .splitAsStream(
              "The river flows out, the flood stays outside, and the gate is not a wall: it opens "
                  + "for you at low tide.")
          .toList();

  private static final int MOST_TOKENS = 512;

  /** How long a whole answer takes. */
  static final Duration WHOLE = Duration.ofMillis(40);

  /** How long each token of a stream takes. */
  static final Duration TOKEN = Duration.ofMillis(25);

  /** The tokens of an answer. */
  List<String> answer(ChatRequest request) {
    return ANSWER.subList(0, Math.min(ANSWER.size(), request.maxTokens()));
  }

  /** How many tokens an answer can have: what a real model would not know better before. */
  static int most(ChatRequest request) {
    return Math.min(MOST_TOKENS, request.maxTokens());
  }

  /** Whether that is all it had to say. */
  boolean isWhole(List<String> answer) {
    return answer.size() == ANSWER.size();
  }
}

package io.tidegate.examples;

import io.tidegate.limit.Spending;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One answer in the making, and the tokens that it has cost so far. Who goes away pays for what was
 * made.
 */
final class Generation implements Parts.Work {

  private final @Nullable Spending spending;
  private final IntUnaryOperator tokens;

  /**
   * An answer whose question has been read.
   *
   * @param question how many tokens the question has
   * @param tokens how many each part of the answer has
   */
  Generation(@Nullable Spending spending, int question, IntUnaryOperator tokens) {
    this.spending = spending;
    this.tokens = tokens;
    meter(question);
  }

  private void meter(long tokens) {
    if (spending != null) {
      spending.meter(Usage.TOKENS, tokens); // all was reserved, so it is always to be had
    }
  }

  @Override
  public void made(int part) {
    meter(tokens.applyAsInt(part));
  }

  @Override
  public void close() {
    if (spending != null) {
      spending.close();
    }
  }
}

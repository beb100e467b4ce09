package io.tidegate;

/**
 * Hears of what a gate refuses. Called on the thread of the request, during a flood for every
 * refusal: count, sample or hand over, and return. What it throws is counted and dropped.
 */
@FunctionalInterface
public interface GateListener {

  /**
   * Something happened.
   *
   * @param event what
   */
  void on(GateEvent event);
}

package io.tidegate.redis;

/** Is told what happens between this node and the server. */
@FunctionalInterface
public interface StoreListener {

  /**
   * Something happened. Called by threads that must not be held up: those that read from the
   * server. What it throws is dropped.
   *
   * @param event what
   */
  void on(StoreEvent event);
}

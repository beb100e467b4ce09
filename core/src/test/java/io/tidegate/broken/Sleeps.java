package io.tidegate.broken;

/** Breaks one rule of the architecture on purpose. */
public final class Sleeps {
  void rest() throws InterruptedException {
    Thread.sleep(1);
  }
}

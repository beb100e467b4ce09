package io.tidegate.broken;

/** Breaks one rule of the architecture on purpose. */
public final class PrintsStackTrace {
  void print(Exception e) {
    e.printStackTrace();
  }
}

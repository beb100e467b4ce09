package io.tidegate.broken;

/** Breaks one rule of the architecture on purpose. */
public final class PrintsOut {
  void print() {
    System.out.println("noise");
  }
}

package io.tidegate.examples.drill.sim;

/** Where events come from. */
interface Source {

  /** When the next event is, in nanoseconds from the start; the largest number if there is none. */
  long next();

  /** Has it happen. */
  void run();
}

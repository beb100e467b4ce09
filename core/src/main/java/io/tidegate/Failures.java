package io.tidegate;

/** What the gate decides by a failure policy, and what it must not touch. */
final class Failures {

  private Failures() {}

  /**
   * Throws on what no policy can decide: a virtual machine that is out of memory or broken. All
   * else, an assertion or an endless recursion in a user's code included, is a failure like any
   * other.
   */
  static void throwIfFatal(Throwable failure) {
    if (failure instanceof VirtualMachineError fatal && !(failure instanceof StackOverflowError)) {
      throw fatal;
    }
  }

  /** A failure as what may be thrown anywhere. */
  static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failure);
  }
}

package io.tidegate.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A state of one 64-bit word that changes by compare-and-set alone. */
class Word {

  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Word.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through VALUE
  private volatile long value;

  Word(long initial) {
    VALUE.setRelease(this, initial);
  }

  final long get() {
    return value;
  }

  final boolean compareAndSet(long expected, long next) {
    return VALUE.compareAndSet(this, expected, next);
  }

  /**
   * A word alone on its cache lines, for a limiter that many threads share: without it, writes to
   * whatever the collector laid beside the word would slow every decision. The fields after the
   * word keep the next object off its line; the line before it begins with this object's own header
   * and the filler of the superclass layout, which nobody writes.
   */
  static final class Padded extends Word {
    @SuppressWarnings("unused")
    private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;

    Padded(long initial) {
      super(initial);
    }
  }
}

package io.tidegate.overload;

/**
 * Words that each break one rule. What tests say of the real one they must be able to refute of
 * these.
 */
final class Twins {

  private Twins() {}

  /** Looks whether a slot is free, and takes one afterwards. */
  static final class CheckThenAct extends SlotWord {
    CheckThenAct(int slots) {
      super(slots);
    }

    @Override
    boolean tryTake() {
      if (!isFree(word.get())) {
        return false;
      }
      Thread.yield();
      word.incrementAndGet();
      return true;
    }
  }

  /** Looks whether somebody waits, and frees the slot afterwards whoever has come meanwhile. */
  static final class ReleaseWithoutSecondLook extends SlotWord {
    ReleaseWithoutSecondLook(int slots) {
      super(slots);
    }

    @Override
    boolean tryRelease() {
      long seen = word.get();
      if (isWaitedFor(seen) && inUse(seen) <= slots(seen)) {
        return false;
      }
      Thread.yield();
      word.decrementAndGet();
      return true;
    }
  }

  /** Looks whether a slot is free, and says afterwards that somebody waits. */
  static final class WaitWithoutSecondLook extends SlotWord {
    WaitWithoutSecondLook(int slots) {
      super(slots);
    }

    @Override
    boolean takeOrWait() {
      if (tryTake()) {
        return true;
      }
      Thread.yield();
      word.getAndUpdate(seen -> seen | (1L << 62));
      return false;
    }
  }
}

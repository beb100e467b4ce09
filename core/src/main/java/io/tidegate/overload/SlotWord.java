package io.tidegate.overload;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many slots there are, how many are out, and whether somebody waits, in one word: so that no
 * decision is ever made on one of them while another changes.
 *
 * <p><b>The invariant</b>: if somebody waits, no slot is free. It holds of every word that is ever
 * stored, not only at rest, since every change is one compare-and-set from a word of which it holds
 * to another.
 *
 * <ul>
 *   <li>{@link #tryTake} takes a free slot. If one is free, nobody waits.
 *   <li>{@link #takeOrWait} marks that somebody waits only on a word in which no slot is free; if
 *       one has come back meanwhile, the compare-and-set fails, and it takes the slot.
 *   <li>{@link #tryRelease} frees a slot only on a word in which nobody waits, or more are out than
 *       there are. Else it frees nothing, and the slot is handed over, still out, under the lock.
 *   <li>{@link #releaseLast} frees a slot and says that nobody waits, in one.
 *   <li>{@link #grow} gives a slot more out as it adds one; {@link #setSlots} is not used to add
 *       any while somebody waits.
 * </ul>
 *
 * <p>So no wake-up is lost. A release and the mark of a waiter are two changes of one word, and one
 * of them is first. If it is the release, the waiter finds the slot free and never waits. If it is
 * the mark, the release finds it, goes for the lock, and there either finds the waiter in the
 * queue, or finds that the queue has emptied meanwhile, and frees the slot. The mark is set and
 * removed under the lock only, together with the queue's change from empty and to empty.
 *
 * <p>All methods are lock-free. Those that say so are called under the queue's lock.
 */
class SlotWord {

  static final int MOST_SLOTS = 1_000_000;

  private static final int BITS = 31;
  private static final long IN_USE = (1L << BITS) - 1;
  private static final long SLOTS = IN_USE << BITS;
  private static final long WAITED_FOR = 1L << (2 * BITS);

  final AtomicLong word;

  SlotWord(int slots) {
    this.word = new AtomicLong((long) slots << BITS);
  }

  static int inUse(long word) {
    return (int) (word & IN_USE);
  }

  static int slots(long word) {
    return (int) ((word & SLOTS) >>> BITS);
  }

  static boolean isWaitedFor(long word) {
    return (word & WAITED_FOR) != 0;
  }

  static boolean isFree(long word) {
    return inUse(word) < slots(word);
  }

  /** Takes a slot if one is free. */
  boolean tryTake() {
    long seen = word.get();
    while (isFree(seen)) {
      if (word.compareAndSet(seen, seen + 1)) {
        return true;
      }
      seen = word.get();
    }
    return false;
  }

  /** Gives a slot back, unless it is to be handed over to somebody who waits. */
  boolean tryRelease() {
    long seen = word.get();
    while (!isWaitedFor(seen) || inUse(seen) > slots(seen)) {
      if (word.compareAndSet(seen, seen - 1)) {
        return true;
      }
      seen = word.get();
    }
    return false;
  }

  /** Under the lock: takes a slot and returns true, or marks that somebody waits. */
  boolean takeOrWait() {
    while (true) {
      if (tryTake()) {
        return true;
      }
      long seen = word.get();
      if (!isFree(seen) && word.compareAndSet(seen, seen | WAITED_FOR)) {
        return false;
      }
    }
  }

  /** Under the lock: nobody waits any more. */
  void clearWaiting() {
    word.getAndUpdate(seen -> seen & ~WAITED_FOR);
  }

  /** Under the lock: frees a slot for which nobody waits any more. */
  void releaseLast() {
    word.getAndUpdate(seen -> (seen & ~WAITED_FOR) - 1);
  }

  /** Under the lock: one slot more is out, and there are at least as many as are out. */
  void grow() {
    word.getAndUpdate(
        seen -> {
          long more = seen + 1;
          return isFree(more) || inUse(more) == slots(more)
              ? more
              : (more & ~SLOTS) | ((long) inUse(more) << BITS);
        });
  }

  /**
   * Under the lock: sets how many slots there are, unless somebody waits for one that this would
   * free.
   */
  boolean setSlots(int slots) {
    while (true) {
      long seen = word.get();
      if (isWaitedFor(seen) && inUse(seen) < slots) {
        return false;
      }
      if (word.compareAndSet(seen, (seen & ~SLOTS) | ((long) slots << BITS))) {
        return true;
      }
    }
  }
}

package io.tidegate.overload;

import io.tidegate.limit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is done under the lock: requests come and go, and slots that come back are handed over.
 *
 * <p>When the lock is free, the mark in the word says whether the queue is empty, and all that were
 * taken out of it are in the hands of a thread that tells them next. See {@link SlotWord} for why
 * no slot and no waiter is lost between the two.
 */
final class WaitingRoom {

  private final Slots slots;
  private final SlotWord word;
  private final QueueClock clock;
  private final CompletionRate rate;
  private final WaitingQueue queue;
  private final ReentrantLock lock = new ReentrantLock();
  private final LateThread lateThread;
  private final Runnable noMoreMoves;
  private long arrivals;
  private long longest;
  private boolean closed;

  WaitingRoom(Slots slots, SlotWord word, Slots.Builder builder) {
    this.slots = slots;
    this.word = word;
    this.clock = new QueueClock(builder.ticker);
    this.rate = new CompletionRate(builder.queueTime.toNanos());
    this.queue = new WaitingQueue(builder.newcomerShare);
    if (builder.ownThread && builder.ticker instanceof ManualTicker manual) {
      this.lateThread = new LateThread(lock, this::expire, false);
      this.noMoreMoves = manual.afterEachMove(this::expire);
    } else {
      this.lateThread = new LateThread(lock, this::expire, builder.ownThread);
      this.noMoreMoves = () -> {};
    }
  }

  /** What is seen of the queue from outside. */
  record Look(int waiting, int places, Duration longestWait) {}

  Look look() {
    lock.lock();
    try {
      return new Look(queue.size(), rate.places(), Duration.ofNanos(longest));
    } finally {
      lock.unlock();
    }
  }

  /** Takes a slot, or a place in the queue, or refuses. */
  Turn enter(Priority priority, long tenant, long deadlineNanos, Waiter waiter) {
    List<Queued> told = new ArrayList<>(1);
    lock.lock();
    try {
      return enter(priority, tenant, deadlineNanos, waiter, told);
    } finally {
      lock.unlock();
      Telling.tell(told);
    }
  }

  private Turn enter(
      Priority priority, long tenant, long deadlineNanos, Waiter waiter, List<Queued> told) {
    if (closed) {
      return refused(priority, Refusal.CLOSED);
    }
    if (word.tryTake()) {
      return granted(priority);
    }
    if (deadlineNanos <= 0) {
      return refused(priority, Refusal.TOO_LATE);
    }
    if (queue.size() >= rate.places()) {
      Queued evicted = queue.evictFor(priority, tenant, rate.places());
      if (evicted == null) {
        return refused(priority, Refusal.FULL);
      }
      told.add(evicted.refuse(Refusal.EVICTED));
    }
    if (word.takeOrWait()) { // nobody waited, so nobody was evicted either
      return granted(priority);
    }
    long now = clock.time();
    if (queue.size() == 0) {
      rate.begin(now);
    }
    // What has waited for more than four fifths of its deadline is late.
    long patience = deadlineNanos - deadlineNanos / 5;
    Queued queued = new Queued(slots, priority, tenant, waiter, arrivals++, now, now + patience);
    queue.add(queued);
    lateThread.lookIn(patience);
    return Turn.waiting(queued);
  }

  private Turn granted(Priority priority) {
    slots.counts().granted(priority);
    return Turn.granted(new Slot(slots));
  }

  private Turn refused(Priority priority, Refusal refusal) {
    slots.counts().told(priority, refusal);
    return Turn.refused(refusal);
  }

  /** Gives a slot that came back to the next, or frees it if there is none. */
  void handOver() {
    List<Queued> told = new ArrayList<>(1);
    lock.lock();
    try {
      if (word.tryRelease()) { // the queue has emptied meanwhile, or there are fewer slots now
        return;
      }
      long now = clock.time();
      rate.completed(now);
      if (!grantNext(now, told)) {
        word.releaseLast();
      } else if (queue.size() == 0) {
        word.clearWaiting();
      }
    } finally {
      lock.unlock();
      Telling.tell(told);
    }
  }

  /** Takes the next out and gives him a slot that is out already. */
  private boolean grantNext(long now, List<Queued> told) {
    Queued next = queue.poll(now, told);
    if (next == null) {
      return false;
    }
    longest = Math.max(longest, now - next.since);
    told.add(next.grant(new Slot(slots)));
    return true;
  }

  /** Takes one out whose client has gone. */
  void leave(Queued queued) {
    lock.lock();
    try {
      queue.remove(queued);
      clearIfEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void clearIfEmpty() {
    if (queue.size() == 0) {
      word.clearWaiting();
    }
  }

  void resize(int count) {
    List<Queued> told = new ArrayList<>();
    lock.lock();
    try {
      while (!closed && !word.setSlots(count)) {
        if (grantNext(clock.time(), told)) {
          word.grow();
        }
        clearIfEmpty();
      }
    } finally {
      lock.unlock();
      Telling.tell(told);
    }
  }

  /**
   * Refuses all who are late now, when the time has come: the thread does, or who moves the clock.
   */
  void expire() {
    List<Queued> told = new ArrayList<>();
    lock.lock();
    try {
      expire(told);
    } finally {
      lock.unlock();
      Telling.tell(told);
    }
  }

  private long expire(List<Queued> told) {
    long now = clock.time();
    long next = queue.expire(now, told);
    clearIfEmpty();
    return queue.size() == 0 ? LateThread.NEVER : next - now;
  }

  void close() {
    List<Queued> told = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      queue.drain(told, Refusal.CLOSED);
      word.clearWaiting();
      word.setSlots(0); // so that the fast path finds none
      lateThread.end();
      noMoreMoves.run();
    } finally {
      lock.unlock();
      Telling.tell(told);
    }
  }
}

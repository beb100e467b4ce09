package io.tidegate.overload;

import io.tidegate.limit.ManualTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Some threads that take slots, close them, once or twice, cancel, let time pass and refuse the
 * late, all at once and at random; and what was wrong with it, seen from outside and in the word.
 */
final class Crowd {

  private static final int SLOTS = 3;

  private final long seed;
  private final ManualTicker ticker = new ManualTicker();
  private final AtomicReference<SlotWord> word = new AtomicReference<>();
  private final Slots slots;
  private final AtomicInteger out = new AtomicInteger();
  private final AtomicReference<String> fault = new AtomicReference<>();
  private final ConcurrentLinkedQueue<Slot> running = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Visit> visits = new ConcurrentLinkedQueue<>();

  /** One who had to wait. */
  private final class Visit implements Waiter {
    final AtomicInteger calls = new AtomicInteger();
    volatile boolean isCancelled;

    @Override
    public void granted(Slot slot) {
      calls.incrementAndGet();
      run(slot);
    }

    @Override
    public void refused(Refusal refusal) {
      calls.incrementAndGet();
    }
  }

  Crowd(IntFunction<SlotWord> kind, long seed) {
    this.seed = seed;
    this.slots =
        Slots.builder(SLOTS)
            .ticker(ticker)
            .word(
                count -> {
                  word.set(kind.apply(count));
                  return word.get();
                })
            .withoutThread()
            .build();
  }

  private void blame(String what) {
    fault.compareAndSet(null, what);
  }

  private void run(Slot slot) {
    if (out.incrementAndGet() > SLOTS) {
      blame("more slots are out than there are");
    }
    running.add(slot);
  }

  private void finish(Slot slot, boolean twice) {
    out.decrementAndGet();
    slot.close();
    if (twice) {
      slot.close();
    }
  }

  private void look() {
    long seen = word.get().word.get();
    if (SlotWord.inUse(seen) > SLOTS) {
      blame("more slots are taken than there are");
    }
    if (SlotWord.isWaitedFor(seen) && SlotWord.isFree(seen)) {
      blame("somebody waits while a slot is free");
    }
  }

  /** Does some steps on each of some threads, and returns what was wrong, or an empty text. */
  String visit(int threads, int steps) throws InterruptedException {
    CyclicBarrier start = new CyclicBarrier(threads);
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      RandomGenerator random =
          RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 1_000 + i);
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                  visit(random, steps);
                } catch (Exception | Error e) {
                  blame(e.toString());
                }
              });
      thread.setDaemon(true);
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) {
      thread.join(60_000);
      if (thread.isAlive()) {
        return "a thread does not end";
      }
    }
    settle();
    return fault.get() == null ? "" : fault.get();
  }

  private void visit(RandomGenerator random, int steps) {
    ArrayDeque<Turn> turns = new ArrayDeque<>();
    ArrayDeque<Visit> mine = new ArrayDeque<>();
    for (int step = 0; step < steps && fault.get() == null; step++) {
      switch (random.nextInt(10)) {
        case 0 -> {
          if (!turns.isEmpty() && turns.remove().cancel()) {
            mine.remove().isCancelled = true;
          } else {
            mine.poll();
          }
        }
        case 1 -> {
          ticker.advanceNanos(random.nextInt(200));
          if (random.nextBoolean()) { // else who is late is found when he is next
            slots.expire();
          }
        }
        case 2, 3, 4, 5 -> finishOne(random);
        case 6 -> {
          Slot slot = slots.tryTake(any(random), random.nextInt(3));
          if (slot != null) {
            run(slot);
            finishOne(random);
          }
        }
        default -> take(random, turns, mine);
      }
      look();
    }
  }

  private void finishOne(RandomGenerator random) {
    Slot slot = running.poll();
    if (slot != null) {
      finish(slot, random.nextBoolean());
    }
  }

  private static Priority any(RandomGenerator random) {
    Priority[] all = Priority.values();
    return all[random.nextInt(all.length)];
  }

  private void take(RandomGenerator random, ArrayDeque<Turn> turns, ArrayDeque<Visit> mine) {
    Visit visit = new Visit();
    Duration deadline =
        Duration.ofNanos(random.nextBoolean() ? 1_000_000_000 : random.nextInt(2_000));
    Turn turn = slots.take(any(random), random.nextInt(3), deadline, visit);
    if (turn.slot() != null) {
      run(turn.slot());
    } else if (turn.refusal() == null) {
      visits.add(visit);
      turns.add(turn);
      mine.add(visit);
      return;
    }
    if (visit.calls.get() != 0) {
      blame("one who was answered at once was told again");
    }
  }

  /** Ends what still runs. Whoever waits must be told by that, as nobody is late any more. */
  private void settle() {
    Slot slot = running.poll();
    while (slot != null) {
      finish(slot, false);
      slot = running.poll();
    }
    Slots.Report report = slots.report();
    if (report.waiting() != 0) {
      blame("somebody waits for ever");
    }
    if (report.inUse() != 0 || out.get() != 0) {
      blame("a slot is lost");
    }
    for (Visit visit : visits) {
      if (visit.calls.get() != (visit.isCancelled ? 0 : 1)) {
        blame("one was told " + visit.calls.get() + " times, cancelled: " + visit.isCancelled);
      }
    }
  }
}

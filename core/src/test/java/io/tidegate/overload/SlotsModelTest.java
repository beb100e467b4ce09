package io.tidegate.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.limit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slots against a slow and simple model of them: one list, which is searched for every answer. */
class SlotsModelTest {

  private static final int STEPS = 20_000;
  private static final double SHARE = 0.25;

  /** A request as the model knows it, and how the real one fares. */
  private static final class Entry {
    final Priority priority;
    final long tenant;
    final long since;
    final long deadline;
    final Told told = new Told();
    @Nullable Turn turn;
    @Nullable Refusal refusal;
    boolean granted;

    Entry(Priority priority, long tenant, long since, long deadline) {
      this.priority = priority;
      this.tenant = tenant;
      this.since = since;
      this.deadline = deadline;
    }

    boolean isLate(long now) {
      return now - since > deadline - deadline / 5;
    }
  }

  /** What was served, by class and tenant. Never forgets. */
  private static final class Model {
    final List<Entry> queue = new ArrayList<>();
    final Map<Priority, Map<Long, Long>> served = new HashMap<>();
    final Map<Priority, Long> last = new HashMap<>();
    double owed;
    int slots;
    int inUse;

    boolean anyOf(Priority priority) {
      return queue.stream().anyMatch(entry -> entry.priority == priority);
    }

    boolean isActive(Entry of) {
      return queue.stream()
          .anyMatch(entry -> entry.priority == of.priority && entry.tenant == of.tenant);
    }

    long count(Entry entry) {
      return served
          .computeIfAbsent(entry.priority, any -> new HashMap<>())
          .getOrDefault(entry.tenant, 0L);
    }

    void setCount(Entry entry, long count) {
      served.computeIfAbsent(entry.priority, any -> new HashMap<>()).put(entry.tenant, count);
    }

    void enqueue(Entry entry) {
      if (!isActive(entry)) {
        long least =
            queue.stream()
                .filter(other -> other.priority == entry.priority)
                .mapToLong(this::count)
                .min()
                .orElse(last.getOrDefault(entry.priority, 0L));
        setCount(entry, Math.max(least, count(entry)));
      }
      queue.add(entry);
    }

    void dequeue(Entry entry) {
      queue.remove(entry);
      if (!anyOf(entry.priority)) {
        last.put(entry.priority, count(entry));
      }
    }

    /** Hands a slot, which counts as out already, to the next; frees it if there is none. */
    void handOver(long now) {
      Entry next = null;
      while (next == null && !queue.isEmpty()) {
        Entry first = first();
        if (first.isLate(now)) {
          dequeue(first);
          first.refusal = Refusal.TOO_LATE;
        } else {
          next = first;
        }
      }
      if (next == null) {
        inUse--;
        return;
      }
      next.granted = true;
      setCount(next, count(next) + 1);
      dequeue(next);
      if (next.priority == Priority.NEWCOMER) {
        owed = Math.max(0, owed + SHARE - 1);
      } else if (anyOf(Priority.NEWCOMER)) {
        owed += SHARE;
      }
    }

    Entry first() {
      boolean newcomersTurn = owed + SHARE >= 1 && anyOf(Priority.NEWCOMER);
      Entry first = null;
      for (Entry entry : queue) {
        if (newcomersTurn && entry.priority != Priority.NEWCOMER) {
          continue;
        }
        if (first == null
            || entry.priority.compareTo(first.priority) < 0
            || (entry.priority == first.priority && count(entry) < count(first))) {
          first = entry;
        }
      }
      return first;
    }

    void release(long now) {
      if (inUse > slots || queue.isEmpty()) {
        inUse--;
      } else {
        handOver(now);
      }
    }

    void expire(long now) {
      for (Entry entry : List.copyOf(queue)) {
        if (entry.isLate(now)) {
          dequeue(entry);
          entry.refusal = Refusal.TOO_LATE;
        }
      }
    }

    /** Returns true if it waits or has a slot. */
    void arrive(Entry entry, int places) {
      if (inUse < slots) {
        inUse++;
        entry.granted = true;
      } else if (entry.deadline <= 0) {
        entry.refusal = Refusal.TOO_LATE;
      } else if (queue.size() < places || evictFor(entry, places)) {
        enqueue(entry);
      } else {
        entry.refusal = Refusal.FULL;
      }
    }

    private boolean evictFor(Entry arrival, int places) {
      long newcomers = queue.stream().filter(e -> e.priority == Priority.NEWCOMER).count();
      long own = (long) Math.ceil(SHARE * places);
      Entry worst = null;
      for (Entry entry : queue) {
        boolean kept = entry.priority == Priority.NEWCOMER && newcomers <= own;
        boolean worse = entry.priority.compareTo(arrival.priority) > 0;
        if (worse && !kept && (worst == null || entry.priority.compareTo(worst.priority) >= 0)) {
          worst = entry;
        }
      }
      if (worst == null && arrival.priority == Priority.NEWCOMER && newcomers < own) {
        for (Entry entry : queue) {
          boolean spared =
              entry.priority == Priority.NEWCOMER || entry.priority == Priority.CONTROL;
          if (!spared && (worst == null || entry.priority.compareTo(worst.priority) >= 0)) {
            worst = entry;
          }
        }
      }
      if (worst == null) {
        worst = greediest(arrival);
      }
      if (worst == null) {
        return false;
      }
      dequeue(worst);
      worst.refusal = Refusal.EVICTED;
      return true;
    }

    /** The newest of the tenant with most waiting in a class, if that is two more than another. */
    private @Nullable Entry greediest(Entry arrival) {
      Entry found = null;
      long most = 0;
      for (Entry entry : queue) {
        long waiting = waiting(entry.priority, entry.tenant);
        if (entry.priority == arrival.priority && waiting >= most) {
          most = waiting;
          found = entry;
        }
      }
      return most >= waiting(arrival.priority, arrival.tenant) + 2 ? found : null;
    }

    private long waiting(Priority priority, long tenant) {
      return queue.stream().filter(e -> e.priority == priority && e.tenant == tenant).count();
    }

    void resize(int to, long now) {
      slots = to;
      while (inUse < slots && !queue.isEmpty()) {
        inUse++;
        handOver(now);
      }
    }
  }

  /** Both at once, and all requests so far that have not ended. */
  private static final class Run {
    final RandomGenerator random;
    final ManualTicker ticker = new ManualTicker();
    final Model model = new Model();
    final AtomicReference<SlotWord> word = new AtomicReference<>();
    final Slots slots;
    final List<Entry> open = new ArrayList<>();
    final List<Slot> held = new ArrayList<>();
    long now;

    Run(long seed) {
      random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      model.slots = 1 + random.nextInt(4);
      slots =
          Slots.builder(model.slots)
              .ticker(ticker)
              .newcomerShare(SHARE)
              .queueTime(Duration.ofNanos(5 + random.nextInt(100)))
              .word(
                  count -> {
                    word.set(new SlotWord(count));
                    return word.get();
                  })
              .withoutThread()
              .build();
    }

    void step() {
      switch (random.nextInt(16)) {
        case 0 -> resize();
        case 1 -> cancel();
        case 2 -> {
          slots.expire();
          model.expire(now);
        }
        case 3, 4 -> passTime();
        case 5, 6, 7, 8 -> release();
        default -> arrive();
      }
    }

    private void arrive() {
      Priority[] all = Priority.values();
      Entry entry =
          new Entry(all[random.nextInt(all.length)], random.nextInt(4), now, random.nextInt(400));
      int places = slots.report().places();
      Turn turn =
          slots.take(entry.priority, entry.tenant, Duration.ofNanos(entry.deadline), entry.told);
      model.arrive(entry, places);
      entry.turn = turn;
      if (turn.slot() != null) {
        entry.told.granted(turn.slot());
      } else if (turn.refusal() != null) {
        entry.told.refused(turn.refusal());
      }
      open.add(entry);
    }

    private void release() {
      if (!held.isEmpty()) {
        Slot slot = held.remove(random.nextInt(held.size()));
        slot.close();
        if (random.nextBoolean()) {
          slot.close();
        }
        model.release(now);
      }
    }

    private void cancel() {
      if (!open.isEmpty()) {
        Entry entry = open.get(random.nextInt(open.size()));
        boolean waited = model.queue.contains(entry);
        assertThat(entry.turn.cancel()).isEqualTo(waited);
        if (waited) {
          model.dequeue(entry);
          open.remove(entry);
        }
      }
    }

    private void passTime() {
      if (random.nextInt(20) == 0) {
        slots.expire(); // reads the clock before it leaps back
        model.expire(now);
        ticker.advanceNanos(-random.nextInt(1_000));
        slots.expire();
      } else {
        int step = random.nextInt(40);
        ticker.advanceNanos(step);
        now += step;
      }
    }

    private void resize() {
      int to = 1 + random.nextInt(4);
      slots.resize(to);
      model.resize(to, now);
    }

    void check() {
      Slots.Report report = slots.report();
      assertThat(report.inUse()).as("in use").isEqualTo(model.inUse);
      assertThat(report.slots()).as("slots").isEqualTo(model.slots);
      assertThat(report.waiting()).as("waiting").isEqualTo(model.queue.size());
      assertThat(SlotWord.isWaitedFor(word.get().word.get()))
          .as("marked as waited for")
          .isEqualTo(!model.queue.isEmpty());
      for (Entry entry : List.copyOf(open)) {
        assertThat(entry.told.slot != null).as("granted").isEqualTo(entry.granted);
        assertThat(entry.told.refusal).as("refused").isEqualTo(entry.refusal);
        assertThat(entry.told.calls).as("calls").isLessThanOrEqualTo(1);
        if (entry.told.slot != null) {
          held.add(entry.told.slot);
        }
        if (entry.told.calls > 0) {
          open.remove(entry);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void slots_answerAsTheModelDoes(long seed) {
    Run run = new Run(seed);
    for (int step = 0; step < STEPS; step++) {
      try {
        run.step();
        run.check();
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", step " + step, e);
      }
    }
    Map<Priority, Slots.ClassCounts> classes = run.slots.report().classes();
    for (Refusal refusal : List.of(Refusal.FULL, Refusal.EVICTED, Refusal.TOO_LATE)) {
      long sum = classes.values().stream().mapToLong(of -> of.refused().get(refusal)).sum();
      assertThat(sum).as("it came to %s, seed %d", refusal, seed).isPositive();
    }
  }
}

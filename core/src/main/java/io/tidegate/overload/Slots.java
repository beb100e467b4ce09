package io.tidegate.overload;

import io.tidegate.limit.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A hard number of slots, and a short queue before them, by class.
 *
 * <pre>{@code
 * try (Slots slots = Slots.builder(50).build()) {
 *   Slot slot = slots.tryTake(Priority.ESTABLISHED, tenant);   // at once or null
 *   Turn turn = slots.take(Priority.ESTABLISHED, tenant, deadline, waiter);
 * }
 * }</pre>
 *
 * <p><b>Slots.</b> At no moment are more out than there are; after {@link #resize} to fewer, until
 * enough came back. No slot is free while somebody waits: one that comes back is handed over, and
 * who comes later does not overtake.
 *
 * <p><b>Who waits.</b> The queue holds what can be served in four queue times, and eight at least:
 * {@code max(8, 4 x C x queueTime)}, where {@code C} is how fast slots came back of late while
 * somebody waited for them. Never more than 100,000. Who comes when it is full takes the place of
 * the newest of the worst class, if that is worse than his own; newcomers have their share of the
 * places for their own. With nobody worse, he takes that of the newest of the tenant who has most
 * waiting, if that has two more than his own. Otherwise he is refused. Who has waited for more than
 * four fifths of his deadline is refused, be it when he is next or when his time is over: what he
 * would get now would come too late.
 *
 * <p><b>Who is next.</b> The best class, but {@linkplain Priority#NEWCOMER newcomers} get a share
 * of the slots that are handed over while one of them waits. Inside a class, the tenant who was
 * served least; of one tenant, the first who came. Tenant 0 stands for all who are not known, who
 * share its place. A tenant's count is kept while it waits, and for the last 1,024 of each class
 * who did.
 *
 * <p>The number of slots is set by whoever knows the service; nothing here guesses it. How long
 * requests take is not looked at.
 *
 * <p>Safe for use by many threads. Nothing blocks: while nobody waits a slot is taken and given
 * back by one compare-and-set each; otherwise under a short lock, at the cost of the logarithm of
 * those who wait. One daemon thread, {@code tidegate-slots}, refuses those who wait too long while
 * no slot comes back; it sleeps or does not exist while nobody waits, and with a {@link
 * io.tidegate.limit.ManualTicker} whoever moves that does its work. A clock that leaps back stands
 * still instead; one that leaps ahead makes those late who wait.
 *
 * <p>Source of the fairness: the virtual token counter of Sheng et al., "Fairness in serving large
 * language models" (OSDI 2024).
 */
public final class Slots implements AutoCloseable {

  private final SlotWord word;
  private final WaitingRoom room;
  private final Counts counts = new Counts();
  private final long maxWaitNanos;

  @SuppressWarnings("this-escape")
  private Slots(Builder builder) {
    this.word = builder.word.apply(builder.slots);
    this.maxWaitNanos = builder.maxWait.toNanos();
    this.room = new WaitingRoom(this, word, builder);
  }

  /**
   * Starts a builder.
   *
   * @param slots how many requests may run at once, from 1 to 1,000,000
   * @return a new builder
   * @throws IllegalArgumentException if out of range
   */
  public static Builder builder(int slots) {
    return new Builder(checked(slots));
  }

  private static int checked(int slots) {
    if (slots < 1 || slots > SlotWord.MOST_SLOTS) {
      throw new IllegalArgumentException("slots: " + slots + " (expected: 1 to 1000000)");
    }
    return slots;
  }

  Counts counts() {
    return counts;
  }

  /**
   * Takes a slot if one is free and nobody waits for it. Never waits, and takes no lock. A null is
   * not counted in the report, as the request may still {@link #take}.
   *
   * @param priority the request's class
   * @param tenant whose request it is; 0 if not known
   * @return the slot, to be closed; null if there is none, or after {@link #close}
   */
  public @Nullable Slot tryTake(Priority priority, long tenant) {
    Objects.requireNonNull(priority, "priority");
    if (!word.tryTake()) {
      return null;
    }
    counts.granted(priority);
    return new Slot(this);
  }

  /**
   * Takes a slot, now or later, for a request that says no deadline.
   *
   * @param priority the request's class
   * @param tenant whose request it is; 0 if not known
   * @param waiter is told later, once, if there is no answer at once
   * @return the answer
   */
  public Turn take(Priority priority, long tenant, Waiter waiter) {
    return take(priority, tenant, maxWaitNanos, waiter);
  }

  /**
   * Takes a slot, now or later. If the turn has neither a slot nor a refusal, the waiter is told
   * later, perhaps before this method returns; otherwise it is never called.
   *
   * @param priority the request's class
   * @param tenant whose request it is; 0 if not known
   * @param deadline in what time the request must have been answered. What is not positive does not
   *     wait: it is refused as too late if no slot is free. A client's own word should be bounded
   *     before it gets here, as it keeps a place in the queue
   * @param waiter is told later, once, if there is no answer at once
   * @return the answer
   */
  public Turn take(Priority priority, long tenant, Duration deadline, Waiter waiter) {
    return take(priority, tenant, saturatedNanos(deadline), waiter);
  }

  private Turn take(Priority priority, long tenant, long deadlineNanos, Waiter waiter) {
    Objects.requireNonNull(waiter, "waiter");
    Slot slot = tryTake(priority, tenant);
    return slot != null ? Turn.granted(slot) : room.enter(priority, tenant, deadlineNanos, waiter);
  }

  /** A third of the range, so that deadlines compare by subtraction. */
  private static long saturatedNanos(Duration deadline) {
    Duration most = Duration.ofNanos(Long.MAX_VALUE / 3);
    if (deadline.compareTo(most) > 0) {
      return most.toNanos();
    }
    return deadline.isNegative() ? 0 : deadline.toNanos();
  }

  void release() {
    if (!word.tryRelease()) {
      room.handOver();
    }
  }

  void leave(Queued queued) {
    room.leave(queued);
  }

  /** Refuses those who wait too long. For tests that have no thread do it. */
  void expire() {
    room.expire();
  }

  /**
   * Changes the number of slots, at once. More go first to those who wait. Fewer take nothing from
   * those who have one: until enough came back, none is given out. Does nothing after {@link
   * #close}.
   *
   * @param slots how many requests may run at once, from 1 to 1,000,000
   * @throws IllegalArgumentException if out of range
   */
  public void resize(int slots) {
    room.resize(checked(slots));
  }

  /**
   * What has been done since the slots were built. A look at a moving thing: the figures need not
   * be of one moment.
   *
   * @return the report
   */
  public Report report() {
    long seen = word.word.get();
    WaitingRoom.Look look = room.look();
    return new Report(
        SlotWord.slots(seen),
        SlotWord.inUse(seen),
        look.waiting(),
        look.places(),
        counts.report(),
        look.longestWait(),
        counts.failures());
  }

  /**
   * Refuses all who wait and all who come. Slots that are out stay good, and may be closed as ever.
   */
  @Override
  public void close() {
    room.close();
  }

  /**
   * What slots have done.
   *
   * @param slots how many there are; 0 once closed
   * @param inUse how many are out
   * @param waiting how many requests wait
   * @param places how many could
   * @param classes what has become of the requests of each class
   * @param longestWait the longest that a request has waited for a slot that it got
   * @param failures how often a waiter threw
   */
  public record Report(
      int slots,
      int inUse,
      int waiting,
      int places,
      Map<Priority, ClassCounts> classes,
      Duration longestWait,
      long failures) {}

  /**
   * What has become of the requests of one class.
   *
   * @param granted how many got a slot, at once or later
   * @param refused how many were refused, by reason
   * @param cancelled how many left the queue because the client had gone
   */
  public record ClassCounts(long granted, Map<Refusal, Long> refused, long cancelled) {}

  /** Builds {@link Slots}. Not thread-safe. */
  public static final class Builder {

    private static final Duration DAY = Duration.ofDays(1);

    private final int slots;
    IntFunction<SlotWord> word = SlotWord::new;
    Duration maxWait = Duration.ofMillis(500);
    Duration queueTime = Duration.ofMillis(20);
    double newcomerShare = 0.1;
    Ticker ticker = Ticker.system();
    boolean ownThread = true;

    private Builder(int slots) {
      this.slots = slots;
    }

    /**
     * The deadline of a request that says none; 500 ms if not said.
     *
     * @param maxWait more than zero, one day at most
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder maxWait(Duration maxWait) {
      this.maxWait = checked("maxWait", maxWait);
      return this;
    }

    /**
     * What the queue is sized by: it holds what can be served in four times this; 20 ms if not
     * said.
     *
     * @param queueTime more than zero, one day at most
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder queueTime(Duration queueTime) {
      this.queueTime = checked("queueTime", queueTime);
      return this;
    }

    private static Duration checked(String name, Duration given) {
      if (given.isNegative() || given.isZero() || given.compareTo(DAY) > 0) {
        throw new IllegalArgumentException(
            name + ": " + given + " (expected: more than zero, one day at most)");
      }
      return given;
    }

    /**
     * Which share of the slots that are handed over goes to newcomers while they wait, at least;
     * 0.1 if not said.
     *
     * @param newcomerShare from 0 to 0.5
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder newcomerShare(double newcomerShare) {
      if (!(newcomerShare >= 0 && newcomerShare <= 0.5)) {
        throw new IllegalArgumentException(
            "newcomerShare: " + newcomerShare + " (expected: 0 to 0.5)");
      }
      this.newcomerShare = newcomerShare;
      return this;
    }

    /**
     * The clock that waits are measured by; the system's if not said.
     *
     * @param ticker the clock
     * @return this builder
     */
    public Builder ticker(Ticker ticker) {
      this.ticker = Objects.requireNonNull(ticker, "ticker");
      return this;
    }

    /** Another word, for tests of the tests. */
    Builder word(IntFunction<SlotWord> other) {
      this.word = other;
      return this;
    }

    /** For tests that tell the time themselves. */
    Builder withoutThread() {
      this.ownThread = false;
      return this;
    }

    /**
     * Builds them. Starts no thread.
     *
     * @return new slots
     */
    public Slots build() {
      return new Slots(this);
    }
  }
}

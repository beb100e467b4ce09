package io.tidegate.limit;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one call has reserved of a {@link Budget}, and uses of it while it runs.
 *
 * <p>It ends once: by {@link #settle}, {@link #cancel} or {@link #close}, whichever comes first;
 * what comes later does nothing. So whatever ends the call may end it: the answer's last byte, an
 * error, a client that has gone. A refused one has nothing to end.
 *
 * <p>Safe for use by many threads. Each call takes a short lock of this spending alone.
 */
public final class Spending implements AutoCloseable {

  private final List<Part> parts;
  private final Map<String, Decision> decisions;
  private final @Nullable String refusedBy;
  private final Ticker ticker;
  private final long since;
  private final long longestNanos;
  private final ReentrantLock lock = new ReentrantLock();

  // Under the lock, as the parts are.
  private boolean ended;

  private Spending(
      List<Part> parts,
      Map<String, Decision> decisions,
      @Nullable String refusedBy,
      Ticker ticker,
      long longestNanos) {
    this.parts = parts;
    this.decisions = Collections.unmodifiableMap(decisions);
    this.refusedBy = refusedBy;
    this.ticker = ticker;
    this.since = ticker.read();
    this.longestNanos = longestNanos;
    this.ended = refusedBy != null;
  }

  static Spending admitted(List<Part> parts, Ticker ticker, long longestNanos) {
    Map<String, Decision> decisions = new LinkedHashMap<>();
    for (Part part : parts) {
      if (part.reservation != null) {
        decisions.put(part.name, part.reservation.decision());
      }
    }
    return new Spending(List.copyOf(parts), decisions, null, ticker, longestNanos);
  }

  /** The one with the longest wait decides, so nobody is told to come back too early. */
  static Spending refused(Map<String, Decision> decisions, Ticker ticker) {
    String longest = "";
    long wait = -1;
    for (Map.Entry<String, Decision> entry : decisions.entrySet()) {
      if (entry.getValue().retryAfterNanos() > wait) {
        longest = entry.getKey();
        wait = entry.getValue().retryAfterNanos();
      }
    }
    return new Spending(List.of(), decisions, longest, ticker, 0);
  }

  /**
   * Whether the call goes on.
   *
   * @return true if all was reserved
   */
  public boolean admitted() {
    return refusedBy == null;
  }

  /**
   * Which limit refused, of several the one with the longest wait.
   *
   * @return its name; null if admitted
   */
  public @Nullable String refusedBy() {
    return refusedBy;
  }

  /**
   * When to come back. How long something at once is taken nobody knows: it is a second then, or
   * less.
   *
   * @return how long to wait; empty if admitted, or if the estimate is more than can ever be had
   */
  public Optional<Duration> retryAfter() {
    Decision decision = refusedBy == null ? null : decisions.get(refusedBy);
    return decision == null || decision.outcome() == Decision.Outcome.NEVER
        ? Optional.empty()
        : Optional.of(decision.retryAfter());
  }

  /**
   * What each limit said of its estimate, in the budget's order; what was not named said nothing.
   *
   * @return the decisions by name; cannot be changed
   */
  public Map<String, Decision> decisions() {
    return decisions;
  }

  /**
   * Uses some of one limit while the call runs: first of what was reserved, then drawn beyond, into
   * the overdraft if the limit has one.
   *
   * @param name of the limit
   * @param permits how many, at least 0; 0 says that it is metered, so that {@link #close} returns
   *     what was not used
   * @return false if they are not to be had, or the spending is refused, ended or expired: nothing
   *     was used, and the call should stop here
   * @throws IllegalArgumentException if there is no limit of the name that can be metered, or
   *     permits is negative
   */
  public boolean meter(String name, long permits) {
    if (permits < 0) {
      throw new IllegalArgumentException(name + ": " + permits + " (expected: at least 0)");
    }
    if (!admitted()) {
      return false;
    }
    Part part = part(name);
    lock.lock();
    try {
      return !ended && !isExpired() && part.meter(permits);
    } finally {
      lock.unlock();
    }
  }

  private boolean isExpired() {
    return ticker.read() - since > longestNanos;
  }

  private Part part(String name) {
    for (Part part : parts) {
      if (part.name.equals(name) && !part.atOnce) {
        return part;
      }
    }
    throw new IllegalArgumentException(
        "limit: " + name + " (expected: one of the budget, and not of how much at once)");
  }

  /**
   * Ends the call at its actual cost. Of a limit that is not named counts what was metered, or, if
   * nothing was, what was reserved. What was used beyond is charged into debt.
   *
   * @param actual how much of each limit was used, at least 0
   * @throws IllegalArgumentException if there is no limit of a name that can be settled, or a cost
   *     is negative; nothing is ended then
   */
  public void settle(Map<String, Long> actual) {
    Objects.requireNonNull(actual, "actual");
    if (!admitted()) {
      return;
    }
    actual.forEach(this::check);
    end(actual);
  }

  private void check(String name, long cost) {
    part(name);
    if (cost < 0) {
      throw new IllegalArgumentException(name + ": " + cost + " (expected: at least 0)");
    }
  }

  private void end(Map<String, Long> actual) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        parts.forEach(part -> part.end(actual.get(part.name)));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns all that was reserved and not used. For a call that was never made. */
  public void cancel() {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        parts.forEach(part -> part.end(part.used));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the call at what was metered; where nothing was, at what was reserved. */
  @Override
  public void close() {
    end(Map.of());
  }

  /** Whose limit a part is charged to. */
  interface Account {

    /** Takes permits, into the overdraft if need be, or none. */
    boolean draw(long permits);

    /** Takes permits, whatever is owed. */
    void debit(long permits);
  }

  /** What was reserved of one limit, and used of it. Under the spending's lock. */
  static final class Part {

    final String name;
    private final boolean atOnce;
    private final Account account;
    private final long reserved;

    /** Null if nothing was. */
    private final @Nullable Reservation reservation;

    /** What was taken beyond the reservation while the call ran. */
    private long drawn;

    private long used;
    private boolean metered;

    Part(
        String name,
        boolean atOnce,
        Account account,
        long reserved,
        @Nullable Reservation reservation) {
      this.name = name;
      this.atOnce = atOnce;
      this.account = account;
      this.reserved = reserved;
      this.reservation = reservation;
    }

    boolean admitted() {
      return reservation == null || reservation.admitted();
    }

    void cancel() {
      if (reservation != null) {
        reservation.cancel();
      }
    }

    boolean meter(long permits) {
      metered = true;
      long missing = permits - (reserved + drawn - used);
      if (missing > 0) {
        if (!account.draw(missing)) {
          return false;
        }
        drawn += missing;
      }
      used += permits;
      return true;
    }

    void end(@Nullable Long actual) {
      if (atOnce) {
        cancel();
      } else if (actual != null) {
        settle(actual);
      } else if (metered) {
        settle(used);
      }
    }

    /** What was drawn while the call ran has been used, and does not come back. */
    private void settle(long actual) {
      long rest = Math.max(0, actual - drawn);
      if (reservation != null) {
        reservation.settle(rest);
      } else if (rest > 0) {
        account.debit(rest);
      }
    }
  }
}

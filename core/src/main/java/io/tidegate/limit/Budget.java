package io.tidegate.limit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What each of many subjects may use of several things at once, where the cost of a call is known
 * only when it ends: requests, tokens read and tokens written by a language model, streams at a
 * time.
 *
 * <pre>{@code
 * Budget<String> budget =
 *     Budget.builder(KeyFunnel.ofString())
 *         .limit("requests", Quota.perMinute(60))
 *         .limit("tokens", Quota.perMinute(100_000))
 *         .atOnce("streams", 4)
 *         .build();
 *
 * Spending spending = budget.reserve(apiKey, Map.of("requests", 1L, "tokens", 900L, "streams", 1L));
 * if (!spending.admitted()) ...                      // come back after spending.retryAfter()
 * while (more && spending.meter("tokens", 1)) ...    // false: the budget is used up, end here
 * spending.settle(Map.of("tokens", used));           // or close(): what was metered counts
 * }</pre>
 *
 * <p><b>Estimates.</b> A reservation charges all it names, or none. What is reserved is charged as
 * if it were used, so callers at the same time cannot slip past a limit together. If each call
 * reserves the most that it can cost, a limit is never overshot (hard mode). If it reserves less,
 * what it uses beyond is drawn while it runs, by {@link Spending#meter}, and a limit may be
 * overdrawn by as much as {@link Builder#limit(String, Quota, long)} says, and not at all if it
 * says nothing.
 *
 * <p><b>The bound.</b> In the time {@code t} since the start, all that was settled and all that is
 * reserved and still open is together at most {@code burst + permits x t / window + overdraft} for
 * each limit, as long as nothing is settled beyond what was reserved or metered. What is settled
 * beyond was used without leave: it is charged into debt, by at most one more burst. In a window
 * that begins later, what reservations from before it give back in it comes on top; see {@link
 * Reservation}.
 *
 * <p><b>What is never settled</b> stays charged in full, and time pays it off; its place at once is
 * free again after {@link Builder#longest}. So a call that vanishes gives nothing away and blocks
 * nobody for good.
 *
 * <p>Safe for use by many threads. State is in memory, about 200 bytes for each limit of each key
 * that owes anything, and bounded. A reservation costs a decision and a small object for each
 * limit; a refusal writes no state.
 *
 * @param <K> what a subject is known by
 */
public final class Budget<K> {

  private final List<Dimension<K>> dimensions;
  private final long longestNanos;
  private final Ticker ticker;

  private Budget(Builder<K> builder) {
    List<Dimension<K>> built = new ArrayList<>();
    builder.limits.forEach(limit -> built.add(limit.build(builder)));
    this.dimensions = List.copyOf(built);
    this.longestNanos = builder.longest.toNanos();
    this.ticker = builder.ticker;
  }

  /**
   * Starts a builder.
   *
   * @param funnel how a key is hashed
   * @param <K> what a subject is known by
   * @return a new builder
   */
  public static <K> Builder<K> builder(KeyFunnel<K> funnel) {
    return new Builder<>(Objects.requireNonNull(funnel, "funnel"));
  }

  /**
   * Reserves the estimated cost of a call, all of it or nothing.
   *
   * @param key whom to charge
   * @param estimates how much of each limit, at least 0; what is not named is not charged, but may
   *     be metered
   * @return the spending, admitted or not; one that is admitted must be closed
   * @throws IllegalArgumentException if there is no limit of a name, or an estimate is negative
   */
  public Spending reserve(K key, Map<String, Long> estimates) {
    Objects.requireNonNull(key, "key");
    check(estimates);
    List<Spending.Part> parts = new ArrayList<>(dimensions.size());
    for (Dimension<K> dimension : dimensions) {
      long estimate = estimates.getOrDefault(dimension.name(), 0L);
      if (estimate > 0 && !dimension.limiter().admits(key, estimate)) {
        return refused(key, estimates);
      }
    }
    for (Dimension<K> dimension : dimensions) {
      long estimate = estimates.getOrDefault(dimension.name(), 0L);
      Spending.Part part = dimension.reserve(key, estimate);
      if (!part.admitted()) { // somebody came between
        parts.forEach(Spending.Part::cancel);
        return refused(key, estimates);
      }
      parts.add(part);
    }
    return Spending.admitted(parts, ticker, longestNanos);
  }

  private Spending refused(K key, Map<String, Long> estimates) {
    Map<String, Decision> decisions = new LinkedHashMap<>();
    for (Dimension<K> dimension : dimensions) {
      long estimate = estimates.getOrDefault(dimension.name(), 0L);
      if (estimate > 0) {
        decisions.put(dimension.name(), dimension.peek(key, estimate));
      }
    }
    return Spending.refused(decisions, ticker);
  }

  private void check(Map<String, Long> estimates) {
    estimates.forEach(
        (name, estimate) -> {
          if (dimensions.stream().noneMatch(dimension -> dimension.name().equals(name))) {
            throw new IllegalArgumentException("limit: " + name + " (expected: one of the budget)");
          }
          if (estimate < 0) {
            throw new IllegalArgumentException(name + ": " + estimate + " (expected: at least 0)");
          }
        });
  }

  /**
   * How a subject stands now: for each limit, in order, what a call for one permit would meet.
   * Takes nothing.
   *
   * @param key whom to look at
   * @return the decisions by name
   */
  public Map<String, Decision> standing(K key) {
    Objects.requireNonNull(key, "key");
    Map<String, Decision> standing = new LinkedHashMap<>();
    dimensions.forEach(dimension -> standing.put(dimension.name(), dimension.peek(key, 1)));
    return standing;
  }

  /**
   * What the limits are, in order; those on how much at once as that many in {@link
   * Builder#longest}.
   *
   * @return the quotas by name
   */
  public Map<String, Quota> quotas() {
    Map<String, Quota> quotas = new LinkedHashMap<>();
    dimensions.forEach(dimension -> quotas.put(dimension.name(), dimension.limiter().quota()));
    return quotas;
  }

  /** Builds a {@link Budget}. Not thread-safe. */
  public static final class Builder<K> {

    private static final Duration MOST_LONGEST = Duration.ofDays(1);

    private final KeyFunnel<K> funnel;
    private final List<Unbuilt> limits = new ArrayList<>();
    private Duration longest = Duration.ofMinutes(10);
    private @Nullable Integer maxKeys;
    private WhenFull whenFull = WhenFull.SHARE;
    private Ticker ticker = Ticker.system();

    private Builder(KeyFunnel<K> funnel) {
      this.funnel = funnel;
    }

    /** A limit as it was given; of how much at once if the quota is null. */
    private record Unbuilt(String name, @Nullable Quota quota, long amount) {

      <K> Dimension<K> build(Builder<K> builder) {
        Consumer<KeyedRateLimiter.Builder<K>> common = builder::configure;
        return quota == null
            ? Dimension.atOnce(name, Quota.of(amount, builder.longest), builder.funnel, common)
            : Dimension.of(name, quota, amount, builder.funnel, common);
      }
    }

    private void configure(KeyedRateLimiter.Builder<K> limiter) {
      limiter.whenFull(whenFull).ticker(ticker);
      if (maxKeys != null) {
        limiter.maxKeys(maxKeys);
      }
    }

    /**
     * Adds a limit that is never overdrawn.
     *
     * @param name what clients and code know it by
     * @param quota how much of it, by a token bucket
     * @return this builder
     * @throws IllegalArgumentException if there is one of that name
     */
    public Builder<K> limit(String name, Quota quota) {
      return limit(name, quota, 0);
    }

    /**
     * Adds a limit that may be overdrawn by what is metered, so that answers which have begun can
     * end well. Nothing is reserved of the overdraft.
     *
     * @param name what clients and code know it by
     * @param quota how much of it, by a token bucket
     * @param overdraft by how much a subject may be in debt, whatever the number of its calls: 0 to
     *     one burst
     * @return this builder
     * @throws IllegalArgumentException if there is one of that name, or the overdraft is out of
     *     range
     */
    public Builder<K> limit(String name, Quota quota, long overdraft) {
      Objects.requireNonNull(quota, "quota");
      if (overdraft < 0 || overdraft > quota.burst()) {
        throw new IllegalArgumentException(
            "overdraft: " + overdraft + " (expected: 0 to one burst, " + quota.burst() + ")");
      }
      return add(new Unbuilt(name, quota, overdraft));
    }

    /**
     * Adds a limit on how much a subject has at once, for as long as its spendings are open.
     *
     * @param name what clients and code know it by
     * @param most how much, from 1 to 1,000
     * @return this builder
     * @throws IllegalArgumentException if out of range, or there is one of that name
     */
    public Builder<K> atOnce(String name, int most) {
      if (most < 1 || most > WindowLog.MOST_PERMITS) {
        throw new IllegalArgumentException(
            name + ": " + most + " at once (expected: 1 to " + WindowLog.MOST_PERMITS + ")");
      }
      return add(new Unbuilt(name, null, most));
    }

    private Builder<K> add(Unbuilt limit) {
      Objects.requireNonNull(limit.name(), "name");
      if (limits.stream().anyMatch(other -> other.name().equals(limit.name()))) {
        throw new IllegalArgumentException(
            "limit: " + limit.name() + " (expected: a name not given before)");
      }
      limits.add(limit);
      return this;
    }

    /**
     * How long a call can take; ten minutes if not said. What is open longer has expired: it meters
     * nothing any more, stays charged in full unless settled after all, and has nothing at once.
     *
     * @param longest more than zero, at most a day
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder<K> longest(Duration longest) {
      if (longest.isNegative() || longest.isZero() || longest.compareTo(MOST_LONGEST) > 0) {
        throw new IllegalArgumentException(
            "longest: " + longest + " (expected: more than zero, at most " + MOST_LONGEST + ")");
      }
      this.longest = longest;
      return this;
    }

    /**
     * How many keys to hold at most, for each limit; 100,000 if not said.
     *
     * @param maxKeys how many, from 1 to 268,435,456
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder<K> maxKeys(int maxKeys) {
      this.maxKeys = KeyedRateLimiter.Builder.checkMaxKeys(maxKeys);
      return this;
    }

    /**
     * What to answer for a key that there is no room for; {@link WhenFull#SHARE} if not said.
     *
     * @param whenFull the policy
     * @return this builder
     */
    public Builder<K> whenFull(WhenFull whenFull) {
      this.whenFull = Objects.requireNonNull(whenFull, "whenFull");
      return this;
    }

    /**
     * The clock; the system's if not said.
     *
     * @param ticker the clock
     * @return this builder
     */
    public Builder<K> ticker(Ticker ticker) {
      this.ticker = Objects.requireNonNull(ticker, "ticker");
      return this;
    }

    /**
     * Builds the budget.
     *
     * @return a new budget without any key
     * @throws IllegalArgumentException if it has no limit, or one cannot be kept so
     */
    public Budget<K> build() {
      if (limits.isEmpty()) {
        throw new IllegalArgumentException("limit: none (expected: at least one)");
      }
      return new Budget<>(this);
    }
  }
}

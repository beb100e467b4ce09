package io.tidegate.limit;

import java.util.Objects;

/**
 * Makes token buckets: a bucket of {@code burst} permits that refills at {@code permits / window}.
 *
 * <p>The algorithm is GCRA: the whole state is one word of 64 bits, read, checked and changed by
 * one compare-and-set. Resolution: 1 ns; a caller told to wait {@code w} is refused just before
 * {@code w} and admitted at {@code w}. In any time {@code t}, at most {@code burst + permits x t /
 * window} are admitted.
 *
 * <p>Sources: ITU-T I.371, generic cell rate algorithm.
 */
public final class TokenBucket {

  private TokenBucket() {}

  /**
   * A token bucket for one subject, full, on the system's clock.
   *
   * @param quota what it allows
   * @return the limiter; 200 bytes
   */
  public static RateLimiter of(Quota quota) {
    return of(quota, Ticker.system());
  }

  /**
   * A token bucket for one subject, full.
   *
   * @param quota what it allows
   * @param ticker the clock
   * @return the limiter; 200 bytes
   */
  public static RateLimiter of(Quota quota, Ticker ticker) {
    Gcra limit = new Gcra(Objects.requireNonNull(quota, "quota"));
    Objects.requireNonNull(ticker, "ticker");
    return new StateLimiter<>(limit, new Word.Padded(limit.initial(ticker.read())), ticker);
  }

  /**
   * Token buckets for many subjects, one each.
   *
   * @param quota what each of them is allowed
   * @param funnel how a key is hashed
   * @param <K> what a subject is known by
   * @return a builder of the keyed limiter
   */
  public static <K> KeyedRateLimiter.Builder<K> keyed(Quota quota, KeyFunnel<K> funnel) {
    Gcra limit = new Gcra(Objects.requireNonNull(quota, "quota"));
    return new KeyedRateLimiter.Builder<>(funnel, ticker -> limit);
  }

  /**
   * Token buckets for any number of strangers, in a fixed amount of memory: the choice for keys
   * that cost nothing to get, such as addresses.
   *
   * @param quota what each of them is allowed; one permit at least every 64 units of a table, so
   *     that no more than 15,625,000 a second fit, and a burst that comes back within as long as
   *     {@link KeyedTable} says
   * @param funnel how a key is hashed
   * @param <K> what a subject is known by
   * @return a builder of the table
   * @throws IllegalArgumentException if a table cannot hold the quota
   */
  public static <K> KeyedTable.Builder<K> table(Quota quota, KeyFunnel<K> funnel) {
    return new KeyedTable.Builder<>(quota, funnel);
  }
}

package io.tidegate.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.tidegate.limit.Decision;
import io.tidegate.limit.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Remembers whom the server has refused, so that a flood of refusals stays here.
 *
 * <p>What is remembered is what was owed, as the time at which it will be paid off, on this node's
 * monotonic clock. A debt on the server only grows by calls and shrinks with time, so what is owed
 * is at least this, and any cost that does not fit into it would be refused there too; a smaller
 * one that fits is asked about. An entry goes when the refused call would fit, and a client who is
 * told a wait is asked about again after exactly that wait. Bounded: with more clients than {@link
 * Builder} says, some are asked about again.
 */
final class Refusals {

  private record Owed(long paidOff, long waitNanos) {}

  private static final Expiry<String, Owed> WHILE_REFUSED =
      Expiry.writing((String key, Owed owed) -> java.time.Duration.ofNanos(owed.waitNanos));

  private final Ticker ticker;
  private final Cache<String, Owed> owed;

  Refusals(int most, Ticker ticker) {
    this.ticker = ticker;
    this.owed =
        Caffeine.newBuilder()
            .maximumSize(most)
            .ticker(ticker::read)
            .executor(Runnable::run)
            .expireAfter(WHILE_REFUSED)
            .build();
  }

  /** The refusal that the server would give; null if it must be asked. */
  @Nullable Decision find(RedisCharge charge) {
    Owed known = owed.getIfPresent(charge.serverKey);
    if (known == null) {
      return null;
    }
    long debt = Math.max(known.paidOff - ticker.read(), 0);
    Micros micros = charge.limit.micros;
    boolean refused = charge.permits > micros.burst() || micros.waitNanos(charge.permits, debt) > 0;
    return refused ? micros.notAdmitted(charge.permits, debt) : null;
  }

  void remember(RedisCharge charge, Decision refusal) {
    owed.put(
        charge.serverKey,
        new Owed(ticker.read() + refusal.resetAfterNanos(), refusal.retryAfterNanos()));
  }
}

package io.tidegate.redis;

import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.Ticker;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The leased limits of a store, by their names. */
final class Leases {

  /** Half of it passes before the server has answered: what a browser asks for at once. */
  private static final long LEAST_LEASE = 16;

  private static final class Named {
    final LeaseTable table;
    @Nullable Fallback fallback;

    Named(LeaseTable table) {
      this.table = table;
    }
  }

  private final LeaseServer server;
  private final ServerKeys keys;
  private final int nodes;
  private final Counts counts;
  private final Ticker ticker;
  private final Map<String, Named> named = new HashMap<>();

  Leases(LeaseServer server, ServerKeys keys, int nodes, Counts counts, Ticker ticker) {
    this.server = server;
    this.keys = keys;
    this.nodes = nodes;
    this.counts = counts;
    this.ticker = ticker;
  }

  /**
   * A limiter, which goes on from what is known under its name.
   *
   * @param lease how large a lease is; 0 for what fits the quota
   * @param others makes a limiter of the same name
   */
  synchronized KeyedRateLimiter<Long> limiter(
      String name,
      Quota quota,
      WhenDown whenDown,
      long lease,
      int maxKeys,
      Function<Quota, KeyedRateLimiter<Long>> others) {
    if (nodes == 0) {
      throw new IllegalArgumentException(
          "nodes: not said (expected: how many nodes share a quota, for leases)");
    }
    Micros.of(quota); // refuses before anything is changed
    Named state = named.get(name);
    if (state == null) {
      state = new Named(new LeaseTable(key -> keys.of(name, key), maxKeys, ticker));
    }
    Fallback fallback =
        state.fallback == null
            ? new Fallback(whenDown, quota, nodes, maxKeys, ticker)
            : state.fallback.with(whenDown, quota, nodes, maxKeys, ticker);
    state.fallback = fallback;
    state.table.resize(maxKeys);
    named.put(name, state);
    long most = lease == 0 ? Math.max(LEAST_LEASE, quota.burst() / (2L * nodes)) : lease;
    LeaseRules rules = LeaseRules.of(quota, most, fallback);
    return new LeasedLimiter(quota, rules, state.table, server, counts, ticker, others);
  }
}

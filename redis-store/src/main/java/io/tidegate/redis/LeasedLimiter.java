package io.tidegate.redis;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Decision.Outcome;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.RateLimiter;
import io.tidegate.limit.Reservation;
import io.tidegate.limit.Ticker;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A limit that this node decides from leases. What it promises is said in {@link LeasedLimits}. */
final class LeasedLimiter implements KeyedRateLimiter<Long> {

  private static final int MOST_KEYS = 1 << 28;

  private final Quota quota;
  private final LeaseRules rules;
  private final LeaseTable table;
  private final LeaseServer server;
  private final Counts counts;
  private final Ticker ticker;
  private final Function<Quota, KeyedRateLimiter<Long>> others;

  /**
   * A limiter over a table.
   *
   * @param others makes a limiter over the same table
   */
  LeasedLimiter(
      Quota quota,
      LeaseRules rules,
      LeaseTable table,
      LeaseServer server,
      Counts counts,
      Ticker ticker,
      Function<Quota, KeyedRateLimiter<Long>> others) {
    this.quota = quota;
    this.rules = rules;
    this.table = table;
    this.server = server;
    this.counts = counts;
    this.ticker = ticker;
    this.others = others;
  }

  @Override
  public Quota quota() {
    return quota;
  }

  private static void check(String what, long permits) {
    if (permits < 1) {
      throw new IllegalArgumentException(what + ": " + permits + " (expected: at least 1)");
    }
  }

  private boolean isDown(Lease lease) {
    return lease.isFailing() || server.isDown(lease.serverKey);
  }

  private void settle(Lease lease, long now) {
    send(lease.call(rules, now));
  }

  private void send(@Nullable LeaseCall call) {
    if (call != null) {
      server.send(call);
    }
  }

  @Override
  public boolean tryAcquire(Long key, long permits) {
    check("permits", permits);
    if (permits > rules.burst()) {
      return false;
    }
    while (true) {
      Lease lease = table.get(key);
      long now = ticker.read();
      int taken = lease.takeInHand(rules, now, permits);
      if (taken == Lease.TAKEN) {
        settle(lease, now);
        return true;
      }
      if (taken == Lease.REFUSED) {
        refused(lease, now);
        return false;
      }
      Decision decision = taken == Lease.DEAD ? null : decideShort(lease, now, permits, null);
      if (decision != null) {
        return decision.admitted();
      }
      bury(key, lease, taken);
    }
  }

  private void bury(Long key, Lease lease, int taken) {
    if (taken == Lease.DEAD) {
      table.bury(key, lease);
    }
  }

  @Override
  public Decision decide(Long key, long permits) {
    check("permits", permits);
    while (true) {
      Lease lease = table.get(key);
      Decision decision = decide(key, lease, permits, null);
      if (decision != null) {
        return decision;
      }
    }
  }

  /** Whether a decision was made by policy. */
  private static final class Source {
    boolean isPolicy;
  }

  /** The decision; null if the lease is out of use. */
  private @Nullable Decision decide(Long key, Lease lease, long permits, @Nullable Source source) {
    long now = ticker.read();
    if (permits > rules.burst()) {
      return lease.decision(rules, now, permits, Outcome.NEVER);
    }
    int taken = lease.takeInHand(rules, now, permits);
    if (taken == Lease.SHORT) {
      return decideShort(lease, now, permits, source);
    }
    if (taken == Lease.DEAD) {
      bury(key, lease, taken);
      return null;
    }
    return decided(lease, now, permits, taken);
  }

  private Decision decided(Lease lease, long now, long permits, int taken) {
    if (taken == Lease.REFUSED) {
      Decision decision = lease.decision(rules, now, permits, Outcome.REFUSED);
      refused(lease, now);
      return decision;
    }
    Decision decision = lease.decision(rules, now, permits, Outcome.ADMITTED);
    settle(lease, now);
    return decision;
  }

  private void refused(Lease lease, long now) {
    counts.refusedHere.increment();
    send(lease.callAfterRefusal(rules, now));
  }

  /** Decides where there is too little in hand; null if the lease is out of use. */
  private @Nullable Decision decideShort(
      Lease lease, long now, long permits, @Nullable Source source) {
    if (isDown(lease)) {
      if (source != null) {
        source.isPolicy = true;
      }
      counts.answeredByPolicy.increment();
      Decision decision = rules.fallback().decide(lease.serverKey, permits);
      send(lease.probe(rules, now)); // finds out when it answers again
      return decision;
    }
    int taken = lease.take(rules, now, permits, true);
    return switch (taken) {
      case Lease.DEAD -> null;
      case Lease.SHORT -> notKnown(lease, now, permits);
      default -> decided(lease, now, permits, taken);
    };
  }

  /** As much was let pass as may be; the server's answer is on its way. */
  private Decision notKnown(Lease lease, long now, long permits) {
    counts.refusedHere.increment();
    settle(lease, now);
    Decision known = lease.decision(rules, now, permits, Outcome.REFUSED);
    return new Decision(
        Outcome.REFUSED, 0, server.deadlineNanos(), Math.max(known.resetAfterNanos(), 1));
  }

  @Override
  public Decision peek(Long key, long permits) {
    check("permits", permits);
    Lease known = table.look(key);
    long now = ticker.read();
    Lease lease = known == null ? new Lease(table.serverKey(key), now) : known;
    if (permits > rules.burst()) {
      return lease.decision(rules, now, permits, Outcome.NEVER);
    }
    int taken = lease.lookInHand(rules, now, permits);
    if (taken == Lease.SHORT) {
      if (isDown(lease)) {
        return rules.fallback().peek(lease.serverKey, permits);
      }
      taken = lease.look(rules, now, permits, true);
    }
    return switch (taken) {
      case Lease.SHORT ->
          new Decision(Outcome.REFUSED, 0, server.deadlineNanos(), server.deadlineNanos());
      case Lease.REFUSED -> lease.decision(rules, now, permits, Outcome.REFUSED);
      default -> lease.decision(rules, now, permits, Outcome.ADMITTED);
    };
  }

  @Override
  public boolean admits(Long key, long permits) {
    check("permits", permits);
    if (permits > rules.burst()) {
      return false;
    }
    Lease lease = table.look(key);
    boolean isInHand =
        lease != null && lease.look(rules, ticker.read(), permits, false) == Lease.TAKEN;
    return isInHand || peek(key, permits).admitted();
  }

  @Override
  public boolean giveBack(Long key, long permits) {
    check("permits", permits);
    Lease lease = table.find(key);
    if (lease != null) {
      giveBack(lease, permits);
    }
    return true;
  }

  private void giveBack(Lease lease, long permits) {
    if (isDown(lease)) {
      giveBackByPolicy(lease, permits);
    } else {
      giveBackTaken(lease, permits);
    }
  }

  /** Returns what policy gave. */
  void giveBackByPolicy(Lease lease, long permits) {
    rules.fallback().giveBack(lease.serverKey, permits);
  }

  /** Returns what a lease gave. */
  void giveBackTaken(Lease lease, long permits) {
    long now = ticker.read();
    lease.giveBack(rules, now, permits);
    settle(lease, now);
  }

  /** Takes permits whatever is owed. */
  void overdraw(Lease lease, long permits) {
    long now = ticker.read();
    lease.overdraw(rules, now, permits);
    settle(lease, now);
  }

  long now() {
    return ticker.read();
  }

  @Override
  public Reservation reserve(Long key, long estimate) {
    check("estimate", estimate);
    while (true) {
      Lease lease = table.get(key);
      long taken = ticker.read();
      Source source = new Source();
      Decision decision = decide(key, lease, estimate, source);
      if (decision != null) {
        return new LeasedReservation(this, decision, estimate, lease, taken, source.isPolicy);
      }
    }
  }

  @Override
  public boolean reset(Long key) {
    Objects.requireNonNull(key, "key");
    table.remove(key);
    String serverKey = table.serverKey(key);
    rules.fallback().forget(serverKey);
    server.forget(serverKey);
    return true;
  }

  @Override
  public RateLimiter limiter(Long key) {
    return new LeasedKey(this, Objects.requireNonNull(key, "key"));
  }

  @Override
  public KeyedRateLimiter<Long> withQuota(Quota quota) {
    return others.apply(Objects.requireNonNull(quota, "quota"));
  }

  @Override
  public void resize(int maxKeys) {
    table.resize(checkMaxKeys(maxKeys));
  }

  static int checkMaxKeys(int maxKeys) {
    if (maxKeys < 1 || maxKeys > MOST_KEYS) {
      throw new IllegalArgumentException(
          "maxKeys: " + maxKeys + " (expected: 1 to " + MOST_KEYS + ")");
    }
    return maxKeys;
  }

  @Override
  public void cleanUp() {
    table.cleanUp();
  }

  @Override
  public long keys() {
    return table.keys();
  }

  @Override
  public long crowdedOut() {
    return table.crowdedOut();
  }

  @Override
  public String toString() {
    return "LeasedLimiter[" + quota + ", " + keys() + " keys]";
  }
}

package io.tidegate.redis;

import io.tidegate.limit.Decision;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.Reservation;
import io.tidegate.limit.Ticker;
import java.util.Objects;
import java.util.function.Function;

/** A limit that this node decides from leases. What it promises is said in {@link LeasedLimits}. */
final class LeasedLimiter implements KeyedRateLimiter<Long> {

  private static final int MOST_KEYS = 1 << 28;

  private final Quota quota;
  private final LeaseTable table;
  private final LeaseJudge judge;
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
    this.table = table;
    this.judge = new LeaseJudge(rules, server, counts, ticker);
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

  @Override
  public boolean tryAcquire(Long key, long permits) {
    check("permits", permits);
    if (permits > judge.burst()) {
      return false;
    }
    while (true) {
      Lease lease = table.get(key);
      int taken = judge.take(lease, permits);
      if (taken != Lease.DEAD) {
        return taken == Lease.TAKEN;
      }
      table.bury(key, lease);
    }
  }

  @Override
  public Decision decide(Long key, long permits) {
    check("permits", permits);
    LeaseJudge.Source source = new LeaseJudge.Source();
    while (true) {
      Lease lease = table.get(key);
      Decision decision = judge.decide(lease, permits, source);
      if (decision != null) {
        return decision;
      }
      table.bury(key, lease);
    }
  }

  @Override
  public Decision peek(Long key, long permits) {
    check("permits", permits);
    Lease known = table.look(key);
    return judge.peek(known == null ? newLease(key) : known, permits);
  }

  private Lease newLease(Long key) {
    return new Lease(table.serverKey(key), judge.now());
  }

  @Override
  public boolean admits(Long key, long permits) {
    check("permits", permits);
    if (permits > judge.burst()) {
      return false;
    }
    Lease lease = table.look(key);
    return (lease != null && judge.isInHand(lease, permits)) || peek(key, permits).admitted();
  }

  @Override
  public boolean giveBack(Long key, long permits) {
    check("permits", permits);
    Lease lease = table.find(key);
    if (lease != null) {
      judge.giveBack(lease, permits);
    }
    return true;
  }

  @Override
  public Reservation reserve(Long key, long estimate) {
    check("estimate", estimate);
    LeaseJudge.Source source = new LeaseJudge.Source();
    while (true) {
      Lease lease = table.get(key);
      long taken = judge.now();
      Decision decision = judge.decide(lease, estimate, source);
      if (decision != null) {
        return new LeasedReservation(judge, decision, estimate, lease, taken, source.isPolicy);
      }
      table.bury(key, lease);
    }
  }

  @Override
  public boolean reset(Long key) {
    Objects.requireNonNull(key, "key");
    table.remove(key);
    judge.forget(table.serverKey(key));
    return true;
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

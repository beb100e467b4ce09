package io.tidegate.redis;

/**
 * One settlement of a lease with the server. There is one at a time for a lease. Ends exactly once:
 * a node that hears nothing has got nothing, and still owes what it told.
 */
final class LeaseCall {

  final Lease lease;
  final LeaseRules rules;

  /** How many permits come back unused. */
  private long back;

  /** How many were let pass ahead. */
  private long ahead;

  /** How many more are wanted. */
  private long wanted;

  /** When it set out; what it grants lasts from then. */
  private long begun;

  LeaseCall(Lease lease, LeaseRules rules) {
    this.lease = lease;
    this.rules = rules;
  }

  /** Finds out what there is to say; called once, when it sets out. */
  void begin(long now) {
    begun = now;
    if (lease.isInDoubt() || lease.isDead()) {
      return; // only asks
    }
    back = lease.takeReturned();
    long inHand = lease.inHand();
    ahead = Math.max(-inHand, 0);
    wanted = lease.wanted(rules, inHand, now);
  }

  long back() {
    return back;
  }

  long ahead() {
    return ahead;
  }

  long wanted() {
    return wanted;
  }

  /** Until when that lasts which it grants. */
  long grantEnd() {
    return begun + rules.windowNanos();
  }

  /**
   * Takes the server's answer. The lease may call again after this.
   *
   * @param charged how many of those that were let pass it has charged
   * @param granted how many more it leases
   * @param debtNanos what is owed there now
   */
  void answered(long charged, long granted, long debtNanos, long now) {
    if (charged + granted > 0) {
      rules.fallback().charge(lease.serverKey, charged + granted);
    }
    lease.settle(this, charged, granted, debtNanos, now);
  }

  /**
   * Ends without an answer.
   *
   * @param sent whether the server may have done it all the same
   */
  void failed(boolean sent, long now) {
    lease.giveUp(rules, sent ? 0 : back, now);
  }
}

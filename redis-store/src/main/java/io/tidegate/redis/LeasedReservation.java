package io.tidegate.redis;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Reservation;

/** Gives back, of what was taken, the share that time has not paid off; to where it came from. */
final class LeasedReservation extends Reservation {

  private final LeasedLimiter limiter;
  private final Lease lease;
  private final long taken;
  private final boolean byPolicy;

  LeasedReservation(
      LeasedLimiter limiter,
      Decision decision,
      long estimate,
      Lease lease,
      long taken,
      boolean byPolicy) {
    super(decision, estimate);
    this.limiter = limiter;
    this.lease = lease;
    this.taken = taken;
    this.byPolicy = byPolicy;
  }

  @Override
  protected void giveBack(long permits) {
    long owed = decision().resetAfterNanos();
    long left = owed - Math.max(limiter.now() - taken, 0);
    long back = left <= 0 ? 0 : Math.min((long) (permits * ((double) left / owed)), permits);
    if (back > 0 && byPolicy) {
      limiter.giveBackByPolicy(lease, back);
    } else if (back > 0) {
      limiter.giveBackTaken(lease, back);
    }
  }

  @Override
  protected void debit(long permits) {
    limiter.overdraw(lease, permits);
  }
}

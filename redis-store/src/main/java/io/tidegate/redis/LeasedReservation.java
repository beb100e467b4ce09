package io.tidegate.redis;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Reservation;

/** Gives back, of what was taken, the share that time has not paid off; to where it came from. */
final class LeasedReservation extends Reservation {

  private final LeaseJudge judge;
  private final Lease lease;
  private final long taken;
  private final boolean byPolicy;

  LeasedReservation(
      LeaseJudge judge,
      Decision decision,
      long estimate,
      Lease lease,
      long taken,
      boolean byPolicy) {
    super(decision, estimate);
    this.judge = judge;
    this.lease = lease;
    this.taken = taken;
    this.byPolicy = byPolicy;
  }

  @Override
  protected void giveBack(long permits) {
    long owed = decision().resetAfterNanos();
    long left = owed - Math.max(judge.now() - taken, 0);
    long back = left <= 0 ? 0 : Math.min((long) (permits * ((double) left / owed)), permits);
    if (back > 0) {
      judge.giveBack(lease, back, byPolicy);
    }
  }

  @Override
  protected void debit(long permits) {
    judge.overdraw(lease, permits);
  }
}

package io.tidegate.redis;

import org.jspecify.annotations.Nullable;

/**
 * What the server's last answer means for the permits in hand, and for those that are not. Times
 * are readings of this node's monotonic clock.
 *
 * <p>Permits are used oldest first. What is in hand beyond {@code newer} is older, and ends sooner.
 */
final class LeaseTerms {

  /** Which answer this is; goes round after 65,536. */
  final int epoch;

  private final long newer;
  private final long newerEnd;
  private final long olderEnd;

  /** When all that was owed on the server is paid off, if nobody takes more. */
  private final long paidOff;

  /** With this many or fewer in hand it is time to ask for more. */
  final long low;

  /** The terms before these, until these hold. */
  volatile @Nullable LeaseTerms before;

  private LeaseTerms(
      int epoch,
      long newer,
      long newerEnd,
      long olderEnd,
      long paidOff,
      long low,
      @Nullable LeaseTerms before) {
    this.epoch = epoch;
    this.newer = newer;
    this.newerEnd = newerEnd;
    this.olderEnd = olderEnd;
    this.paidOff = paidOff;
    this.low = low;
    this.before = before;
  }

  /** Nothing in hand, nothing known. */
  static LeaseTerms none(long now) {
    return new LeaseTerms(0, 0, now, now, now, -1, null);
  }

  /**
   * The terms after an answer.
   *
   * @param kept how many permits are in hand already
   * @param got how many are new in hand
   */
  LeaseTerms next(long kept, long got, long end, long paidOff, long low) {
    long olderEnd = kept > newer ? this.olderEnd : newerEnd;
    return new LeaseTerms((epoch + 1) & 0xFFFF, got, end, olderEnd, paidOff, low, this);
  }

  /** How many of those in hand can still be used; a negative number is of those let pass ahead. */
  long usable(long inHand, long now) {
    if (inHand <= 0) {
      return inHand;
    }
    if (now - newerEnd >= 0) {
      return 0;
    }
    return inHand > newer && now - olderEnd >= 0 ? newer : inHand;
  }

  /** Whether what comes back can be kept in hand. */
  boolean isLasting(long now) {
    return now - newerEnd < 0;
  }

  /** What is owed on the server as far as this node knows, in nanoseconds. */
  long debt(long now) {
    return Math.max(paidOff - now, 0);
  }
}

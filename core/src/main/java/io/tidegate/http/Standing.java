package io.tidegate.http;

import io.tidegate.limit.Decision;
import java.util.List;

/**
 * Where a client stands after a decision, in the numbers that it is told.
 *
 * <p><b>Times on a refusal.</b> The policy that decided tells the wait for this very request, so
 * that {@code t} and {@code Retry-After} agree. Any other tells its time to full, but none longer
 * than {@code Retry-After}: a client that keeps to the latter must find no {@code t} that runs on
 * (draft 11, section 6). Cutting a {@code t} keeps it true, since who can use no more than {@code
 * r} within ten minutes can use no more within the next two seconds. Raising {@code Retry-After}
 * instead would make the client wait until every limit is as good as new, for nothing.
 *
 * <p>Without a {@code Retry-After}, on an admission and where waiting is no use, every {@code t} is
 * a time to full.
 *
 * @param policies the policies that apply
 * @param decisions what the limiter of each said
 * @param deciding the index of the policy that refused, or -1 if none did
 * @param retryAfter the wait that the client is told, in seconds, or {@link #NO_WAIT}
 */
record Standing(PolicySet policies, List<Decision> decisions, int deciding, long retryAfter) {

  static final long NO_WAIT = 0;

  /**
   * The longest time that is told, almost 32 years: it fits 32 bits, and clients that take a reset
   * above a billion for a date take this one for what it is.
   */
  static final long MOST_SECONDS = 999_999_999;

  private static final long NANOS = 1_000_000_000;

  Standing {
    int size = policies.size();
    if (decisions.size() != size) {
      throw new IllegalArgumentException(
          "decisions: " + decisions.size() + " (expected: " + size + ", one for each policy)");
    }
    if (size > 0 && (deciding < -1 || deciding >= size)) {
      throw new IllegalArgumentException(
          "deciding: " + deciding + " (expected: -1 to " + (size - 1) + ")");
    }
  }

  /** Whole seconds, rounded up. */
  static long ceilSeconds(long nanos) {
    long seconds = nanos / NANOS + (nanos % NANOS > 0 ? 1 : 0);
    return Math.min(Math.max(seconds, 0), MOST_SECONDS);
  }

  /** How many permits are left under a policy. */
  long left(int index) {
    return Math.min(Math.max(decisions.get(index).remaining(), 0), Policy.MOST);
  }

  /** For how many seconds no more than that is to be had under a policy. */
  long seconds(int index) {
    if (retryAfter == NO_WAIT) {
      return ceilSeconds(decisions.get(index).resetAfterNanos());
    }
    return index == deciding
        ? retryAfter
        : Math.min(ceilSeconds(decisions.get(index).resetAfterNanos()), retryAfter);
  }

  // What dialects that tell of one policy only say of it.

  /** The policy that decided or, if none did, the first of those with the smallest share left. */
  int tightest() {
    if (deciding >= 0) {
      return deciding;
    }
    int tightest = 0;
    for (int i = 1; i < policies.size(); i++) {
      if (share(i) < share(tightest)) {
        tightest = i;
      }
    }
    return tightest;
  }

  private double share(int index) {
    return (double) decisions.get(index).remaining() / policies.get(index).quota().burst();
  }

  /** The limit, in permits. */
  long limit(int index) {
    return policies.get(index).limit();
  }

  /**
   * How many permits are left, but never more than the limit: clients subtract one from the other.
   */
  long leftOfLimit(int index) {
    return Math.min(left(index), limit(index));
  }

  /** When to come back, the same as {@code Retry-After} if there is one. */
  long reset(int index) {
    return retryAfter == NO_WAIT ? seconds(index) : retryAfter;
  }
}

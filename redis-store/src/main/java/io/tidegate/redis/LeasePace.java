package io.tidegate.redis;

import java.time.Duration;

/**
 * How many permits a node should have in hand for a client: as many as it used in the last tenth of
 * a second. So a client who calls less than ten times a second has none there, and each call is
 * settled for itself; one who calls a lot costs the server about twenty calls a second. Used by one
 * thread at a time.
 */
final class LeasePace {

  private static final long HORIZON = Duration.ofMillis(100).toNanos();

  private long level;
  private long since;
  private long used;
  private long lastInHand;

  LeasePace(long now) {
    this.since = now;
  }

  /** How many should be in hand, when so many are. */
  long level(long inHand, long most, long now) {
    used += Math.max(lastInHand - inHand, 0);
    lastInHand = inHand;
    long elapsed = now - since;
    if (elapsed >= HORIZON) {
      level = (long) (used * ((double) HORIZON / elapsed));
      since = now;
      used = 0;
    } else {
      level = Math.max(level, used / 2); // it is getting busier
    }
    level = Math.min(level, most);
    return level;
  }

  /** With how many or fewer in hand to ask for more. */
  long low() {
    return level == 0 ? -1 : level / 2;
  }

  /** So many came in hand, or were charged of those that were let pass. */
  void got(long permits) {
    lastInHand += permits;
  }
}

package io.tidegate.challenge;

import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An exact set of ids with their expiry, in primitive arrays that are sized when it is made.
 *
 * <p>Segments of open addressing, each under a lock that is held for some tens of nanoseconds. An
 * expired id is a free place for the next one. When a segment has too few free places, it is
 * rebuilt without what has expired, at most once a second, so a full guard costs a flood no more
 * than a look.
 *
 * <p>Ids are random and signed by us, so nobody can choose ones that collide, and the segments fill
 * alike: by chance one of a million ids in 64 has at most 5% more than its share.
 */
final class MemoryReplayGuard implements ReplayGuard {

  private static final int MOST_IDS = 100_000_000;
  private static final int MOST_SEGMENTS = 64;

  /** Places per id: a fill of 3/4 when all ids are there, which keeps look-ups short. */
  private static final double PLACES_PER_ID = 4.0 / 3;

  private static final double MOST_FILL = 0.9;

  private final InstantSource clock;
  private final Segment[] segments;

  MemoryReplayGuard(int maxIds, InstantSource clock) {
    if (maxIds < 1 || maxIds > MOST_IDS) {
      throw new IllegalArgumentException(
          "maxIds: " + maxIds + " (expected: 1 to " + MOST_IDS + ")");
    }
    this.clock = clock;
    int count = 1;
    while (count < MOST_SEGMENTS && maxIds / count > 1_000) {
      count *= 2;
    }
    int places = (int) Math.ceil(PLACES_PER_ID * maxIds / count);
    this.segments = new Segment[count];
    for (int i = 0; i < count; i++) {
      segments[i] = new Segment(count == 1 ? places + 1 : places, count == 1 ? maxIds : -1);
    }
  }

  @Override
  public Claim claim(long high, long low, long seconds) {
    long now = clock.instant().getEpochSecond();
    long expiresAt = now + Math.max(seconds, 0) + 1; // the second that has begun
    return segments[(int) (high & segments.length - 1)].claim(high, low, expiresAt, now);
  }

  /** A part of the set. */
  private static final class Segment {

    private final ReentrantLock lock = new ReentrantLock();
    private final int most;
    private long[] highs;
    private long[] lows;

    /** In seconds of the epoch; 0 where no id has ever been. */
    private int[] expiries;

    /** Places that hold an id, expired or not. */
    private int used;

    private long rebuilt = Long.MIN_VALUE;

    Segment(int places, int most) {
      this.most = most > 0 ? most : (int) Math.max(1, places * MOST_FILL);
      this.highs = new long[places];
      this.lows = new long[places];
      this.expiries = new int[places];
    }

    Claim claim(long high, long low, long expiresAt, long now) {
      lock.lock();
      try {
        int free = -1;
        int at = start(low, highs.length);
        while (expiries[at] != 0) {
          boolean live = isLive(expiries[at], now);
          if (highs[at] == high && lows[at] == low && live) {
            return Claim.AGAIN;
          }
          if (free < 0 && !live) {
            free = at;
          }
          at = at + 1 == highs.length ? 0 : at + 1;
        }
        if (free >= 0) {
          put(free, high, low, expiresAt);
          return Claim.FIRST;
        }
        if (used >= most) {
          if (!rebuild(now)) {
            return Claim.FULL;
          }
          at = emptyPlace(low);
        }
        used++;
        put(at, high, low, expiresAt);
        return Claim.FIRST;
      } finally {
        lock.unlock();
      }
    }

    private static int start(long low, int places) {
      return (int) (((low >>> 32) * places) >>> 32);
    }

    /** Seconds of the epoch as an unsigned number of 32 bits, which lasts until the year 2106. */
    private static boolean isLive(int expiry, long now) {
      return Integer.toUnsignedLong(expiry) >= now;
    }

    private void put(int at, long high, long low, long expiresAt) {
      highs[at] = high;
      lows[at] = low;
      expiries[at] = (int) Math.min(Math.max(expiresAt, 1), 0xFFFF_FFFFL);
    }

    private int emptyPlace(long low) {
      int at = start(low, highs.length);
      while (expiries[at] != 0) {
        at = at + 1 == highs.length ? 0 : at + 1;
      }
      return at;
    }

    /** Drops what has expired. */
    private boolean rebuild(long now) {
      if (rebuilt == now) {
        return false;
      }
      rebuilt = now;
      long[] oldHighs = highs;
      long[] oldLows = lows;
      int[] oldExpiries = expiries;
      highs = new long[oldHighs.length];
      lows = new long[oldHighs.length];
      expiries = new int[oldHighs.length];
      used = 0;
      for (int i = 0; i < oldHighs.length; i++) {
        if (oldExpiries[i] != 0 && isLive(oldExpiries[i], now)) {
          put(
              emptyPlace(oldLows[i]),
              oldHighs[i],
              oldLows[i],
              Integer.toUnsignedLong(oldExpiries[i]));
          used++;
        }
      }
      return used < most;
    }
  }
}

package io.tidegate.limit;

import java.time.Duration;
import java.util.List;

/** The quotas under which every promise is tried: slow, fast, odd, and at the edges. */
final class Quotas {

  private static final Duration LONGEST = Duration.ofDays(366);

  /** For limiters with a burst of its own and no bound on permits. */
  static final List<Quota> BUCKETS =
      List.of(
          Quota.perSecond(3),
          Quota.perSecond(3).withBurst(1),
          Quota.perSecond(3).withBurst(11),
          Quota.perDay(1),
          Quota.perSecond(1_000),
          Quota.of(7, Duration.ofSeconds(13)),
          Quota.of(7, Duration.ofSeconds(13)).withBurst(2),
          Quota.perMinute(5).withBurst(1_000),
          Quota.perSecond(1_000_000),
          Quota.perSecond(999_999_937),
          Quota.of(1, Duration.ofNanos(1)),
          Quota.of(2, Duration.ofNanos(3)),
          Quota.of(1, LONGEST),
          Quota.of(7, LONGEST),
          Quota.perSecond(1_000_000_000).withBurst(LONGEST.toNanos()));

  /** For counting windows. Beyond 73 minutes they count in coarser units. */
  static final List<Quota> COUNTERS =
      List.of(
          Quota.perSecond(1),
          Quota.perSecond(3),
          Quota.perDay(1),
          Quota.perSecond(1_000),
          Quota.of(7, Duration.ofSeconds(13)),
          Quota.perHour(100),
          Quota.of(10, Duration.ofNanos(4_398_046_511_103L)),
          Quota.of(10, Duration.ofNanos(4_398_046_511_105L)),
          Quota.perDay(1_048_575),
          Quota.of(1_048_575, Duration.ofNanos(4_398_046_511_103L)),
          Quota.of(7, LONGEST));

  /** For exact windows. */
  static final List<Quota> LOGS =
      List.of(
          Quota.perSecond(1),
          Quota.perSecond(3),
          Quota.perDay(1),
          Quota.perSecond(1_000),
          Quota.of(7, Duration.ofSeconds(13)),
          Quota.perHour(5),
          Quota.of(7, LONGEST));

  private Quotas() {}

  static long windowNanos(Quota quota) {
    return quota.window().toNanos();
  }

  /** A permit's share of the window, at least 1 ns. */
  static long intervalNanos(Quota quota) {
    return Math.max(1, windowNanos(quota) / quota.permits());
  }
}

package io.tidegate.netty;

import java.time.Duration;

/**
 * How slow a sender may be.
 *
 * @param header how long a header may take from its first byte
 * @param minBodyRate how many bytes a second a body must bring; 0 for no limit
 * @param grace how long a body may take before that
 * @param maxIdle how long nothing may come, between requests and within a body
 */
record SenderLimits(Duration header, long minBodyRate, Duration grace, Duration maxIdle) {

  static final SenderLimits DEFAULT =
      new SenderLimits(Duration.ofSeconds(10), 500, Duration.ofSeconds(5), Duration.ofSeconds(60));

  private static final long HIGHEST_RATE = 1L << 30;

  SenderLimits withHeader(Duration header) {
    return new SenderLimits(Durations.check("headerTimeout", header), minBodyRate, grace, maxIdle);
  }

  SenderLimits withBodyRate(long bytesPerSecond, Duration grace) {
    if (bytesPerSecond < 0 || bytesPerSecond > HIGHEST_RATE) {
      throw new IllegalArgumentException(
          "minBodyRate: " + bytesPerSecond + " (expected: 0 to " + HIGHEST_RATE + ")");
    }
    return new SenderLimits(header, bytesPerSecond, Durations.check("grace", grace), maxIdle);
  }

  SenderLimits withMaxIdle(Duration maxIdle) {
    return new SenderLimits(header, minBodyRate, grace, Durations.check("maxIdle", maxIdle));
  }
}

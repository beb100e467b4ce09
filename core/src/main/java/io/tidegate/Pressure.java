package io.tidegate;

import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How hard pressed the service is, from 0 to 1: the share of requests that were asked for a price,
 * over the last seconds. It rises at once and falls by a third every two seconds, so that a flood
 * which comes in waves meets no cheap moment between them.
 */
final class Pressure {

  private static final double FALL = 0.2;

  /** Fewer requests than this in a second say nothing. */
  private static final long FEWEST = 10;

  private final @Nullable DoubleSupplier given;
  private final Reports reports;

  private long challengedBefore;
  private long allBefore;
  private volatile double own;

  Pressure(@Nullable DoubleSupplier given, Reports reports) {
    this.given = given;
    this.reports = reports;
  }

  double value() {
    if (given == null) {
      return own;
    }
    try {
      return given.getAsDouble();
    } catch (Throwable e) {
      Failures.throwIfFatal(e);
      reports.failed(null, e);
      return 0;
    }
  }

  /** Once a second, by the housekeeping thread. */
  void keep(Map<Verdict.Kind, Long> verdicts) {
    long challenged = verdicts.getOrDefault(Verdict.Kind.CHALLENGED, 0L);
    long all = challenged + verdicts.getOrDefault(Verdict.Kind.ADMITTED, 0L);
    long now = all - allBefore;
    double share = now < FEWEST ? 0 : (double) (challenged - challengedBefore) / now;
    challengedBefore = challenged;
    allBefore = all;
    own = Math.max(share, own * (1 - FALL) < 0.01 ? 0 : own * (1 - FALL));
  }
}

package io.tidegate;

import io.tidegate.limit.Ticker;
import io.tidegate.overload.Priority;
import io.tidegate.overload.Slots;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How hard pressed the service is: one figure that the price follows, and the state of the sea.
 *
 * <p><b>The sea</b> follows the offered load: the slots in use, times one plus what is refused for
 * each request that gets a slot. By Little's law that is what all of them would need, as a multiple
 * of the slots, if those who are refused take as long as those who are served; so it does not fall
 * when strangers are turned away, only when fewer come. It is smoothed over a third of a second.
 * Above 1 the sea is pressed, until it has been below 0.8; above 3 flooded, until below 2.
 *
 * <p><b>The price</b> follows the larger of two: the share of the last seconds' requests that were
 * asked for a price by rules for all together, which rises at once and falls by a fifth each
 * second; and a level that rises to the top within three seconds while those who have paid are
 * refused, and falls within a minute. So where too many pay, all pay more.
 */
final class Pressure {

  private static final double FALL = 0.2;

  /** Fewer requests than this in a second say nothing. */
  private static final long FEWEST = 10;

  private static final long SAMPLE_NANOS = Duration.ofMillis(50).toNanos();
  private static final double SMOOTHING_NANOS = Duration.ofMillis(330).toNanos();
  private static final double RISE_NANOS = Duration.ofSeconds(3).toNanos();
  private static final double SINK_NANOS = Duration.ofSeconds(60).toNanos();

  private final @Nullable DoubleSupplier given;
  private final @Nullable Slots slots;
  private final Reports reports;
  private final Ticker ticker;

  private final LongAdder challenged = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder refusedPaid = new LongAdder();
  private final AtomicLong sampled;
  private final AtomicBoolean sampling = new AtomicBoolean();

  // By whoever takes the sample.
  private double inUse;
  private double served;
  private double turnedAway;
  private long grantedBefore;
  private long refusedBefore;
  private long refusedPaidBefore;
  private double level;

  // By the housekeeping thread.
  private long challengedBefore;
  private long allBefore;

  private volatile double asked;
  private volatile double paidFor;
  private volatile Sea sea = Sea.CALM;
  private volatile long since;

  Pressure(@Nullable DoubleSupplier given, @Nullable Slots slots, Reports reports, Ticker ticker) {
    this.given = given;
    this.slots = slots;
    this.reports = reports;
    this.ticker = ticker;
    this.since = ticker.read();
    this.sampled = new AtomicLong(since);
  }

  /** What the price follows. */
  double value() {
    if (given == null) {
      return Math.max(asked, paidFor);
    }
    try {
      return given.getAsDouble();
    } catch (Throwable e) {
      Failures.throwIfFatal(e);
      reports.failed(null, e);
      return 0;
    }
  }

  boolean isPressed() {
    sample();
    return sea != Sea.CALM;
  }

  Sea sea() {
    sample();
    return sea;
  }

  /** For how long the sea has been so. */
  Duration since() {
    return Duration.ofNanos(Math.max(0, ticker.read() - since));
  }

  /** A request that all together are too many for was asked for a price. */
  void asked() {
    challenged.increment();
  }

  void refusedStranger() {
    refused.increment();
  }

  void refused(Priority priority) {
    refused.increment();
    if (priority == Priority.NEWCOMER) {
      refusedPaid.increment();
    }
  }

  /** Once a second, by the housekeeping thread. */
  void keep(Map<Verdict.Kind, Long> verdicts) {
    long counted = challenged.sum();
    long all = counted + verdicts.getOrDefault(Verdict.Kind.ADMITTED, 0L);
    long now = all - allBefore;
    double share = now < FEWEST ? 0 : (double) (counted - challengedBefore) / now;
    challengedBefore = counted;
    allBefore = all;
    asked = Math.max(share, asked * (1 - FALL) < 0.01 ? 0 : asked * (1 - FALL));
    sample();
  }

  /** Looks at the slots, if nobody else has in the last moment. */
  private void sample() {
    long last = sampled.get();
    long now = ticker.read();
    long passed = now - last;
    if (slots == null || passed < SAMPLE_NANOS || !sampling.compareAndSet(false, true)) {
      return;
    }
    try {
      if (sampled.compareAndSet(last, now)) {
        sample(slots.report(), passed, now);
      }
    } finally {
      sampling.set(false);
    }
  }

  private void sample(Slots.Report report, long passed, long now) {
    double weight = 1 - Math.exp(-passed / SMOOTHING_NANOS);
    long granted = report.classes().values().stream().mapToLong(Slots.ClassCounts::granted).sum();
    long turned = refused.sum();
    long turnedPaid = refusedPaid.sum();
    inUse += weight * ((double) report.inUse() / Math.max(1, report.slots()) - inUse);
    served += weight * ((granted - grantedBefore) * 1e9 / passed - served);
    turnedAway += weight * ((turned - refusedBefore) * 1e9 / passed - turnedAway);
    double change = turnedPaid > refusedPaidBefore ? passed / RISE_NANOS : -(passed / SINK_NANOS);
    level = Math.min(1, Math.max(0, level + change));
    grantedBefore = granted;
    refusedBefore = turned;
    refusedPaidBefore = turnedPaid;
    paidFor = level;
    double load = inUse * (1 + turnedAway / Math.max(served, 1));
    turn(next(load), now);
  }

  private Sea next(double load) {
    return switch (sea) {
      case CALM -> load > 3 ? Sea.FLOODED : load >= 0.995 ? Sea.PRESSED : Sea.CALM;
      case PRESSED -> load > 3 ? Sea.FLOODED : load < 0.8 ? Sea.CALM : Sea.PRESSED;
      case FLOODED -> load < 0.8 ? Sea.CALM : load < 2 ? Sea.PRESSED : Sea.FLOODED;
    };
  }

  private void turn(Sea next, long now) {
    if (sea != next) {
      sea = next;
      since = now;
      reports.sea(next);
    }
  }
}

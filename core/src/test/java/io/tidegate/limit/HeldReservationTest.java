package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reservations that are held, and come back late or in a contrived order, to get what is not due.
 */
class HeldReservationTest {

  private static final Quota QUOTA = Quota.of(10, Duration.ofSeconds(10));
  private static final long SECOND = 1_000_000_000;

  private final ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - 35 * SECOND);

  static Stream<Named<BiFunction<Quota, Ticker, RateLimiter>>> limiters() {
    return Stream.of(
        Named.of("bucket", TokenBucket::of),
        Named.of("counter", SlidingWindow::counter),
        Named.of("log", SlidingWindow::log),
        Named.of("keyed bucket", (quota, ticker) -> keyed(TokenBucket::keyed, quota, ticker)),
        Named.of(
            "keyed counter", (quota, ticker) -> keyed(SlidingWindow::keyedCounter, quota, ticker)),
        Named.of("keyed log", (quota, ticker) -> keyed(SlidingWindow::keyedLog, quota, ticker)));
  }

  private static RateLimiter keyed(
      BiFunction<Quota, KeyFunnel<String>, KeyedRateLimiter.Builder<String>> kind,
      Quota quota,
      Ticker ticker) {
    return kind.apply(quota, KeyFunnel.ofString()).ticker(ticker).build().limiter("key");
  }

  /** Takes one by one until refused. */
  private static long drain(RateLimiter limiter) {
    long taken = 0;
    while (limiter.tryAcquire()) {
      taken++;
    }
    return taken;
  }

  /** Cancels all of them, and takes between any two what came back. */
  private static long cancelAndTake(RateLimiter limiter, List<Reservation> held) {
    long taken = drain(limiter);
    for (Reservation reservation : held) {
      reservation.cancel();
      taken += drain(limiter);
    }
    return taken;
  }

  @ParameterizedTest
  @MethodSource("limiters")
  void cancel_manyHeldForLong_givesAtOneInstantNoMoreThanTwoBursts(
      BiFunction<Quota, Ticker, RateLimiter> kind) {
    RateLimiter limiter = kind.apply(QUOTA, ticker);
    List<Reservation> held = new ArrayList<>();
    for (int round = 0; round < 12; round++) {
      while (limiter.peek(5).admitted()) {
        held.add(limiter.reserve(5));
      }
      ticker.advanceNanos(10 * SECOND);
    }
    assertThat(held).hasSizeGreaterThan(10);
    assertThat(cancelAndTake(limiter, held)).isLessThanOrEqualTo(2 * QUOTA.burst());
  }

  /**
   * Holds single permits as far back in the queue as can be, by cancelling what was held before
   * them, takes every one of them anew after a step of time, and cancels them all in the end.
   */
  private static long cancelAndTakeAfterRolling(
      RateLimiter limiter, ManualTicker ticker, long step) {
    List<Reservation> held = new ArrayList<>();
    for (int round = 0; round < 15; round++) {
      for (long left = limiter.peek().remaining(); left > 1; left--) {
        Reservation before = limiter.reserve(left - 1);
        held.add(limiter.reserve(1));
        before.cancel();
      }
      held.add(limiter.reserve(1));
      for (int i = 0; i < held.size(); i++) {
        held.get(i).cancel();
        held.set(i, limiter.reserve(1));
      }
      held.removeIf(reservation -> !reservation.admitted());
      ticker.advanceNanos(step);
    }
    return cancelAndTake(limiter, held);
  }

  @ParameterizedTest
  @MethodSource("limiters")
  void cancel_takenAnewAgainAndAgain_givesAtOneInstantNoMoreThanTwoBursts(
      BiFunction<Quota, Ticker, RateLimiter> kind) {
    for (long step = SECOND / 2; step <= 10 * SECOND; step += SECOND / 2) {
      RateLimiter limiter = kind.apply(QUOTA, ticker);
      assertThat(cancelAndTakeAfterRolling(limiter, ticker, step))
          .as("step %d", step)
          .isPositive()
          .isLessThanOrEqualTo(2 * QUOTA.burst());
    }
  }

  /** A twin whose charges lie last in a queue of debt, though earlier ones may come back. */
  private static final class LastInTheQueue extends ForwardingLimit<Word> {
    LastInTheQueue() {
      super(new Gcra(QUOTA));
    }

    @Override
    void giveBackTaken(Word state, long taken, long paidOff, long now, long permits) {
      long unpaid = Math.max(0, paidOff - now) / SECOND;
      if (unpaid > 0) {
        giveBack(state, now, Math.min(permits, unpaid));
      }
    }
  }

  @Test
  void cancel_takenAnewAgainAndAgainFromABrokenTwin_givesMoreThanTwoBursts() {
    Limit<Word> twin = new LastInTheQueue();
    RateLimiter limiter = new StateLimiter<>(twin, twin.fresh(ticker.read()), ticker);
    assertThat(cancelAndTakeAfterRolling(limiter, ticker, 9 * SECOND))
        .isGreaterThan(2 * QUOTA.burst());
  }

  @Test
  void cancel_bucketHeldAlone_givesBackWhatIsNotPaidOff() {
    RateLimiter limiter = TokenBucket.of(QUOTA, ticker);
    Reservation held = limiter.reserve(10);
    ticker.advanceNanos(4 * SECOND);
    assertThat(limiter.tryAcquire(3)).isTrue();
    // Six of ten are not paid off, and three are owed by another.
    held.cancel();
    assertThat(limiter.peek().remaining()).isEqualTo(7);
    assertThat(limiter.peek().resetAfterNanos()).isEqualTo(3 * SECOND);
  }

  @Test
  void cancel_bucketHeldBesideOthers_givesBackItsShareOfWhatIsNotPaidOff() {
    RateLimiter limiter = TokenBucket.of(QUOTA, ticker);
    assertThat(limiter.tryAcquire(5)).isTrue();
    Reservation held = limiter.reserve(5);
    ticker.advanceNanos(4 * SECOND);
    // Six of ten are not paid off, and half of them are this one's.
    held.settle(1);
    assertThat(limiter.peek().resetAfterNanos()).isEqualTo(6 * SECOND - 4 * SECOND * 6 / 10);
  }

  @ParameterizedTest
  @MethodSource("limiters")
  void cancel_whenPaidOff_givesNothingToOthers(BiFunction<Quota, Ticker, RateLimiter> kind) {
    RateLimiter limiter = kind.apply(QUOTA, ticker);
    Reservation held = limiter.reserve(7);
    ticker.advanceNanos(held.decision().resetAfterNanos());
    assertThat(limiter.tryAcquire(10)).isTrue();
    held.cancel();
    assertThat(limiter.tryAcquire()).isFalse();
  }

  @Test
  void cancel_counterInTheNextWindow_givesBackToTheWindowItWasTakenIn() {
    RateLimiter limiter = SlidingWindow.counter(QUOTA, ticker);
    Reservation held = limiter.reserve(10);
    ticker.advanceNanos(15 * SECOND);
    assertThat(limiter.tryAcquire(5)).as("half of ten has faded").isTrue();
    held.cancel();
    assertThat(limiter.peek().remaining()).isEqualTo(5);
    assertThat(limiter.peek().resetAfterNanos()).isEqualTo(15 * SECOND);
  }

  @Test
  void cancel_logWhosePermitsADebtHasReplaced_givesNoneOfTheDebtBack() {
    RateLimiter limiter = SlidingWindow.log(Quota.perDay(3), ticker);
    Reservation first = limiter.reserve(1);
    ticker.advanceNanos(SECOND);
    Reservation second = limiter.reserve(2);
    ticker.advanceNanos(SECOND);
    first.settle(4);
    second.cancel();
    assertThat(limiter.tryAcquire()).isFalse();
  }

  /** What was taken at one time, less what of it came back. */
  private static final class Use {
    final long time;
    final Reservation reservation;
    final long estimate;
    long used;

    Use(long time, Reservation reservation, long estimate) {
      this.time = time;
      this.reservation = reservation;
      this.estimate = estimate;
      this.used = estimate;
    }

    void settle(long actual) {
      used = actual;
      reservation.settle(actual);
    }
  }

  /**
   * Somebody who holds, settles, cancels and takes again in all orders, on a clock that goes on.
   */
  private static final class Adversary {
    final RandomGenerator random;
    final RateLimiter limiter;
    final ManualTicker ticker;
    final List<Use> uses = new ArrayList<>();
    final ArrayDeque<Use> open = new ArrayDeque<>();
    long now;
    long total;

    Adversary(RandomGenerator random, RateLimiter limiter, ManualTicker ticker) {
      this.random = random;
      this.limiter = limiter;
      this.ticker = ticker;
    }

    void move() {
      switch (random.nextInt(8)) {
        case 0 -> step();
        case 1 -> settle(random.nextBoolean() ? open.pollFirst() : open.pollLast());
        case 2 -> takeAnew();
        case 3 -> holdBehindAnother();
        case 4 -> spree();
        default -> hold(Subject.somePermits(random, limiter.quota().burst()));
      }
    }

    private void step() {
      long interval = Quotas.intervalNanos(limiter.quota());
      long step =
          switch (random.nextInt(4)) {
            case 0 -> random.nextLong(interval) + 1;
            case 1 -> interval;
            default -> random.nextLong(interval * limiter.quota().burst());
          };
      now += step;
      ticker.advanceNanos(step);
    }

    private boolean hold(long permits) {
      Reservation reservation = limiter.reserve(permits);
      if (reservation.admitted()) {
        Use use = new Use(now, reservation, permits);
        uses.add(use);
        open.add(use);
        total += permits;
      }
      return reservation.admitted();
    }

    private void settle(Use use) {
      if (use != null) {
        settle(use, random.nextInt(3) == 0 ? random.nextLong(use.estimate + 1) : 0);
      }
    }

    private void settle(Use use, long actual) {
      use.settle(actual);
      total -= use.estimate - actual;
    }

    /** Cancels each, and holds as much again. */
    private void takeAnew() {
      for (int i = open.size(); i > 0; i--) {
        Use use = open.remove();
        settle(use, 0);
        hold(use.estimate);
      }
    }

    private void holdBehindAnother() {
      long left = limiter.peek().remaining();
      if (left > 1 && hold(left - 1)) {
        Use first = open.getLast();
        hold(1);
        settle(first, 0);
        open.remove(first);
      }
    }

    /** Uses all there is, and cancels what is held to use that as well. */
    private void spree() {
      if (random.nextInt(6) == 0) {
        use();
        while (!open.isEmpty()) {
          settle(open.remove(), 0);
          use();
        }
      }
    }

    private void use() {
      long left = limiter.peek().remaining();
      if (left > 0 && limiter.tryAcquire(left)) {
        uses.add(new Use(now, limiter.reserve(Long.MAX_VALUE), left));
        total += left;
      }
    }

    /** Whether all that is used or held is beyond a burst and the rate since the start. */
    boolean isBeyondOneBurstSinceTheStart() {
      Quota quota = limiter.quota();
      long beyondTheBurst = Math.multiplyExact(total - quota.burst(), Quotas.windowNanos(quota));
      return beyondTheBurst > Math.multiplyExact(quota.permits(), now);
    }

    /** By how many permits the worst stretch is beyond so many bursts and the rate. */
    double worstExcess(int bursts) {
      Tally tally = new Tally(limiter.quota(), bursts);
      double worst = 0;
      for (Use use : uses) {
        tally.admit(use.used, BigInteger.valueOf(use.time));
        worst = Math.max(worst, tally.excess());
      }
      return worst;
    }
  }

  @ParameterizedTest
  @MethodSource("limiters")
  void reserve_heldAndCancelledInAnyOrder_keepsTheBounds(
      BiFunction<Quota, Ticker, RateLimiter> kind) {
    for (Quota quota :
        List.of(QUOTA, Quota.perSecond(3), Quota.of(7, Duration.ofSeconds(13)), Quota.perDay(50))) {
      for (long seed = 0; seed < 40; seed++) {
        RandomGenerator random = Subject.random(quota, seed);
        ManualTicker ticker = new ManualTicker(Schedule.anyStart(random));
        Adversary adversary = new Adversary(random, kind.apply(quota, ticker), ticker);
        for (int move = 0; move < 300; move++) {
          adversary.move();
          assertThat(adversary.isBeyondOneBurstSinceTheStart())
              .as("%s, seed %d, move %d", quota, seed, move)
              .isFalse();
        }
        assertThat(adversary.worstExcess(2)).as("%s, seed %d", quota, seed).isZero();
      }
    }
  }
}

package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many threads on one state: no permit is handed out twice, and none is lost. */
class WordConcurrencyTest {

  private static final int THREADS = 4;
  private static final Quota QUOTA = Quota.of(1_000, Duration.ofDays(1));

  static Stream<RateLimiter> limiters() {
    ManualTicker still = new ManualTicker(Long.MAX_VALUE - 10);
    return Stream.of(
        TokenBucket.of(QUOTA, still),
        SlidingWindow.counter(QUOTA, still),
        SlidingWindow.log(QUOTA, still),
        TokenBucket.keyed(QUOTA, KeyFunnel.ofString()).ticker(still).build().limiter("k"),
        SlidingWindow.keyedCounter(QUOTA, KeyFunnel.ofString()).ticker(still).build().limiter("k"),
        SlidingWindow.keyedLog(QUOTA, KeyFunnel.ofString()).ticker(still).build().limiter("k"),
        CrowdedLimiter.of(new Gcra(QUOTA), still));
  }

  /** How many of the threads' calls are admitted before each of them has met three refusals. */
  private static long admitted(BooleanSupplier tryAcquire) throws InterruptedException {
    AtomicLong admitted = new AtomicLong();
    Threads.run(
        THREADS,
        thread -> {
          for (int refused = 0; refused < 3; ) {
            if (tryAcquire.getAsBoolean()) {
              admitted.incrementAndGet();
            } else {
              refused++;
            }
          }
        });
    return admitted.get();
  }

  @ParameterizedTest
  @MethodSource("limiters")
  void tryAcquire_byManyThreadsAtOneMoment_admitsExactlyTheBurst(RateLimiter limiter)
      throws InterruptedException {
    assertThat(admitted(limiter::tryAcquire)).isEqualTo(QUOTA.burst());
  }

  @ParameterizedTest
  @MethodSource("limiters")
  void decide_byManyThreadsAtOneMoment_admitsExactlyTheBurst(RateLimiter limiter)
      throws InterruptedException {
    assertThat(admitted(() -> limiter.decide().admitted())).isEqualTo(QUOTA.burst());
  }

  @Test
  void tryAcquire_byATwinThatReadsAndWritesApart_admitsMore() throws InterruptedException {
    long admitted = 0;
    for (int round = 0; round < 200 && admitted <= QUOTA.burst(); round++) {
      TornWord twin = new TornWord(new Gcra(QUOTA));
      admitted = admitted(twin::tryAcquire);
    }
    assertThat(admitted).isGreaterThan(QUOTA.burst());
  }

  /** The same function over the same word, but another thread may write between look and write. */
  private static final class TornWord {
    private final Gcra gcra;
    private volatile long word;

    TornWord(Gcra gcra) {
      this.gcra = gcra;
      this.word = gcra.initial(0);
    }

    boolean tryAcquire() {
      long state = word;
      long next = gcra.charge(state, 0, 1);
      if ((state & 63) == 0) {
        Thread.yield();
      }
      word = next;
      return next != state;
    }
  }

  @Test
  void reserve_cancelledByManyThreads_leavesAFullQuota() throws InterruptedException {
    for (RateLimiter limiter : limiters().toList()) {
      Threads.run(
          THREADS,
          thread -> {
            for (int i = 0; i < 2_000; i++) {
              Reservation reservation = limiter.reserve(1 + (thread + i) % 7);
              reservation.cancel();
              reservation.settle(0);
            }
          });
      assertThat(limiter.peek().remaining()).as("%s", limiter).isEqualTo(QUOTA.burst());
    }
  }

  @Test
  void settle_ofOneReservationByManyThreads_countsOnce() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      RateLimiter limiter = TokenBucket.of(QUOTA, new ManualTicker());
      assertThat(limiter.tryAcquire(500)).isTrue();
      Reservation reservation = limiter.reserve(100);
      Threads.run(THREADS, thread -> reservation.cancel());
      assertThat(limiter.peek().remaining()).isEqualTo(500);
    }
  }

  @Test
  void tryAcquire_whileTheClockMoves_keepsTheBoundOverAll() throws InterruptedException {
    for (Quota quota : List.of(Quota.perSecond(1_000), Quota.of(7, Duration.ofMillis(13)))) {
      ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - 1_000_000);
      for (RateLimiter limiter :
          List.of(
              TokenBucket.of(quota, ticker),
              SlidingWindow.counter(quota, ticker),
              SlidingWindow.log(quota, ticker))) {
        AtomicLong admitted = new AtomicLong();
        AtomicLong forward = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        Threads.run(
            THREADS,
            thread -> {
              for (int i = 0; thread == 0 && i < 20_000; i++) {
                if (i % 1_000 == 0) {
                  Thread.yield();
                }
                long step = i % 10 == 9 ? -2_000 : 1_000 * (i % 50);
                ticker.advanceNanos(step);
                forward.addAndGet(Math.max(0, step));
              }
              if (thread == 0) {
                over.set(true);
                return;
              }
              do {
                admitted.addAndGet(limiter.tryAcquire() ? 1 : 0);
              } while (!over.get());
            });
        BigInteger bound =
            BigInteger.valueOf(quota.burst())
                .multiply(BigInteger.valueOf(Quotas.windowNanos(quota)))
                .add(
                    BigInteger.valueOf(quota.permits())
                        .multiply(BigInteger.valueOf(forward.get())));
        assertThat(
                BigInteger.valueOf(admitted.get())
                    .multiply(BigInteger.valueOf(Quotas.windowNanos(quota))))
            .as("%s, %s", limiter, quota)
            .isLessThanOrEqualTo(bound);
        assertThat(admitted.get()).isPositive();
      }
    }
  }
}

package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The interleavings of a store that once went wrong, or could, each forced to happen. */
class StoreRaceTest {

  private static final Quota QUOTA = Quota.of(7, Duration.ofSeconds(7));
  private static final long DEBT = Duration.ofSeconds(7).toNanos();

  private final ManualTicker ticker = new ManualTicker();

  /** Runs something once where a state is made, or was found to be kept for too short. */
  private static final class Interrupted extends ForwardingLimit<Word> {
    Runnable onFresh = () -> {};
    Runnable onKeptTooShort = () -> {};

    Interrupted() {
      super(new Gcra(QUOTA));
    }

    @Override
    Word fresh(long now) {
      Runnable once = onFresh;
      onFresh = () -> {};
      once.run();
      return super.fresh(now);
    }

    @Override
    long tryAcquire(Word state, Ticker ticker, long now, long permits, long keptUntil) {
      long needed = super.tryAcquire(state, ticker, now, permits, keptUntil);
      if (needed > TAKEN) {
        Runnable once = onKeptTooShort;
        onKeptTooShort = () -> {};
        once.run();
      }
      return needed;
    }
  }

  /** Starts a thread and waits until it is through, or waits for us. */
  private static Thread startAndWait(Runnable code) {
    Thread thread = new Thread(code);
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.BLOCKED
        && thread.getState() != Thread.State.TERMINATED) {
      Thread.onSpinWait();
    }
    return thread;
  }

  /** Takes one by one until refused. */
  private static long drain(KeyedRateLimiter<String> keyed, String key) {
    long admitted = 0;
    while (keyed.tryAcquire(key)) {
      admitted++;
    }
    return admitted;
  }

  @Test
  void tryAcquire_crowdedOutWhileTheKeyGetsAnEntry_keepsItsQuota() throws InterruptedException {
    Interrupted limit = new Interrupted();
    KeyedRateLimiter<String> keyed = SharedPlaces.keyed(limit, 1, WhenFull.SHARE, ticker);
    String other = SharedPlaces.keyApart("key");
    keyed.tryAcquire("holder");
    ticker.advanceNanos(3 * DEBT);
    long[] admitted = new long[2];
    Thread[] quicker = new Thread[1];
    // Between the look for room and the entry, another key takes the place, and then the key itself
    // is crowded out and charged elsewhere.
    limit.onFresh =
        () ->
            quicker[0] =
                startAndWait(
                    () -> {
                      keyed.tryAcquire(other);
                      admitted[0] = drain(keyed, "key");
                    });
    admitted[1] = keyed.tryAcquire("key") ? 1 : 0;
    quicker[0].join();
    assertThat(keyed.crowdedOut() + keyed.keys()).as("it came to a crowd").isGreaterThan(1);
    assertThat(admitted[0] + admitted[1] + drain(keyed, "key")).isEqualTo(QUOTA.burst());
  }

  @Test
  void settle_whileAnotherCallKeepsTheEntryForLess_isNotForgotten() {
    Interrupted limit = new Interrupted();
    KeyedRateLimiter<String> keyed = SharedPlaces.keyed(limit, 10, WhenFull.SHARE, ticker);
    RateLimiter single = TokenBucket.of(QUOTA, ticker);
    Reservation ofKey = keyed.reserve("key", 1);
    Reservation ofSingle = single.reserve(1);
    // The call has seen an entry that is kept for too short, and goes on to keep it for longer; but
    // by then a settled cost has had it kept for longer still.
    boolean[] settled = new boolean[1];
    limit.onKeptTooShort =
        () -> {
          ofKey.settle(100);
          settled[0] = true;
        };
    assertThat(keyed.tryAcquire("key")).isFalse();
    assertThat(settled[0]).isTrue();
    ofSingle.settle(100);
    for (int quarter = 0; quarter < 10; quarter++) {
      ticker.advanceNanos(DEBT / 4);
      keyed.cleanUp();
      assertThat(keyed.peek("key", 7)).as("quarter %d", quarter).isEqualTo(single.peek(7));
    }
  }

  @Test
  void tryAcquire_whileItsEntryIsReplaced_doesNotShortenTheNewOne() {
    Interrupted limit = new Interrupted();
    KeyedRateLimiter<String> keyed = SharedPlaces.keyed(limit, 10, WhenFull.SHARE, ticker);
    RateLimiter single = TokenBucket.of(QUOTA, ticker);
    assertThat(keyed.tryAcquire("key")).isTrue();
    // The call has seen an entry that is kept for too short, and goes on to keep it for longer; but
    // by then another one stands in its place, which owes more.
    boolean[] replaced = new boolean[1];
    limit.onKeptTooShort =
        () -> {
          keyed.reset("key");
          replaced[0] = keyed.tryAcquire("key", 7) && single.tryAcquire(7);
        };
    assertThat(keyed.tryAcquire("key")).isFalse();
    assertThat(replaced[0]).isTrue();
    for (int second = 0; second < 8; second++) {
      assertThat(keyed.peek("key", 7)).as("second %d", second).isEqualTo(single.peek(7));
      ticker.advanceNanos(DEBT / 7);
      keyed.cleanUp();
    }
  }

  @Test
  void cancel_afterItsEntryWasDropped_givesNothingToThoseWhoShareAState() {
    KeyedRateLimiter<String> keyed = SharedPlaces.keyed(new Gcra(QUOTA), 1, WhenFull.SHARE, ticker);
    String beside = SharedPlaces.keysBeside("key", 1).get(0);
    Reservation reservation = keyed.reserve("key", 7);
    ticker.advanceNanos(3 * DEBT);
    keyed.cleanUp();
    assertThat(keyed.keys()).isZero();
    keyed.tryAcquire(SharedPlaces.keyApart("key"));
    assertThat(keyed.tryAcquire(beside, 7)).isTrue();
    reservation.cancel();
    assertThat(keyed.tryAcquire(beside)).isFalse();
  }

  @Test
  void giveBack_byAKeyThatSharesAState_givesNothingToTheOthers() {
    KeyedRateLimiter<String> keyed = SharedPlaces.keyed(new Gcra(QUOTA), 1, WhenFull.SHARE, ticker);
    String beside = SharedPlaces.keysBeside("key", 1).get(0);
    keyed.tryAcquire(SharedPlaces.keyApart("key"));
    assertThat(keyed.tryAcquire(beside, 7)).isTrue();
    keyed.giveBack("key", 7);
    assertThat(keyed.tryAcquire(beside)).isFalse();
  }

  @Test
  void cancel_ofAKeyThatWasAdmittedUncounted_givesItNothing() {
    KeyedRateLimiter<String> keyed = SharedPlaces.keyed(new Gcra(QUOTA), 1, WhenFull.ADMIT, ticker);
    keyed.tryAcquire("holder", 7);
    Reservation uncounted = keyed.reserve("key", 7);
    assertThat(uncounted.admitted()).isTrue();
    ticker.advanceNanos(3 * DEBT);
    keyed.cleanUp();
    assertThat(keyed.tryAcquire("key", 7)).isTrue();
    uncounted.cancel();
    assertThat(keyed.tryAcquire("key")).isFalse();
  }

  @Test
  void settle_beyondTheEstimateInACrowd_isCharged() {
    KeyedRateLimiter<String> keyed = SharedPlaces.keyed(new Gcra(QUOTA), 1, WhenFull.SHARE, ticker);
    ticker.advanceNanos(1);
    Reservation reservation = keyed.reserve("key", 7);
    ticker.advanceNanos(3 * DEBT);
    keyed.cleanUp();
    keyed.tryAcquire(SharedPlaces.keyApart("key"));
    reservation.settle(7 + 5);
    assertThat(keyed.peek("key", 1).remaining()).isEqualTo(2);
  }

  @Test
  void newcomers_onceThereIsRoomAgain_areAdmittedWithinOneDebtHoweverManyCome() {
    KeyedRateLimiter<String> keyed =
        SharedPlaces.keyed(new Gcra(QUOTA), 1_000, WhenFull.SHARE, ticker);
    for (int i = 0; i < 1_000; i++) {
      keyed.tryAcquire("holder-" + i);
    }
    var newcomers = SharedPlaces.keysBeside("key", 600).iterator();
    assertThat(keyed.tryAcquire("key", 7)).isTrue();
    assertThat(keyed.tryAcquire(newcomers.next())).as("shares with a drained key").isFalse();
    ticker.advanceNanos(DEBT / 3);
    keyed.cleanUp();
    assertThat(keyed.keys()).isLessThan(10);
    // From here on there is room. A newcomer comes every tenth of an interval.
    for (int i = 0; i < 500; i++) {
      ticker.advanceNanos(DEBT / 70);
      boolean admitted = keyed.tryAcquire(newcomers.next());
      if (i * DEBT / 70 >= DEBT) {
        assertThat(admitted).as("newcomer %d", i).isTrue();
      }
    }
  }
}

package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.challenge.Verification.Outcome;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Many who redeem one proof at the same time. */
final class Crowd {

  private static final int THREADS = 50;
  private static final int CALLS = 200;

  private Crowd() {}

  /** Ten thousand calls: one is accepted, and all others are told that it was. */
  static void oneWins(Supplier<Outcome> redeem) throws InterruptedException {
    AtomicInteger accepted = new AtomicInteger();
    AtomicInteger replayed = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    Thread[] threads = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      threads[i] =
          new Thread(
              () -> {
                try {
                  start.await();
                } catch (InterruptedException e) {
                  return;
                }
                for (int call = 0; call < CALLS; call++) {
                  Outcome outcome = redeem.get();
                  accepted.addAndGet(outcome == Outcome.ACCEPTED ? 1 : 0);
                  replayed.addAndGet(outcome == Outcome.REPLAYED ? 1 : 0);
                }
              });
      threads[i].start();
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(accepted).hasValue(1);
    assertThat(replayed).hasValue((THREADS * CALLS) - 1);
  }
}

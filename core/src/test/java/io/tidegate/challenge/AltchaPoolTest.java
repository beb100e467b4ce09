package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Puzzles that are made ahead of time. */
class AltchaPoolTest {

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final AltchaPool pool = builder().executor(tasks::add).build();

  private static AltchaPool.Builder builder() {
    return AltchaPool.builder().cost(1).puzzles(10);
  }

  private void runTask() {
    tasks.remove().run();
  }

  @Test
  void pool_isEmptyUntilAsked_thenFull() {
    assertThat(pool.available()).isZero();
    assertThat(tasks).isEmpty();
    assertThat(pool.take(100)).isNull();
    assertThat(pool.take(100)).isNull();
    assertThat(pool.misses()).isEqualTo(2);
    assertThat(tasks).as("one at a time").hasSize(1);
    runTask();
    assertThat(pool.available()).isEqualTo(10);
    assertThat(tasks).as("ended, and nothing left to do").isEmpty();
  }

  @Test
  void pool_isRefilledWhenHalfEmpty() {
    pool.take(128);
    runTask();
    for (int left = 9; left > 5; left--) {
      assertThat(pool.take(128)).isNotNull();
      assertThat(tasks).as("%d left", left).isEmpty();
    }
    assertThat(pool.take(128)).isNotNull();
    assertThat(tasks).hasSize(1);
    runTask();
    assertThat(pool.available()).isEqualTo(10);
    assertThat(pool.misses()).isEqualTo(1);
  }

  @Test
  void pool_isBoundedOverAllSizes() {
    for (int bits = 0; bits <= 32; bits++) {
      pool.take(1L << bits);
    }
    runTask();
    assertThat(pool.available()).isEqualTo(33 * 10);
    assertThat(pool.take((1L << 32) + 1)).as("more than a counter can be").isNull();
    assertThat(tasks).isEmpty();
    for (int bits = 0; bits <= 32; bits++) {
      AltchaPuzzle puzzle = pool.take(1L << bits);
      assertThat(puzzle).isNotNull();
      assertThat(puzzle.counter).isBetween(0L, (1L << bits) - 1);
    }
  }

  @Test
  void take_throwsAwayWhatGoesTooFar() {
    pool.take(65);
    runTask();
    for (int i = 0; i < 100; i++) {
      AltchaPuzzle puzzle = pool.take(65);
      if (puzzle == null) {
        runTask();
      } else {
        assertThat(puzzle.counter).isLessThan(65);
      }
      while (!tasks.isEmpty()) {
        runTask();
      }
    }
  }

  /** What is made is what is searched for. */
  @Test
  void puzzle_isSolvedByItsCounter() {
    pool.take(1L << 32);
    runTask();
    AltchaPuzzle puzzle = pool.take(1L << 32);
    assertThat(puzzle.key)
        .isEqualTo(
            AltchaAlgorithm.PBKDF2_SHA_256.derive(puzzle.nonce, puzzle.salt, 1, puzzle.counter));
  }

  @Test
  void closed_makesAndHandsOutNothing() {
    pool.take(16);
    pool.close();
    runTask();
    assertThat(pool.available()).isZero();
    assertThat(pool.take(16)).isNull();
    assertThat(tasks).isEmpty();
    pool.close();
  }

  @Test
  void closed_dropsWhatThereIs() {
    pool.take(16);
    runTask();
    pool.close();
    assertThat(pool.available()).isZero();
    assertThat(pool.take(16)).isNull();
  }

  @Test
  void executorThatRefuses_isAskedAgain() {
    Queue<Runnable> later = new ArrayDeque<>();
    boolean[] open = {false};
    AltchaPool refused =
        builder()
            .executor(
                task -> {
                  if (!open[0]) {
                    throw new RejectedExecutionException("full");
                  }
                  later.add(task);
                })
            .build();
    assertThat(refused.take(4)).isNull();
    open[0] = true;
    assertThat(refused.take(4)).isNull();
    later.remove().run();
    assertThat(refused.take(4)).isNotNull();
  }

  /** Its own thread: in the background, without being in anybody's way, and gone afterwards. */
  @Test
  void ownThread_isADaemon() throws InterruptedException {
    AtomicReference<Thread> maker = new AtomicReference<>();
    try (AltchaPool own = builder().puzzles(100_000).cost(1_000).build()) {
      own.take(1_000);
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().equals("tidegate-altcha-pool")) {
          maker.set(thread);
        }
      }
      assertThat(maker.get()).isNotNull();
      assertThat(maker.get().isDaemon()).isTrue();
      assertThat(maker.get().getPriority()).isEqualTo(Thread.MIN_PRIORITY);
    }
    maker.get().join(10_000);
    assertThat(maker.get().isAlive()).isFalse();
  }

  /** No puzzle is handed out twice, and none is lost. */
  @Test
  void take_byMany_givesEachToOne() throws Exception {
    int threads = 8;
    int each = 2_000;
    Set<String> nonces = ConcurrentHashMap.newKeySet();
    ExecutorService maker = Executors.newSingleThreadExecutor();
    ExecutorService takers = Executors.newFixedThreadPool(threads);
    AltchaPool shared = builder().puzzles(500).executor(maker).build();
    ProofOfWork work =
        ProofOfWork.builder(
                KeyRing.of("k", "a secret of some length".getBytes(StandardCharsets.US_ASCII)))
            .altchaPool(shared)
            .build();
    CountDownLatch done = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      takers.execute(
          () -> {
            for (int call = 0; call < each; call++) {
              String challenge = work.issueAltcha2(Terms.of(1_000));
              if (challenge.contains("parameters")) {
                nonces.add(Widget.json(challenge).at("/parameters/nonce").asText());
              }
            }
            done.countDown();
          });
    }
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    takers.shutdown();
    maker.shutdown();
    assertThat(maker.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(nonces.size() + shared.misses()).isEqualTo((long) threads * each);
    assertThat(shared.available()).isBetween(0, 500);
  }

  @Test
  void builder_refusesNonsenseByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().cost(0))
        .withMessage("cost: 0 (expected: 1 to 1000000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().puzzles(100_001))
        .withMessage("puzzles: 100001 (expected: 1 to 100000)");
  }
}

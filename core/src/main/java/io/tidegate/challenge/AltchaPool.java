package io.tidegate.challenge;

import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Puzzles of ALTCHA's protocol 2, made ahead of time, so that no request waits for the derivation
 * of a key.
 *
 * <pre>{@code
 * AltchaPool pool = AltchaPool.builder().build();
 * ProofOfWork work = ProofOfWork.builder(keys).altchaPool(pool).build();
 * String json = work.issueAltcha2(Terms.of(400_000)); // to the widget
 * }</pre>
 *
 * <p>Puzzles are kept by how far their counters may go, in steps of two, so that terms may ask for
 * any amount of work: one whose counter is beyond what is asked is thrown away, and the counters of
 * those that remain are spread evenly. A size that nobody has asked for yet is empty. One thread
 * makes puzzles when a size is half empty, until it is full, and ends when there is nothing to do.
 * A flood of requests for challenges keeps that thread busy and no other; the challenges that find
 * no puzzle are of protocol 1.
 *
 * <p>A puzzle is handed out once. Terms and keys are no part of it, so a pool may serve several
 * issuers, and their keys may change.
 *
 * <p>Safe for use by many threads; taking a puzzle never blocks. In memory, at most 33 sizes of
 * {@code puzzles} puzzles of some 300 bytes.
 */
public final class AltchaPool implements AutoCloseable {

  private static final int SIZES = 33;

  private final AltchaAlgorithm algorithm;
  private final int cost;
  private final int puzzles;
  private final Executor executor;
  private final @Nullable ExecutorService own;
  private final SecureRandom random = new SecureRandom();
  private final Size[] sizes = new Size[SIZES];
  private final AtomicBoolean making = new AtomicBoolean();
  private final LongAdder misses = new LongAdder();
  private volatile boolean closed;

  private AltchaPool(Builder builder) {
    this.algorithm = builder.algorithm;
    this.cost = builder.cost;
    this.puzzles = builder.puzzles;
    this.own = builder.executor == null ? ownExecutor() : null;
    this.executor = builder.executor == null ? Objects.requireNonNull(own) : builder.executor;
    for (int i = 0; i < SIZES; i++) {
      sizes[i] = new Size(1L << i);
    }
  }

  private static ExecutorService ownExecutor() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), AltchaPool::lowly);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  @SuppressWarnings("ThreadPriorityCheck") // a wish: where it is not heard, nothing depends on it
  private static Thread lowly(Runnable task) {
    Thread thread = new Thread(task, "tidegate-altcha-pool");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    return thread;
  }

  /**
   * Starts a builder.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  AltchaAlgorithm algorithm() {
    return algorithm;
  }

  int cost() {
    return cost;
  }

  /** A puzzle whose counter is one of so many, each with equal chance; null if there is none. */
  @Nullable AltchaPuzzle take(long counters) {
    AltchaPuzzle puzzle = null;
    if (!closed && counters <= AltchaAlgorithm.MOST_COUNTERS) {
      Size size = sizes[Long.SIZE - Long.numberOfLeadingZeros(counters - 1)];
      size.isWanted = true;
      puzzle = size.take(counters);
      if (size.count.get() <= puzzles / 2) {
        startMaking();
      }
    }
    if (puzzle == null) {
      misses.increment();
    }
    return puzzle;
  }

  private void startMaking() {
    if (making.get() || !making.compareAndSet(false, true)) {
      return;
    }
    try {
      executor.execute(this::make);
    } catch (RejectedExecutionException e) { // closed, or busy: the next one asks again
      making.set(false);
    }
  }

  private void make() {
    try {
      Size size = emptiest(puzzles - 1);
      while (size != null && !closed) {
        size.add(AltchaPuzzle.make(algorithm, cost, size.counters, random));
        size = emptiest(puzzles - 1);
      }
    } finally {
      making.set(false);
    }
    if (!closed && emptiest(puzzles / 2) != null) {
      startMaking(); // taken between the last look and the end
    }
  }

  /** The emptiest size that is asked for and has at most so many puzzles; null if there is none. */
  private @Nullable Size emptiest(int most) {
    Size emptiest = null;
    int fewest = most;
    for (Size size : sizes) {
      int count = size.count.get();
      if (size.isWanted && count <= fewest) {
        emptiest = size;
        fewest = count - 1;
      }
    }
    return emptiest;
  }

  /**
   * How many challenges found no puzzle, and were made of protocol 1 instead.
   *
   * @return the number since the pool was built
   */
  public long misses() {
    return misses.sum();
  }

  /**
   * How many puzzles there are now, of all sizes. A look at a moving thing.
   *
   * @return the number
   */
  public int available() {
    int sum = 0;
    for (Size size : sizes) {
      sum += size.count.get();
    }
    return sum;
  }

  /**
   * Makes no more puzzles and drops those that there are. Issuers that still use the pool issue
   * challenges of protocol 1. Does not wait for the puzzle that is being made.
   */
  @Override
  public void close() {
    closed = true;
    if (own != null) {
      own.shutdownNow();
    }
    for (Size size : sizes) {
      size.take(0);
    }
  }

  /** The puzzles whose counters go up to one power of two. */
  private static final class Size {

    final long counters;
    final AtomicInteger count = new AtomicInteger();
    volatile boolean isWanted;
    private final ConcurrentLinkedQueue<AltchaPuzzle> queue = new ConcurrentLinkedQueue<>();

    Size(long counters) {
      this.counters = counters;
    }

    void add(AltchaPuzzle puzzle) {
      count.incrementAndGet();
      queue.add(puzzle);
    }

    /** The first puzzle with a counter below a number; those before it are dropped. */
    @Nullable AltchaPuzzle take(long below) {
      AltchaPuzzle puzzle = queue.poll();
      while (puzzle != null) {
        count.decrementAndGet();
        if (puzzle.counter < below) {
          return puzzle;
        }
        puzzle = queue.poll();
      }
      return null;
    }
  }

  /** Builds an {@link AltchaPool}. Not thread-safe. */
  public static final class Builder {

    private static final int MOST_COST = 1_000_000;
    private static final int MOST_PUZZLES = 100_000;

    private AltchaAlgorithm algorithm = AltchaAlgorithm.PBKDF2_SHA_256;
    private int cost = 5_000;
    private int puzzles = 256;
    private @Nullable Executor executor;

    private Builder() {}

    /**
     * How a try is made; {@link AltchaAlgorithm#PBKDF2_SHA_256} if not said.
     *
     * @param algorithm the algorithm
     * @return this builder
     */
    public Builder algorithm(AltchaAlgorithm algorithm) {
      this.algorithm = Objects.requireNonNull(algorithm, "algorithm");
      return this;
    }

    /**
     * How many rounds a try takes; 5,000 if not said. A browser calls the platform once a try (once
     * a round for the algorithms without PBKDF2), so a try should take long beside such a call, and
     * work is priced in whole tries, so a challenge should be many of them.
     *
     * @param cost from 1 to 1,000,000
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder cost(int cost) {
      this.cost = checked("cost", cost, MOST_COST);
      return this;
    }

    /**
     * How many puzzles of each size to keep ready; 256 if not said.
     *
     * @param puzzles from 1 to 100,000
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder puzzles(int puzzles) {
      this.puzzles = checked("puzzles", puzzles, MOST_PUZZLES);
      return this;
    }

    /**
     * What runs the making of puzzles; a daemon thread of the lowest priority if not said. It must
     * not run it on the thread that calls. It is given one task at a time, which may take as long
     * as all puzzles take, and is not shut down by the pool.
     *
     * @param executor the executor
     * @return this builder
     */
    public Builder executor(Executor executor) {
      this.executor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    private static int checked(String name, int given, int most) {
      if (given < 1 || given > most) {
        throw new IllegalArgumentException(name + ": " + given + " (expected: 1 to " + most + ")");
      }
      return given;
    }

    /**
     * Builds it. No thread is started before the first challenge.
     *
     * @return a new pool
     */
    public AltchaPool build() {
      return new AltchaPool(this);
    }
  }
}

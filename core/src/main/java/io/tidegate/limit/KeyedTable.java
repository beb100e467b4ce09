package io.tidegate.limit;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Token buckets for any number of strangers in a fixed amount of memory. Made by {@link
 * TokenBucket#table}.
 *
 * <p>A map of buckets grows with a flood of new keys, or evicts, and an evicted offender gets a
 * full bucket. A table does neither. It is an array of words, sized when it is built; a key that
 * has no word takes the one that owes least in its place, <em>with what that owes</em>. So <b>no
 * key is ever admitted more than its quota</b>, however many keys come. What gives way instead is
 * the newcomers' share: in a table with more keys in debt than words, some start with a debt that
 * is not theirs.
 *
 * <p><b>Sizing.</b> A word is in use while its key owes anything. Words in use = new keys a second
 * times the seconds that one permit takes to come back; {@link Builder#maxKeys} should be that. At
 * this size half of the words are in use, and about 0.9% of the keys have no word of their own. So
 * a table is for quotas of seconds to minutes. Long ones, per day, are for keys that cost something
 * to get, and for {@link TokenBucket#keyed}. See {@link #newKeysPerSecond}.
 *
 * <p><b>What it does not do.</b> It takes nothing back: {@link #giveBack} and {@link #reset} return
 * false, and {@link #reserve} is not supported, since a word that decreases would hand somebody
 * else's debt away.
 *
 * <p><b>Accuracy.</b> Time is counted in a unit of a power of two of nanoseconds: 1 ns for quotas
 * whose burst comes back within 137 seconds, 2 ns within 274, and so on; 1,024 ns for a day's. In
 * any time {@code t}, at most {@code burst + permits x (t + unit) / window} are admitted. The
 * interval per permit is rounded up to the unit: see {@link #rateError}. Two keys share a word, and
 * so get less, with a chance of one in two million.
 *
 * <p>Safe for use by many threads; lock-free, but for {@link #resize} and {@link #withQuota}. A
 * decision takes one hash of the key, one reading of the clock, one cache line and one
 * compare-and-set, and allocates nothing; a refusal writes nothing. Once in a while a call sweeps
 * 1/256 of the table, and after a silence up to all of it, unless {@link #cleanUp} is called
 * meanwhile. 16 bytes for each of {@code maxKeys}.
 *
 * <p>Sources: Metwally, Agrawal and El Abbadi, "Efficient computation of frequent and top-k
 * elements in data streams" (2005); ITU-T I.371, generic cell rate algorithm.
 *
 * @param <K> what a subject is known by
 */
public final class KeyedTable<K> implements KeyedRateLimiter<K> {

  private final KeyFunnel<K> funnel;
  private final KeyedHash hash;
  private final Ticker ticker;
  private volatile TableWords words;

  private KeyedTable(KeyFunnel<K> funnel, KeyedHash hash, Ticker ticker, TableWords words) {
    this.funnel = funnel;
    this.hash = hash;
    this.ticker = ticker;
    this.words = words;
  }

  /**
   * Whether a table can hold a quota: a permit takes at least 64 units to come back, and a burst at
   * most an eighth of the range, which is 2 to the power of 40 units.
   *
   * @param quota the quota
   * @return true if {@link TokenBucket#table} takes it
   */
  public static boolean fits(Quota quota) {
    return TableScale.fits(quota);
  }

  private long hash(K key) {
    return funnel.hash(Objects.requireNonNull(key, "key"), hash);
  }

  @Override
  public Quota quota() {
    return words.scale.quota;
  }

  @Override
  public boolean tryAcquire(K key, long permits) {
    Permits.check("permits", permits);
    TableWords words = this.words;
    return permits <= words.scale.quota.burst()
        && TableWords.isAdmitted(words.charge(hash(key), permits, words.time()));
  }

  @Override
  public Decision decide(K key, long permits) {
    Permits.check("permits", permits);
    long hash = hash(key);
    TableWords words = this.words;
    long now = words.time();
    if (permits > words.scale.quota.burst()) {
      return words.scale.never(words.debt(hash, now), now);
    }
    long answer = words.charge(hash, permits, now);
    long debt = TableWords.debtOf(answer);
    return TableWords.isAdmitted(answer)
        ? words.scale.admitted(debt, now)
        : words.scale.refused(debt, permits, now);
  }

  @Override
  public Decision peek(K key, long permits) {
    Permits.check("permits", permits);
    TableWords words = this.words;
    long now = words.time();
    long debt = words.debt(hash(key), now);
    if (permits > words.scale.quota.burst()) {
      return words.scale.never(debt, now);
    }
    return words.scale.admits(debt, permits)
        ? words.scale.admitted(debt, now)
        : words.scale.refused(debt, permits, now);
  }

  @Override
  public boolean admits(K key, long permits) {
    Permits.check("permits", permits);
    TableWords words = this.words;
    return permits <= words.scale.quota.burst()
        && words.scale.admits(words.debt(hash(key), words.time()), permits);
  }

  /**
   * Returns nothing, since a table takes nothing back.
   *
   * @return false
   */
  @Override
  public boolean giveBack(K key, long permits) {
    Permits.check("permits", permits);
    Objects.requireNonNull(key, "key");
    return false;
  }

  /**
   * Is not supported, since what is reserved has to be able to come back.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public Reservation reserve(K key, long estimate) {
    throw new UnsupportedOperationException(
        "reserve: a table takes nothing back (expected: a limiter made by TokenBucket.keyed)");
  }

  /**
   * Forgets nothing, since a table takes nothing back. What a key owes is over after one longest
   * debt.
   *
   * @return false
   */
  @Override
  public boolean reset(K key) {
    Objects.requireNonNull(key, "key");
    return false;
  }

  /**
   * The same subjects with what they owe, under another quota: for a live change. What is owed is
   * copied, cut to the new quota's longest debt. From then on this table, which is for calls under
   * way only, admits what the new one admits as well. Takes time for each place.
   *
   * @throws IllegalArgumentException if a table cannot hold the quota
   */
  @Override
  public synchronized KeyedTable<K> withQuota(Quota quota) {
    TableWords before = words;
    if (before.scale.quota.equals(quota)) {
      return this;
    }
    TableWords next =
        new TableWords(TableScale.of(quota), before.sets(), ticker, new TableWords.Counters());
    before.replaceBy(next);
    return new KeyedTable<>(funnel, hash, ticker, next);
  }

  /**
   * Changes the size, live, and loses nothing that anybody owes: for more room in a flood. For one
   * longest debt the new table looks fuller than it is, since of a word's key only a tag is known,
   * and it may stand in two places. Takes time for each place, and for that long memory for both
   * sizes.
   */
  @Override
  public synchronized void resize(int maxKeys) {
    int sets = Builder.setsFor(KeyedRateLimiter.Builder.checkMaxKeys(maxKeys));
    TableWords before = words;
    if (sets != before.sets()) {
      TableWords next = new TableWords(before.scale, sets, ticker, before.counters);
      before.replaceBy(next);
      words = next;
    }
  }

  /** Lets time pass in the table, as any call does: sweeps old words. */
  @Override
  public void cleanUp() {
    words.time();
  }

  /**
   * How many words are in use, by keys that owe anything.
   *
   * @return the count, from a walk over all words
   */
  @Override
  public long keys() {
    return report().inUse();
  }

  /**
   * How many decisions were made by a word that another key was using, for want of a free one.
   *
   * @return the count since the table was built
   */
  @Override
  public long crowdedOut() {
    return words.counters.crowdedOut.sum();
  }

  /**
   * How many new keys a second the table has room for: beyond that, some of them meet debts that
   * are not theirs.
   *
   * @return its {@code maxKeys} divided by the seconds that one permit takes to come back
   */
  public double newKeysPerSecond() {
    TableWords words = this.words;
    double seconds = (double) (words.scale.interval << words.scale.unitBits) / 1e9;
    return words.sets() * (double) TableWords.WAYS / Builder.WORDS_PER_KEY / seconds;
  }

  /**
   * By how much the rate errs low, as a share of it: less than 1/64, and for most quotas less than
   * a millionth.
   *
   * @return the relative error, at least 0
   */
  public double rateError() {
    return words.scale.rateError();
  }

  /**
   * How full the table is, from a walk over all words.
   *
   * @return a snapshot that is not atomic
   */
  public Report report() {
    TableWords words = this.words;
    long mostForOne = words.scale.tolerance - words.scale.interval;
    AtomicLong inUse = new AtomicLong();
    AtomicLong drained = new AtomicLong();
    words.forEachDebt(
        debt -> {
          inUse.getAndIncrement();
          if (debt > mostForOne) {
            drained.getAndIncrement();
          }
        });
    return new Report(
        (long) words.sets() * TableWords.WAYS,
        inUse.get(),
        drained.get(),
        words.counters.displaced.sum());
  }

  /**
   * How full a table is.
   *
   * @param places how many words there are
   * @param inUse how many of them belong to keys that owe anything
   * @param drained how many belong to keys that can have no permit now
   * @param displaced how often, since the table was built, a key lost its word while it owed
   *     something; it owes no less for it
   */
  public record Report(long places, long inUse, long drained, long displaced) {}

  /** Says the quota and the size, and nothing of any key. */
  @Override
  public String toString() {
    return "KeyedTable[" + quota() + ", " + words.sets() * (long) TableWords.WAYS + " words]";
  }

  /**
   * Builds a table. Not safe for use by many threads.
   *
   * @param <K> what a subject is known by
   */
  public static final class Builder<K> {

    /** A little under two, so that a table with its header stays within 16 bytes per key. */
    static final double WORDS_PER_KEY = 1.984;

    private static final int BYTES_PER_SET = 64;
    private static final int MOST_SETS = setsFor(1 << 28);

    private final TableScale scale;
    private final KeyFunnel<K> funnel;
    private int sets = setsFor(100_000);
    private Ticker ticker = Ticker.system();

    Builder(Quota quota, KeyFunnel<K> funnel) {
      this.scale = TableScale.of(Objects.requireNonNull(quota, "quota"));
      this.funnel = Objects.requireNonNull(funnel, "funnel");
    }

    private static int setsFor(int maxKeys) {
      return (int) Math.max(1, maxKeys * WORDS_PER_KEY / TableWords.WAYS);
    }

    /**
     * For how many keys that owe something at one time to have room, 16 bytes each; 100,000 if
     * neither this nor {@link #maxBytes} is said. The later call of the two counts.
     *
     * @param maxKeys how many, from 1 to 268,435,456
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder<K> maxKeys(int maxKeys) {
      this.sets = setsFor(KeyedRateLimiter.Builder.checkMaxKeys(maxKeys));
      return this;
    }

    /**
     * How much memory to use, in place of a number of keys.
     *
     * @param maxBytes from 64 to 4 GiB
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder<K> maxBytes(long maxBytes) {
      long sets = maxBytes / BYTES_PER_SET;
      if (sets < 1 || sets > MOST_SETS) {
        throw new IllegalArgumentException(
            "maxBytes: "
                + maxBytes
                + " (expected: 64 to "
                + (long) MOST_SETS * BYTES_PER_SET
                + ")");
      }
      this.sets = (int) sets;
      return this;
    }

    /**
     * The clock; the system's if not said.
     *
     * @param ticker the clock
     * @return this builder
     */
    public Builder<K> ticker(Ticker ticker) {
      this.ticker = Objects.requireNonNull(ticker, "ticker");
      return this;
    }

    /**
     * Builds the table, with all its memory.
     *
     * @return a new table in which nobody owes anything
     */
    public KeyedTable<K> build() {
      return new KeyedTable<>(
          funnel,
          KeyedHash.random(),
          ticker,
          new TableWords(scale, sets, ticker, new TableWords.Counters()));
    }
  }
}

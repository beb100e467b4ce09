package io.tidegate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.tidegate.client.ClientKey;
import io.tidegate.limit.KeyedHash;
import io.tidegate.limit.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Who is banned from a gate, by its rules or by hand.
 *
 * <p>Whoever is in the box is refused everything that the gate guards, at the price of a look-up.
 * Bounded: a full box takes nobody in, and counts them; it never lets anyone out early to make
 * room. Kept in memory only, so a restart empties it.
 *
 * <p>Safe for use by many threads. Look-ups are lock-free; changes take a short lock on their part
 * of the map.
 */
public final class PenaltyBox {

  private static final String BY_HAND = "by hand";
  private static final Duration LONGEST = Duration.ofDays(366);

  private final int maxBans;
  private final KeyedHash hash;
  private final Ticker ticker;
  private final Cache<Long, Entry> entries;
  private final LongAdder turnedAway = new LongAdder();

  PenaltyBox(int maxBans, KeyedHash hash, Ticker ticker) {
    this.maxBans = maxBans;
    this.hash = hash;
    this.ticker = ticker;
    this.entries =
        Caffeine.newBuilder()
            .expireAfter(Expiry.<Long, Entry>writing((key, entry) -> entry.kept))
            .ticker(ticker::read)
            .executor(Runnable::run)
            .build();
  }

  /** A ban, kept for a while after its end so that the next one is longer. */
  static final class Entry {
    final ClientKey key;
    final String rule;
    final int times;
    final long until;
    final Duration kept;

    Entry(ClientKey key, String rule, int times, long now, Duration length, Duration memory) {
      this.key = key;
      this.rule = rule;
      this.times = times;
      this.until = now + length.toNanos();
      this.kept = length.plus(memory);
    }

    boolean isActive(long now) {
      return until - now > 0;
    }

    Ban toBan(long now) {
      return new Ban(key, rule, times, Duration.ofNanos(until - now));
    }
  }

  /**
   * Bans somebody by hand, in place of any ban they have.
   *
   * @param key whom; it must be a key by which some rule of the gate counts, or an address
   * @param length how long, from 1 ms to 366 days
   * @return false if the box is full
   * @throws IllegalArgumentException if the length is out of range
   */
  public boolean ban(ClientKey key, Duration length) {
    Objects.requireNonNull(key, "key");
    if (length.compareTo(Duration.ofMillis(1)) < 0 || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("length: " + length + " (expected: PT0.001S to 366 days)");
    }
    Entry entry = new Entry(key, BY_HAND, 1, ticker.read(), length, Duration.ZERO);
    Long keyHash = KeyHashes.of(key, hash);
    if (entries.getIfPresent(keyHash) == null && !hasRoom()) {
      return false;
    }
    entries.put(keyHash, entry);
    return true;
  }

  /**
   * Lets somebody out, with a clean record.
   *
   * @param key whom
   * @return whether they were in
   */
  public boolean unban(ClientKey key) {
    Entry entry = entries.asMap().remove(KeyHashes.of(key, hash));
    return entry != null && entry.isActive(ticker.read());
  }

  /**
   * Who is in the box now.
   *
   * @return a snapshot in no order; takes time for each ban
   */
  public List<Ban> list() {
    long now = ticker.read();
    List<Ban> bans = new ArrayList<>();
    for (Entry entry : entries.asMap().values()) {
      if (entry.isActive(now)) {
        bans.add(entry.toBan(now));
      }
    }
    return bans;
  }

  /**
   * How many bans were not given since the box was full.
   *
   * @return the count since the gate was built
   */
  public long turnedAway() {
    return turnedAway.sum();
  }

  /** Whether nobody is in, as is usual; costs next to nothing. */
  boolean isEmpty() {
    return entries.estimatedSize() == 0;
  }

  /** The ban of a key; null if there is none now. */
  @Nullable Entry find(Long keyHash, long now) {
    Entry entry = entries.getIfPresent(keyHash);
    return entry != null && entry.isActive(now) ? entry : null;
  }

  long now() {
    return ticker.read();
  }

  /**
   * Bans a key by a rule's policy, unless it is banned already.
   *
   * @return the ban that is in force; null if the box is full
   */
  @Nullable Entry punish(Long keyHash, ClientKey key, String rule, BanPolicy policy) {
    long now = ticker.read();
    if (entries.getIfPresent(keyHash) == null && !hasRoom()) {
      return null;
    }
    return entries
        .asMap()
        .compute(
            keyHash,
            (unused, earlier) -> {
              if (earlier != null && earlier.isActive(now)) {
                return earlier;
              }
              int times = earlier == null ? 0 : earlier.times;
              Duration length = policy.length(times);
              return new Entry(key, rule, times + 1, now, length, policy.memory());
            });
  }

  private boolean hasRoom() {
    if (entries.estimatedSize() < maxBans) {
      return true;
    }
    entries.cleanUp();
    if (entries.estimatedSize() < maxBans) {
      return true;
    }
    turnedAway.increment();
    return false;
  }

  void cleanUp() {
    entries.cleanUp();
  }
}

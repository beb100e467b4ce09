package io.tidegate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.tidegate.client.ClientKey;
import io.tidegate.client.IpAddress;
import io.tidegate.limit.KeyedHash;
import io.tidegate.limit.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
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
  private static final long CLEAN_UP_GAP_NANOS = Duration.ofMillis(100).toNanos();

  private final int maxBans;
  private final KeyedHash hash;
  private final Ticker ticker;

  /** Who is in, and nobody else. */
  private final Cache<Long, Entry> bans;

  /** The last ban of those who were in, so that the next is longer; the least recent go first. */
  private final Cache<Long, Entry> records;

  /** Which kinds of keys have ever been in, so that no request is asked for any other. */
  private final Set<Shape> shapes = ConcurrentHashMap.newKeySet();

  private final AtomicLong lastCleanUp;
  private final LongAdder turnedAway = new LongAdder();

  PenaltyBox(int maxBans, KeyedHash hash, Ticker ticker) {
    this.maxBans = maxBans;
    this.hash = hash;
    this.ticker = ticker;
    this.lastCleanUp = new AtomicLong(ticker.read() - CLEAN_UP_GAP_NANOS);
    this.bans =
        Caffeine.newBuilder()
            .expireAfter(Expiry.<Long, Entry>writing((key, entry) -> entry.length))
            .ticker(ticker::read)
            .executor(Runnable::run)
            .build();
    this.records =
        Caffeine.newBuilder()
            .expireAfter(Expiry.<Long, Entry>writing((key, entry) -> entry.remembered))
            .maximumSize(maxBans)
            .ticker(ticker::read)
            .executor(Runnable::run)
            .build();
  }

  /**
   * What keys of one kind have in common: how much of an address, or that they are no addresses.
   */
  private record Shape(int prefixBits, boolean isIpv6) {
    private static final Shape OTHER = new Shape(-1, false);

    static Shape of(ClientKey key) {
      int bits = key.prefixBits();
      boolean isIpv4 = key.high() == 0 && key.low() >>> 32 == 0xffff && bits >= IPV4_OFFSET;
      return bits < 0 ? OTHER : new Shape(bits, !isIpv4);
    }

    /** The network of this kind that an address is in; null if it is of the other family. */
    @Nullable ClientKey around(IpAddress address) {
      if (prefixBits < 0 || address.isIpv6() != isIpv6) {
        return null;
      }
      return isIpv6
          ? ClientKey.prefix(address, 32, prefixBits)
          : ClientKey.prefix(address, prefixBits - IPV4_OFFSET, 128);
    }
  }

  private static final int IPV4_OFFSET = 96;

  /** A ban. */
  static final class Entry {
    final ClientKey key;
    final String rule;
    final int times;
    final long until;
    final Duration length;
    final Duration remembered;

    Entry(ClientKey key, String rule, int times, long now, Duration length, Duration memory) {
      this.key = key;
      this.rule = rule;
      this.times = times;
      this.until = now + length.toNanos();
      this.length = length;
      this.remembered = length.plus(memory);
    }

    boolean isActive(long now) {
      return until - now > 0;
    }

    Ban toBan(long now) {
      return new Ban(key, rule, times, Duration.ofNanos(until - now));
    }
  }

  /**
   * Bans somebody by hand, in place of any ban they have, also if the box is full.
   *
   * @param key whom: a network, or a key by which some rule of the gate counts
   * @param length how long, from 1 ms to 366 days
   * @throws IllegalArgumentException if the length is out of range
   */
  public void ban(ClientKey key, Duration length) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(length, "length");
    if (length.compareTo(Duration.ofMillis(1)) < 0 || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("length: " + length + " (expected: PT0.001S to 366 days)");
    }
    Entry entry = new Entry(key, BY_HAND, 1, ticker.read(), length, Duration.ZERO);
    shapes.add(Shape.of(key));
    bans.put(KeyHashes.of(key, hash), entry);
  }

  /**
   * Lets somebody out, with a clean record.
   *
   * @param key whom
   * @return whether they were in
   */
  public boolean unban(ClientKey key) {
    Long keyHash = KeyHashes.of(Objects.requireNonNull(key, "key"), hash);
    records.invalidate(keyHash);
    Entry entry = bans.asMap().remove(keyHash);
    return entry != null && entry.isActive(ticker.read());
  }

  /**
   * Who is in the box now.
   *
   * @return a snapshot in no order; takes time for each ban
   */
  public List<Ban> list() {
    long now = ticker.read();
    List<Ban> found = new ArrayList<>();
    for (Entry entry : bans.asMap().values()) {
      if (entry.isActive(now)) {
        found.add(entry.toBan(now));
      }
    }
    return found;
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
    return bans.estimatedSize() == 0;
  }

  /** Whether anybody is in by another key than an address, so that it is worth making such keys. */
  boolean holdsOtherThanNetworks() {
    return shapes.contains(Shape.OTHER);
  }

  /** The longest ban of a network that an address is in; null if there is none now. */
  @Nullable Entry findNetwork(IpAddress address, long now) {
    Entry longest = null;
    for (Shape shape : shapes) {
      ClientKey network = shape.around(address);
      if (network != null) {
        longest = longer(longest, find(KeyHashes.of(network, hash), now));
      }
    }
    return longest;
  }

  /** The ban that ends later, so that nobody is told to come back too early. */
  static @Nullable Entry longer(@Nullable Entry one, @Nullable Entry other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return other.until - one.until > 0 ? other : one;
  }

  /** The ban of a key; null if there is none now. */
  @Nullable Entry find(Long keyHash, long now) {
    Entry entry = bans.getIfPresent(keyHash);
    return entry != null && entry.isActive(now) ? entry : null;
  }

  long now() {
    return ticker.read();
  }

  /**
   * Bans a key by a rule's policy, unless it is banned already.
   *
   * @param given hears of the ban if it is new
   * @return the ban that is in force; null if the box is full
   */
  @Nullable Entry punish(
      Long keyHash, ClientKey key, String rule, BanPolicy policy, Consumer<Entry> given) {
    long now = ticker.read();
    Entry current = find(keyHash, now);
    if (current != null || !hasRoom(now)) {
      return current;
    }
    Entry record = records.getIfPresent(keyHash);
    int earlier = record == null ? 0 : record.times;
    Duration length = policy.length(earlier);
    Entry made = new Entry(key, rule, earlier + 1, now, length, policy.memory());
    shapes.add(Shape.of(key));
    Entry kept =
        bans.asMap()
            .compute(
                keyHash, (unused, there) -> there != null && there.isActive(now) ? there : made);
    if (kept == made) {
      records.put(keyHash, made);
      given.accept(made);
    }
    return kept;
  }

  private boolean hasRoom(long now) {
    if (bans.estimatedSize() < maxBans) {
      return true;
    }
    long last = lastCleanUp.get();
    if (now - last >= CLEAN_UP_GAP_NANOS && lastCleanUp.compareAndSet(last, now)) {
      bans.cleanUp();
    }
    if (bans.estimatedSize() < maxBans) {
      return true;
    }
    turnedAway.increment();
    return false;
  }

  void cleanUp() {
    bans.cleanUp();
    records.cleanUp();
  }
}

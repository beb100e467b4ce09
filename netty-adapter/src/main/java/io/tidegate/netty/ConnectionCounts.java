package io.tidegate.netty;

import io.netty.channel.Channel;
import io.tidegate.client.IpAddress;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedHash;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.RateLimiter;
import io.tidegate.limit.TokenBucket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts open connections and their rates. Addresses are known by a keyed hash, so nobody can
 * choose addresses that collide; only those with open connections are in the map.
 */
final class ConnectionCounts {

  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 64;

  private final int maxOpen;
  private final int maxOpenPerAddress;
  private final RateLimiter rate;
  private final KeyedRateLimiter<Long> ratePerAddress;
  private final Events events;

  private final KeyedHash hash = KeyedHash.random();
  private final AtomicInteger open = new AtomicInteger();
  private final Map<Long, Integer> openPerAddress = new ConcurrentHashMap<>();
  private final LongAdder refused = new LongAdder();

  ConnectionCounts(TidegateConnectionHandler.Builder builder) {
    this.maxOpen = builder.maxOpen;
    this.maxOpenPerAddress = builder.maxOpenPerAddress;
    this.rate = TokenBucket.of(builder.rate, builder.ticker);
    this.ratePerAddress =
        TokenBucket.<Long>keyed(builder.ratePerAddress, KeyFunnel.hashed())
            .maxKeys(builder.maxAddresses)
            .ticker(builder.ticker)
            .build();
    this.events = builder.events;
  }

  int open() {
    return open.get();
  }

  long refused() {
    return refused.sum();
  }

  /** Takes a connection in, until it closes; its address too, if it is to be counted. */
  boolean enter(Channel connection, @Nullable IpAddress address) {
    Long key = null;
    if (address != null) {
      key = key(address);
      if (!take(key, address)) {
        return false;
      }
    }
    if (!takeOne(address)) {
      if (key != null) {
        giveBack(key);
      }
      return false;
    }
    Long counted = key;
    connection
        .closeFuture()
        .addListener(
            future -> {
              open.decrementAndGet();
              if (counted != null) {
                giveBack(counted);
              }
            });
    return true;
  }

  /** Takes the address in of a connection that is in already. */
  boolean enterAddress(Channel connection, IpAddress address) {
    Long key = key(address);
    if (!take(key, address)) {
      return false;
    }
    connection.closeFuture().addListener(future -> giveBack(key));
    return true;
  }

  private Long key(IpAddress address) {
    IpAddress network = address.prefix(IPV4_BITS, IPV6_BITS);
    return hash.ofLongs(network.high(), network.low());
  }

  private boolean take(Long key, IpAddress address) {
    if (openPerAddress.merge(key, 1, Integer::sum) > maxOpenPerAddress) {
      giveBack(key);
      return refuse(ConnectionEvent.Type.ADDRESS_FULL, address);
    }
    if (!ratePerAddress.tryAcquire(key)) {
      giveBack(key);
      return refuse(ConnectionEvent.Type.ADDRESS_TOO_FAST, address);
    }
    return true;
  }

  private boolean takeOne(@Nullable IpAddress address) {
    if (open.incrementAndGet() > maxOpen) {
      open.decrementAndGet();
      return refuse(ConnectionEvent.Type.SERVER_FULL, address);
    }
    if (!rate.tryAcquire()) {
      open.decrementAndGet();
      return refuse(ConnectionEvent.Type.SERVER_TOO_FAST, address);
    }
    return true;
  }

  private void giveBack(Long key) {
    openPerAddress.computeIfPresent(key, (unused, count) -> count == 1 ? null : count - 1);
  }

  /** Counts and tells a refusal; always returns false. */
  boolean refuse(ConnectionEvent.Type type, @Nullable IpAddress address) {
    refused.increment();
    events.tell(type, address);
    return false;
  }
}

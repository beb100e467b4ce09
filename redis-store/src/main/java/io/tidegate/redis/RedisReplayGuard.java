package io.tidegate.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.tidegate.challenge.RemoteReplayGuard;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which proofs have been redeemed, by any node. Made by {@link RedisStore#replayGuard}.
 *
 * <p>A claim stores a token of its own and is won by whoever reads its own back, so a claim whose
 * answer is late can be sent again: it is, twice at most. When the server does not answer, the
 * answer is {@link io.tidegate.challenge.ReplayGuard.Claim#FULL}: the proof does not count now, and
 * the client may try again, at this node with the same token. A server that loses its memory lets
 * proofs that have not expired be redeemed once more.
 *
 * <p>What this node has claimed or found claimed it remembers, up to 100,000 ids for ten minutes,
 * so a flood of one proof is not passed on to the server.
 *
 * <p>Safe for use by many threads.
 */
public final class RedisReplayGuard implements RemoteReplayGuard {

  private static final Logger log = LoggerFactory.getLogger(RedisReplayGuard.class);
  private static final int MOST_TRIES = 3;

  private final Link link;
  private final ServerKeys keys;
  private final SecureRandom random = new SecureRandom();
  private final AtomicBoolean told = new AtomicBoolean();

  private final Cache<Id, Attempt> attempts =
      Caffeine.newBuilder()
          .maximumSize(100_000)
          .expireAfterWrite(Duration.ofMinutes(10))
          .executor(Runnable::run)
          .build();

  private record Id(long high, long low) {}

  RedisReplayGuard(Link link, ServerKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  /**
   * Claims an id, and waits for the answer: three deadlines of the store at most. On a thread of
   * Netty, which must not wait, the answer is {@code FULL}, and a warning is logged once.
   *
   * @param high the upper half
   * @param low the lower half
   * @param seconds for how long to remember it from now on, by the server's clock
   * @return the answer
   */
  @Override
  public Claim claim(long high, long low, long seconds) {
    if (Thread.currentThread() instanceof FastThreadLocalThread) {
      if (told.compareAndSet(false, true)) {
        log.warn("Proofs cannot be claimed on a thread of Netty, which must not wait; none counts");
      }
      return Claim.FULL;
    }
    CompletableFuture<Claim> answer = claimAsync(high, low, seconds).toCompletableFuture();
    try {
      return answer.get(2 * MOST_TRIES * link.deadlineNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Claim.FULL;
    } catch (ExecutionException | TimeoutException e) {
      return Claim.FULL;
    }
  }

  /**
   * Claims an id without waiting, as a gate does on Netty.
   *
   * @param high the upper half
   * @param low the lower half
   * @param seconds for how long to remember it from now on, by the server's clock
   * @return completes with the answer, after three deadlines of the store at most, on a thread that
   *     must not be held up
   */
  @Override
  public CompletionStage<Claim> claimAsync(long high, long low, long seconds) {
    Id id = new Id(high, low);
    Attempt known = attempts.getIfPresent(id);
    if (known == null) {
      var first =
          new Attempt(
              new String[] {keys.claim(high, low)},
              new String[] {token(), Long.toString(Math.max(seconds, 1))});
      known = attempts.asMap().putIfAbsent(id, first);
      if (known == null) {
        return first.begin();
      }
    }
    if (known.isUnanswered()) {
      Attempt next = new Attempt(known.key, known.args);
      return attempts.asMap().replace(id, known, next)
          ? next.begin()
          : CompletableFuture.completedStage(Claim.FULL);
    }
    return known.answer.thenApply(claim -> claim == Claim.FULL ? Claim.FULL : Claim.AGAIN);
  }

  private String token() {
    return Long.toHexString(random.nextLong()) + "-" + Long.toHexString(random.nextLong());
  }

  /** One claim, sent again with the same token while its answers are late. */
  private final class Attempt implements Link.Reply {
    private final String[] key;
    private final String[] args;
    private int tries;
    final CompletableFuture<Claim> answer = new CompletableFuture<>();

    Attempt(String[] key, String[] args) {
      this.key = key;
      this.args = args;
    }

    CompletionStage<Claim> begin() {
      send();
      return answer.minimalCompletionStage();
    }

    /** Whether it has ended, and nobody knows how. */
    boolean isUnanswered() {
      return answer.getNow(Claim.AGAIN) == Claim.FULL;
    }

    private void send() {
      tries++;
      link.run(Script.CLAIM, key, args, this);
    }

    @Override
    public void answered(List<Object> values) {
      answer.complete(Long.valueOf(1).equals(values.get(0)) ? Claim.FIRST : Claim.AGAIN);
    }

    @Override
    public void failed(Throwable why) {
      if (why != Unavailable.SUSPENDED && why != Unavailable.CLOSED && tries < MOST_TRIES) {
        send();
      } else {
        answer.complete(Claim.FULL);
      }
    }
  }
}

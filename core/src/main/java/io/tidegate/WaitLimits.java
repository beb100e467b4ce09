package io.tidegate;

import io.tidegate.client.ClientKey;
import io.tidegate.limit.Decision;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.RateLimiter;
import io.tidegate.limit.Ticker;
import io.tidegate.limit.TokenBucket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who may begin to wait. Waiting costs nothing, so it is limited by address, for one who asks again
 * and again must not keep his neighbours from it; by network, which one sender may have all of; and
 * for all together.
 */
final class WaitLimits {

  private static final int OF_A_NETWORK = 10;

  private final KeyedRateLimiter<Long> ofAddress;
  private final KeyedRateLimiter<Long> ofNetwork;
  private final RateLimiter ofAll;

  WaitLimits(Duration waiting, Quota all, Ticker ticker) {
    this.ofAddress =
        TokenBucket.table(Quota.of(1, waiting), KeyFunnel.hashed()).ticker(ticker).build();
    this.ofNetwork =
        TokenBucket.table(Quota.of(OF_A_NETWORK, waiting), KeyFunnel.hashed())
            .ticker(ticker)
            .build();
    this.ofAll = TokenBucket.of(all, ticker);
  }

  /** Null if the asker may begin; else when to come back. */
  @Nullable Duration refusal(Call call) {
    long address = call.addressHash();
    long network = call.hashOf(ClientKey.prefix(call.address(), 24, 48));
    Decision first = ofAddress.peek(address, 1);
    if (!first.admitted()) {
      return first.retryAfter();
    }
    Decision second = ofNetwork.peek(network, 1);
    if (!second.admitted()) {
      return second.retryAfter();
    }
    Decision last = ofAll.decide(1);
    if (!last.admitted()) {
      return last.retryAfter();
    }
    // Where another request comes between, a permit of all is lost, and nothing else.
    return ofNetwork.tryAcquire(network, 1) && ofAddress.tryAcquire(address, 1)
        ? null
        : ofAddress.peek(address, 1).retryAfter();
  }

  void keep() {
    ofAddress.cleanUp();
    ofNetwork.cleanUp();
  }
}

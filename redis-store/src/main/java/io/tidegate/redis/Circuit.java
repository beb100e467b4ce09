package io.tidegate.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Whether one server, or one node of a cluster, is asked at all, and what it knows.
 *
 * <p>It is not asked any more when half of the last 32 calls failed or were late, after 8 at least.
 * Half a second later, and then later and later up to 5 seconds, each time at a moment of its own,
 * 3 calls are tried. So nodes that lost a server together neither wait for it nor fall over it.
 */
final class Circuit {

  private static final CircuitBreakerConfig CONFIG =
      CircuitBreakerConfig.custom()
          .slidingWindowType(SlidingWindowType.COUNT_BASED)
          .slidingWindowSize(32)
          .minimumNumberOfCalls(8)
          .failureRateThreshold(50)
          .permittedNumberOfCallsInHalfOpenState(3)
          .waitIntervalFunctionInOpenState(
              IntervalFunction.ofExponentialRandomBackoff(
                  Duration.ofMillis(500), 2, 0.5, Duration.ofSeconds(5)))
          .writableStackTraceEnabled(false)
          .build();

  final String node;
  private final CircuitBreaker breaker;
  private final Set<Script> known = ConcurrentHashMap.newKeySet();

  Circuit(String node, BiConsumer<Circuit, CircuitBreaker.StateTransition> onTransition) {
    this.node = node;
    this.breaker = CircuitBreaker.of(node.isEmpty() ? "redis" : node, CONFIG);
    breaker
        .getEventPublisher()
        .onStateTransition(event -> onTransition.accept(this, event.getStateTransition()));
  }

  /** Whether a call may be sent; if so, it must end with one of the next two. */
  boolean mayAsk() {
    return breaker.tryAcquirePermission();
  }

  void answered(Script script, long nanos) {
    breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
    if (!known.contains(script)) {
      known.add(script);
    }
  }

  void failed(Throwable why, long nanos) {
    breaker.onError(nanos, TimeUnit.NANOSECONDS, why);
  }

  /** The server does not know a script; returns true if it did before. */
  boolean forgot(Script script) {
    return known.remove(script);
  }

  boolean isSuspended() {
    return breaker.getState() != CircuitBreaker.State.CLOSED;
  }
}

package io.tidegate.examples.drill;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;

/**
 * A limit on each address's posts, as Bucket4j's documentation advises: local buckets in a bounded
 * cache that forgets them when they would be full, greedy refill, and the wait from the probe told
 * in {@code Retry-After}.
 */
final class PerAddressFilter implements Filter {

  static final int PER_MINUTE = Integer.getInteger("drill.perAddress.perMinute", 60);
  static final int BURST = Integer.getInteger("drill.perAddress.burst", 10);

  private final Cache<String, Bucket> buckets =
      Caffeine.newBuilder()
          .maximumSize(1_000_000)
          .expireAfterAccess(Duration.ofMinutes(1).multipliedBy(BURST).dividedBy(PER_MINUTE))
          .build();

  private static Bucket bucket(String address) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(BURST).refillGreedy(PER_MINUTE, Duration.ofMinutes(1)))
        .withNanosecondPrecision()
        .build();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse answer)
        || !http.getMethod().equals("POST")) {
      chain.doFilter(request, response);
      return;
    }
    Bucket bucket = buckets.get(request.getRemoteAddr(), PerAddressFilter::bucket);
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
    if (probe.isConsumed()) {
      chain.doFilter(request, response);
      return;
    }
    long wait = Duration.ofNanos(probe.getNanosToWaitForRefill()).plusMillis(999).toSeconds();
    answer.setStatus(429);
    answer.setHeader("Retry-After", Long.toString(Math.max(1, wait)));
    answer.setContentType("text/plain");
    answer.getOutputStream().print("Too many requests.");
  }
}

package io.tidegate.limit;

import java.util.List;
import org.junit.jupiter.api.Nested;

/** The contract, on every limiter that there is. */
class RateLimiterContractTest {

  abstract static class OfBuckets extends RateLimiterContract {
    @Override
    public List<Quota> quotas() {
      return Quotas.BUCKETS;
    }

    @Override
    public long longestDebtNanos(Quota quota) {
      return new Gcra(quota).longestDebtNanos();
    }
  }

  abstract static class OfCounters extends RateLimiterContract {
    @Override
    public List<Quota> quotas() {
      return Quotas.COUNTERS;
    }

    @Override
    public long longestDebtNanos(Quota quota) {
      long unit = Quotas.windowNanos(quota) >>> 42; // a window is rounded up to its unit
      return 2 * (Quotas.windowNanos(quota) + 2 * unit);
    }
  }

  abstract static class OfLogs extends RateLimiterContract {
    @Override
    public List<Quota> quotas() {
      return Quotas.LOGS;
    }

    @Override
    public long longestDebtNanos(Quota quota) {
      return Quotas.windowNanos(quota);
    }
  }

  @Nested
  class SingleBucket extends OfBuckets {
    @Override
    public RateLimiter limiter(Quota quota, ManualTicker ticker) {
      return TokenBucket.of(quota, ticker);
    }
  }

  @Nested
  class SingleCounter extends OfCounters {
    @Override
    public RateLimiter limiter(Quota quota, ManualTicker ticker) {
      return SlidingWindow.counter(quota, ticker);
    }
  }

  @Nested
  class SingleLog extends OfLogs {
    @Override
    public RateLimiter limiter(Quota quota, ManualTicker ticker) {
      return SlidingWindow.log(quota, ticker);
    }
  }

  @Nested
  class KeyedBucket extends OfBuckets {
    @Override
    public RateLimiter limiter(Quota quota, ManualTicker ticker) {
      return keyed(TokenBucket.keyed(quota, KeyFunnel.ofString()), ticker);
    }
  }

  @Nested
  class KeyedCounter extends OfCounters {
    @Override
    public RateLimiter limiter(Quota quota, ManualTicker ticker) {
      return keyed(SlidingWindow.keyedCounter(quota, KeyFunnel.ofString()), ticker);
    }
  }

  @Nested
  class KeyedLog extends OfLogs {
    @Override
    public RateLimiter limiter(Quota quota, ManualTicker ticker) {
      return keyed(SlidingWindow.keyedLog(quota, KeyFunnel.ofString()), ticker);
    }
  }

  @Nested
  class CrowdedBucket extends OfBuckets {
    @Override
    public RateLimiter limiter(Quota quota, ManualTicker ticker) {
      return CrowdedLimiter.of(new Gcra(quota), ticker);
    }

    @Override
    public boolean givesBack() {
      return false;
    }
  }

  @Nested
  class CrowdedCounter extends OfCounters {
    @Override
    public RateLimiter limiter(Quota quota, ManualTicker ticker) {
      return CrowdedLimiter.of(new WindowCounter(quota, ticker.read()), ticker);
    }

    @Override
    public boolean givesBack() {
      return false;
    }
  }

  @Nested
  class CrowdedLog extends OfLogs {
    @Override
    public RateLimiter limiter(Quota quota, ManualTicker ticker) {
      return CrowdedLimiter.of(new WindowLog(quota), ticker);
    }

    @Override
    public boolean givesBack() {
      return false;
    }
  }

  @Nested
  class Table extends OfBuckets {
    @Override
    public List<Quota> quotas() {
      return Quotas.BUCKETS.stream().filter(TableScale::fits).toList();
    }

    @Override
    public RateLimiter limiter(Quota quota, ManualTicker ticker) {
      return TokenBucket.table(quota, KeyFunnel.ofString())
          .ticker(ticker)
          .maxKeys(10)
          .build()
          .limiter("somebody");
    }

    @Override
    public long longestDebtNanos(Quota quota) {
      return TableScale.of(quota).longestDebtNanos();
    }

    @Override
    public long blurNanos(Quota quota) {
      return (1L << TableScale.of(quota).unitBits) - 1;
    }

    @Override
    public boolean reserves() {
      return false;
    }

    @Override
    public boolean givesBack() {
      return false;
    }
  }

  private static RateLimiter keyed(KeyedRateLimiter.Builder<String> builder, Ticker ticker) {
    return builder.ticker(ticker).maxKeys(10).build().limiter("somebody");
  }
}

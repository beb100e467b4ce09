package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualTickerTest {

  private final ManualTicker ticker = new ManualTicker();

  @Test
  void afterEachMove_seesTheNewTime_untilEnded() {
    List<Long> seen = new ArrayList<>();
    Runnable end = ticker.afterEachMove(() -> seen.add(ticker.read()));
    ticker.advance(Duration.ofNanos(5));
    ticker.advanceNanos(-2);
    ticker.set(9);
    end.run();
    ticker.advanceNanos(1);
    assertThat(seen).containsExactly(5L, 3L, 9L);
  }

  @Test
  void sameWorkTwice_isDoneTwice_andEndsOneByOne() {
    List<Long> seen = new ArrayList<>();
    Runnable work = () -> seen.add(ticker.read());
    Runnable end = ticker.afterEachMove(work);
    ticker.afterEachMove(work);
    ticker.advanceNanos(1);
    end.run();
    ticker.advanceNanos(1);
    assertThat(seen).containsExactly(1L, 1L, 2L);
  }
}

package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/** The other tests rest on leaks being found. */
class LeaksTest {

  @Test
  void bufferThatNobodyReleases_isFound() {
    leak();
    long end = System.nanoTime() + 20_000_000_000L;
    while (Leaks.FOUND.isEmpty() && System.nanoTime() - end < 0) {
      Leaks.search();
    }
    assertThat(Leaks.FOUND).isNotEmpty();
    Leaks.FOUND.clear();
  }

  private static void leak() {
    PooledByteBufAllocator.DEFAULT.directBuffer().writeInt(1);
  }
}

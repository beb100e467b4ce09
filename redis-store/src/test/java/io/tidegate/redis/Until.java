package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what happens in other threads and processes. */
final class Until {

  private Until() {}

  static void isTrue(String what, Duration atMost, BooleanSupplier condition) {
    long end = System.nanoTime() + atMost.toNanos();
    boolean met = condition.getAsBoolean();
    while (!met && System.nanoTime() < end) {
      LockSupport.parkNanos(2_000_000);
      met = condition.getAsBoolean();
    }
    assertThat(met).as("%s within %s", what, atMost).isTrue();
  }
}

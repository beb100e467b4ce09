package io.tidegate.limit;

import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** A kind of limiter that the promises are tried on. */
interface Subject {

  /** A new limiter that owes nothing. */
  RateLimiter limiter(Quota quota, ManualTicker ticker);

  /** What it is tried with. */
  List<Quota> quotas();

  /** How long a full debt takes to be paid off, in nanoseconds. */
  long longestDebtNanos(Quota quota);

  /** Whether permits may be returned without a reservation. */
  default boolean givesBack() {
    return true;
  }

  /** Whether permits may be reserved. */
  default boolean reserves() {
    return true;
  }

  /** By how much a reading of the clock may be misread, in nanoseconds. */
  default long blurNanos(Quota quota) {
    return 0;
  }

  /** Random numbers that are the same in every run, and others for every quota. */
  static RandomGenerator random(Quota quota, long seed) {
    return new Random(31 * seed + quota.hashCode());
  }

  /** Some permits, mostly few, at times all. */
  static long somePermits(RandomGenerator random, long capacity) {
    return switch (random.nextInt(8)) {
      case 0 -> capacity;
      case 1 -> random.nextLong(capacity) + 1;
      case 2 -> random.nextLong(Math.max(1, capacity / 2)) + 1;
      default -> Math.min(capacity, random.nextLong(3) + 1);
    };
  }

  /** Brings a limiter into some state that its clock can lead to. */
  static void use(RateLimiter limiter, Schedule schedule, int calls) {
    for (int i = 0; i < calls; i++) {
      schedule.step();
      limiter.tryAcquire(somePermits(schedule.random, limiter.quota().burst()));
    }
  }
}

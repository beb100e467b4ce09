package io.tidegate.redis;

import java.util.concurrent.atomic.LongAdder;

/** What a store counts. */
final class Counts {
  final LongAdder decided = new LongAdder();
  final LongAdder trips = new LongAdder();
  final LongAdder refusedHere = new LongAdder();
  final LongAdder answeredByPolicy = new LongAdder();
  final LongAdder late = new LongAdder();
  final LongAdder failed = new LongAdder();
}

package io.tidegate.overload;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What has become of requests, by class. Wait-free. */
final class Counts {

  private final Map<Priority, OfClass> classes = new EnumMap<>(Priority.class);
  private final LongAdder failures = new LongAdder();

  private static final class OfClass {
    final LongAdder granted = new LongAdder();
    final LongAdder cancelled = new LongAdder();
    final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);

    OfClass() {
      for (Refusal refusal : Refusal.values()) {
        refused.put(refusal, new LongAdder());
      }
    }

    Slots.ClassCounts report() {
      Map<Refusal, Long> sums = new EnumMap<>(Refusal.class);
      refused.forEach((refusal, count) -> sums.put(refusal, count.sum()));
      return new Slots.ClassCounts(granted.sum(), sums, cancelled.sum());
    }
  }

  Counts() {
    for (Priority priority : Priority.values()) {
      classes.put(priority, new OfClass());
    }
  }

  private OfClass of(Priority priority) {
    return Objects.requireNonNull(classes.get(priority));
  }

  void granted(Priority priority) {
    of(priority).granted.increment();
  }

  void told(Priority priority, @Nullable Refusal refusal) {
    if (refusal == null) {
      granted(priority);
    } else {
      Objects.requireNonNull(of(priority).refused.get(refusal)).increment();
    }
  }

  void cancelled(Priority priority) {
    of(priority).cancelled.increment();
  }

  void failed() {
    failures.increment();
  }

  long failures() {
    return failures.sum();
  }

  Map<Priority, Slots.ClassCounts> report() {
    Map<Priority, Slots.ClassCounts> report = new EnumMap<>(Priority.class);
    classes.forEach((priority, counts) -> report.put(priority, counts.report()));
    return report;
  }
}

package io.tidegate.examples.drill;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** How much of the heap was left after the last collection. */
final class HeapWatch {

  private volatile long afterLast;

  HeapWatch() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(
            (note, hint) -> {
              if (note.getUserData() instanceof CompositeData data) {
                afterLast =
                    GarbageCollectionNotificationInfo.from(data)
                        .getGcInfo()
                        .getMemoryUsageAfterGc()
                        .values()
                        .stream()
                        .mapToLong(MemoryUsage::getUsed)
                        .sum();
              }
            },
            null,
            null);
      }
    }
  }

  /** Megabytes after the last collection, metadata of classes among them; 0 if there was none. */
  double megabytes() {
    return Math.round(afterLast / 1e5) / 10.0;
  }

  /** Megabytes of the heap that are in use after a full collection. */
  static double collected() {
    System.gc();
    return Math.round(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e5)
        / 10.0;
  }
}

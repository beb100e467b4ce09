package io.tidegate.examples.drill;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much of a processor this process has used since it was last asked. For one thread. */
final class CpuWatch {

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private long cpu = system.getProcessCpuTime();
  private long wall = System.nanoTime();

  /** In percent of one core. */
  double percent() {
    long cpuNow = system.getProcessCpuTime();
    long wallNow = System.nanoTime();
    double share = 100.0 * (cpuNow - cpu) / Math.max(1, wallNow - wall);
    cpu = cpuNow;
    wall = wallNow;
    return Math.round(share);
  }

  /** Of the whole machine's processors, whoever uses them, in percent of all of them. */
  double machinePercent() {
    return Math.round(100 * Math.max(0, system.getCpuLoad()));
  }
}

package io.tidegate.examples.drill;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.GateStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The process of the service. It is told what to do by lines on its input, and answers each with a
 * line of JSON: {@code open} (a fresh instance; its port), {@code begin} and a wall time in
 * milliseconds (of the first second that counts), {@code report} and how many seconds. It ends when
 * its input does, so it never outlives whoever started it.
 */
final class DrillServer {

  private static final int MOST_DRAIN_MILLIS = 3_000;

  private final Column column;
  private final HeapWatch heap = new HeapWatch();
  private final ScheduledExecutorService sampler =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "drill-sampler");
            thread.setDaemon(true);
            return thread;
          });
  private Site site;
  private double heapBefore;

  private final ArrayNode prices = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode seas = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode heaps = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode cpus = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode machine = JsonNodeFactory.instance.arrayNode();
  private final CpuWatch cpu = new CpuWatch();

  private DrillServer(Column column) throws Exception {
    this.column = column;
    this.site = new Site(column);
  }

  /**
   * Runs the service.
   *
   * @param arguments the column
   * @throws Exception if it cannot start
   */
  public static void main(String[] arguments) throws Exception {
    DrillServer server = new DrillServer(Column.named(arguments[0]));
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(server.answer(line.split(" ", -1)));
      }
    }
    System.exit(0);
  }

  private ObjectNode answer(String[] words) throws Exception {
    return switch (words[0]) {
      case "open" -> open();
      case "begin" -> begin(Long.parseLong(words[1]));
      case "report" -> report(Integer.parseInt(words[1]));
      default -> throw new IOException("command: " + words[0] + " (expected: open, begin, report)");
    };
  }

  /** A fresh instance: what the one before was asked for has warmed the JVM, and left no state. */
  private ObjectNode open() throws Exception {
    site.close();
    site = new Site(column);
    return JsonNodeFactory.instance.objectNode().put("port", site.port());
  }

  private ObjectNode begin(long wallMillis) {
    heapBefore = HeapWatch.collected();
    cpu.percent();
    cpu.machinePercent();
    site.meter.begin(wallMillis);
    long delay = wallMillis + 500 - System.currentTimeMillis();
    var unused = sampler.scheduleAtFixedRate(this::sample, delay, 1_000, TimeUnit.MILLISECONDS);
    return JsonNodeFactory.instance.objectNode().put("heapMb", heapBefore);
  }

  private synchronized void sample() {
    GateStatus status = site.status();
    if (status != null && status.toll() != null) {
      prices.add(status.toll().price().toMillis());
      seas.add(status.sea().name().toLowerCase(java.util.Locale.ROOT));
    }
    heaps.add(heap.megabytes());
    cpus.add(cpu.percent());
    machine.add(cpu.machinePercent());
  }

  private synchronized ObjectNode report(int seconds) throws InterruptedException {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    ObjectNode slotMs = report.putObject("slotMs");
    for (Role role : Role.values()) {
      ArrayNode series = slotMs.putArray(role.label());
      for (long millis : site.meter.millis(role, seconds)) {
        series.add(millis);
      }
    }
    report.set("priceMs", firstOf(prices, seconds));
    report.set("sea", firstOf(seas, seconds));
    report.set("heapMb", firstOf(heaps, seconds));
    report.set("serverCpuPct", firstOf(cpus, seconds));
    report.set("machineCpuPct", firstOf(machine, seconds));
    report.put("unservedAtEnd", site.service.waiting());
    // Whoever was being served has his answer soon; what then is out never comes back.
    for (int waited = 0; site.leaked() != 0 && waited < MOST_DRAIN_MILLIS; waited += 50) {
      Thread.sleep(50);
    }
    report.put("slotsLeaked", site.leaked());
    report.put("heapBeforeMb", heapBefore).put("heapAfterMb", HeapWatch.collected());
    GateStatus status = site.status();
    if (status != null) {
      report.put("status", status.toString());
    }
    return report;
  }

  private static ArrayNode firstOf(ArrayNode all, int seconds) {
    while (all.size() > seconds) {
      all.remove(all.size() - 1);
    }
    return all;
  }
}

package io.tidegate.jmh;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;

/**
 * Measures what is compared with peers, and writes the results: tables, charts, and what JMH
 * reports. Each figure is measured once in a round, in a process of its own, so that a slow spell
 * of the machine meets all.
 *
 * <pre>{@code java -cp jmh/target/benchmarks.jar io.tidegate.jmh.Publish --minutes 25}</pre>
 */
public final class Publish {

  private Publish() {}

  /**
   * Measures and writes.
   *
   * @param args the options that docs/benchmarks/README.md explains
   * @throws Exception if nothing can be run or written
   */
  public static void main(String[] args) throws Exception {
    Plan plan = Plan.of(args);
    long begin = System.nanoTime();
    Report report = new Report(plan, List.of(args));
    if (plan.memory()) {
      report.memory(MemoryReport.measure());
    }
    List<RunResult> results = new ArrayList<>();
    write(plan, report, results);
    long longest = 0;
    for (int round = 1; round <= plan.forks() && fits(plan, begin, longest); round++) {
      long start = System.nanoTime();
      for (Plan.Batch batch : plan.batches()) {
        results.addAll(new Runner(plan.round(batch)).run());
        write(plan, report, results); // so that what ends the program early costs no results
      }
      longest = Math.max(longest, System.nanoTime() - start);
      LoadedServer.print(
          "%nround %d of %d took %,d seconds%n",
          round, plan.forks(), TimeUnit.NANOSECONDS.toSeconds(longest));
    }
  }

  private static boolean fits(Plan plan, long begin, long round) {
    long late = TimeUnit.MINUTES.toNanos(plan.minutes()) / 10;
    return System.nanoTime() - begin + round <= TimeUnit.MINUTES.toNanos(plan.minutes()) + late;
  }

  private static void write(Plan plan, Report report, List<RunResult> results) throws IOException {
    Files.createDirectories(plan.out());
    try (PrintStream json =
        new PrintStream(
            Files.newOutputStream(plan.out().resolve("results.json")),
            false,
            StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, json).writeOut(results);
    }
    report.write(Figure.of(results));
  }
}

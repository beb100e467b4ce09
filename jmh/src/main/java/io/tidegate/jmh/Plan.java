package io.tidegate.jmh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What {@link Publish} measures, and for how long.
 *
 * @param minutes how long it may take in all, give or take a tenth
 * @param forks how many rounds, of one process for each figure
 * @param warmups how many iterations are not counted
 * @param iterations how many are
 * @param millis how long each of them takes
 * @param memory whether memory is measured as well
 * @param out the folder for the results
 * @param batches what one round consists of
 */
record Plan(
    int minutes,
    int forks,
    int warmups,
    int iterations,
    int millis,
    boolean memory,
    Path out,
    List<Batch> batches) {

  private static final Set<String> OPTIONS =
      Set.of(
          "--minutes",
          "--forks",
          "--warmups",
          "--iterations",
          "--millis",
          "--threads",
          "--keys",
          "--only",
          "--out");

  private static final int MEMORY_MILLIS = 20_000;
  private static final int SHORTEST = 50;
  private static final int LONGEST = 5_000;

  /**
   * Figures that are measured in one go.
   *
   * @param methods their benchmarks
   * @param params the values of the benchmarks' parameters
   * @param overheadMillis how long a process takes beside its iterations, roughly
   * @param patience how many times as many iterations are not counted, for more code to warm
   */
  record Batch(
      List<String> methods,
      int threads,
      Map<String, List<String>> params,
      int overheadMillis,
      int patience) {

    int figures() {
      return params.values().stream().mapToInt(List::size).reduce(methods.size(), (a, b) -> a * b);
    }
  }

  static Plan of(String... args) {
    Map<String, String> options = parse(args);
    int minutes = number(options, "--minutes", 25);
    int forks = number(options, "--forks", 5);
    int warmups = number(options, "--warmups", 3);
    int iterations = number(options, "--iterations", 3);
    Pattern only = Pattern.compile(options.getOrDefault("--only", ""));
    List<Batch> batches =
        batches(
            only,
            options.getOrDefault("--threads", "1,2"),
            options.getOrDefault("--keys", "1000000"));
    return new Plan(
        minutes,
        forks,
        warmups,
        iterations,
        number(options, "--millis", millis(batches, minutes, forks, warmups, iterations)),
        only.matcher("MemoryReport").find(),
        Path.of(options.getOrDefault("--out", "docs/benchmarks")),
        batches);
  }

  private static Map<String, String> parse(String... args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!OPTIONS.contains(args[i]) || i + 1 == args.length) {
        throw new IllegalArgumentException(
            args[i] + " (expected: one of " + OPTIONS + ", and its value)");
      }
      options.put(args[i], args[i + 1]);
    }
    return options;
  }

  private static int number(Map<String, String> options, String name, int otherwise) {
    String value = options.get(name);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  private static List<Batch> batches(Pattern only, String threadCounts, String keys) {
    List<String> keyCounts = List.of(keys.split(",", -1));
    int keyedOverhead =
        1_500 + keyCounts.stream().mapToInt(Integer::parseInt).max().orElse(0) / 500;
    List<Batch> batches = new ArrayList<>();
    for (String count : threadCounts.split(",", -1)) {
      int threads = Integer.parseInt(count);
      Map<String, List<String>> modes = Map.of("mode", List.of("admit", "refuse"));
      Map<String, List<String>> keyed =
          Map.of("order", List.of("skewed", "uniform"), "keys", keyCounts);
      add(batches, only, UnkeyedBenchmark.class, threads, modes, 1_000, 1);
      add(batches, only, KeyedBenchmark.class, threads, keyed, keyedOverhead, 1);
      add(batches, only, FloodBenchmark.class, threads, Map.of(), 5_000, 1);
    }
    Map<String, List<String>> verdicts = Map.of("verdict", List.of("admitted", "refused"));
    add(batches, only, GateBenchmark.class, 1, verdicts, 2_000, 5);
    return batches;
  }

  private static void add(
      List<Batch> batches,
      Pattern only,
      Class<?> benchmark,
      int threads,
      Map<String, List<String>> params,
      int overheadMillis,
      int patience) {
    List<String> methods =
        BenchmarkList.defaultList()
            .find(
                OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                List.of(Pattern.quote(benchmark.getName() + ".")),
                List.of())
            .stream()
            .map(BenchmarkListEntry::getUsername)
            .filter(only.asPredicate())
            .toList();
    if (!methods.isEmpty()) {
      batches.add(new Batch(methods, threads, params, overheadMillis, patience));
    }
  }

  /** How long an iteration may take so that all is done in time. */
  private static int millis(
      List<Batch> batches, int minutes, int forks, int warmups, int iterations) {
    long overhead = 0;
    long shares = 1;
    for (Batch batch : batches) {
      overhead += (long) batch.figures() * batch.overheadMillis;
      shares += (long) batch.figures() * (warmups * batch.patience + iterations);
    }
    long left = (minutes * 60_000L - MEMORY_MILLIS) / forks - overhead;
    return (int) Math.max(SHORTEST, Math.min(left / shares, LONGEST));
  }

  /** One process for each figure of a batch. */
  Options round(Batch batch) {
    ChainedOptionsBuilder options = new OptionsBuilder().forks(1).threads(batch.threads);
    batch.methods.forEach(method -> options.include("^" + Pattern.quote(method) + "$"));
    batch.params.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
    return options
        .warmupIterations(warmups * batch.patience)
        .warmupTime(TimeValue.milliseconds(millis))
        .measurementIterations(iterations)
        .measurementTime(TimeValue.milliseconds(millis))
        .build();
  }
}

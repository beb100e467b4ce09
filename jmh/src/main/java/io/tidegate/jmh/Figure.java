package io.tidegate.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;

/**
 * The time of one method under one setting.
 *
 * @param name the method's
 * @param forks the median of the iterations of each process, in nanoseconds, the least first
 */
record Figure(String name, List<Double> forks) {

  /**
   * What figures can be compared.
   *
   * @param benchmark the class, without "Benchmark"
   * @param setting the parameters and the number of threads
   */
  record Group(String benchmark, String setting) {}

  double median() {
    int middle = forks.size() / 2;
    return forks.size() % 2 == 1
        ? forks.get(middle)
        : (forks.get(middle - 1) + forks.get(middle)) / 2;
  }

  double least() {
    return forks.get(0);
  }

  double most() {
    return forks.get(forks.size() - 1);
  }

  /** The figures of all groups, the fastest first. */
  static Map<Group, List<Figure>> of(Collection<RunResult> results) {
    Map<Group, Map<String, List<Double>>> times = new LinkedHashMap<>();
    for (RunResult result : results) {
      String[] names = result.getParams().getBenchmark().split("\\.", -1);
      Group group =
          new Group(names[names.length - 2].replace("Benchmark", ""), setting(result.getParams()));
      List<Double> forks =
          times
              .computeIfAbsent(group, g -> new LinkedHashMap<>())
              .computeIfAbsent(names[names.length - 1], n -> new ArrayList<>());
      for (BenchmarkResult fork : result.getBenchmarkResults()) {
        forks.add(fork.getPrimaryResult().getStatistics().getPercentile(50));
      }
    }
    Map<Group, List<Figure>> figures = new LinkedHashMap<>();
    times.forEach(
        (group, byName) ->
            figures.put(
                group,
                byName.entrySet().stream()
                    .map(e -> new Figure(e.getKey(), e.getValue().stream().sorted().toList()))
                    .sorted(Comparator.comparingDouble(Figure::median))
                    .toList()));
    return figures;
  }

  private static String setting(BenchmarkParams params) {
    List<String> parts = new ArrayList<>();
    for (String name : params.getParamsKeys()) {
      String value = params.getParam(name);
      parts.add(
          name.equals("keys")
              ? String.format(Locale.ROOT, "%,d keys", Integer.parseInt(value))
              : value);
    }
    parts.add(params.getThreads() == 1 ? "1 thread" : params.getThreads() + " threads");
    return String.join(", ", parts);
  }
}

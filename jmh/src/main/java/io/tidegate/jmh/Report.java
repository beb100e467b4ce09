package io.tidegate.jmh;

import io.tidegate.jmh.Figure.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes tables and charts. */
final class Report {

  /** What a shell takes as it is. */
  private static final Pattern UNQUOTED = Pattern.compile("[\\w./,-]+");

  private final Plan plan;
  private final List<String> args;
  private final StringBuilder text = new StringBuilder();
  private List<MemoryReport.Line> memory = List.of();

  Report(Plan plan, List<String> args) {
    this.plan = plan;
    this.args = args;
  }

  void memory(List<MemoryReport.Line> lines) {
    memory = lines;
  }

  /** Writes all that is known by now. */
  void write(Map<Group, List<Figure>> figures) throws IOException {
    Files.createDirectories(plan.out());
    text.setLength(0);
    head();
    for (String benchmark : figures.keySet().stream().map(Group::benchmark).distinct().toList()) {
      Map<String, List<Figure>> bySetting = new LinkedHashMap<>();
      figures.forEach(
          (group, compared) -> {
            if (group.benchmark().equals(benchmark)) {
              bySetting.put(group.setting(), compared);
            }
          });
      tables(benchmark, bySetting);
    }
    if (!memory.isEmpty()) {
      memoryTable();
    }
    Files.writeString(plan.out().resolve("results.md"), text);
  }

  private void head() throws IOException {
    line("# Results");
    line("");
    line("Written by the benchmarks; README.md says what is measured and how.");
    line("");
    line("| | |");
    line("|---|---|");
    line("| day | %s |", LocalDate.now(ZoneOffset.UTC));
    line("| processor | %s |", Machine.cpu());
    line("| kernel | %s |", Machine.kernel());
    line("| virtual machine | %s |", Machine.jvm());
    line(
        "| iterations | %d of %d ms in a process, after %d that do not count |",
        plan.iterations(), plan.millis(), plan.warmups());
    line("");
    line("```sh");
    line("%s", command());
    line("```");
  }

  private String command() {
    String quoted =
        args.stream()
            .map(arg -> UNQUOTED.matcher(arg).matches() ? arg : "'" + arg + "'")
            .collect(Collectors.joining(" "));
    return "java -cp jmh/target/benchmarks.jar " + Publish.class.getName() + " " + quoted;
  }

  private void tables(String benchmark, Map<String, List<Figure>> bySetting) throws IOException {
    String file = benchmark.toLowerCase(Locale.ROOT) + ".svg";
    BarChart chart = new BarChart(benchmark, "nanoseconds a call (median)");
    line("");
    line("## %s", benchmark);
    line("");
    line("![%s](%s)", benchmark, file);
    bySetting.forEach(
        (setting, figures) -> {
          table(setting, figures);
          figures.forEach(figure -> chart.add(figure.name(), setting, figure.median()));
        });
    chart.write(plan.out().resolve(file));
  }

  private void table(String setting, List<Figure> figures) {
    line("");
    line("### %s", setting);
    line("");
    line("| | median | least to most | forks | to tidegate | to floor |");
    line("|---|---:|---:|---:|---:|---:|");
    for (Figure figure : figures) {
      line(
          "| %s | %,.1f ns | %,.1f to %,.1f | %d | %s | %s |",
          figure.name(),
          figure.median(),
          figure.least(),
          figure.most(),
          figure.forks().size(),
          ratio(figure, "tidegate", figures),
          ratio(figure, "floor", figures));
    }
  }

  private static String ratio(Figure figure, String other, List<Figure> figures) {
    return figures.stream()
        .filter(f -> f.name().equals(other))
        .map(f -> String.format(Locale.ROOT, "%.2f", figure.median() / f.median()))
        .findFirst()
        .orElse("");
  }

  private void memoryTable() throws IOException {
    BarChart chart = new BarChart("Memory", "bytes a key");
    line("");
    line("## Memory");
    line("");
    line("![Memory](memory.svg)");
    line("");
    line("| bytes a key | heap | direct | the key's text |");
    line("|---|---:|---:|---|");
    for (MemoryReport.Line used : memory) {
      line(
          "| %s | %.1f | %.1f | %s |",
          used.name(), used.heap(), used.direct(), used.holdsKeys() ? "held" : "not held");
      chart.add(used.name(), "heap and direct", used.heap() + used.direct());
    }
    chart.write(plan.out().resolve("memory.svg"));
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}

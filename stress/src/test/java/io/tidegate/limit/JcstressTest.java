package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openjdk.jcstress.Main;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * Runs races, many thousand times each. Not one shows what it forbids, and every twin does. What
 * was seen is in {@code target/jcstress}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JcstressTest {

  /** Which races, and their twins. */
  private static final String RACES =
      System.getProperty("tidegate.stress.races", "InsertBoth|ChargeReplaced|TakeOne");

  /** Options of the harness: by default one short run of a race, with the usual compiler. */
  private static final String OPTIONS =
      System.getProperty(
          "tidegate.stress.jcstress",
          "-f 1 -iters 1 -time 250 -hs 128 -sc false -af NONE -jvmArgs -XX:+UseSerialGC");

  private static final String TWIN = "Twin";

  private static final Path REPORT = Path.of("target", "jcstress");

  private final Map<String, List<TestResult>> results = new TreeMap<>();

  @BeforeAll
  void run() throws Exception {
    clean();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", classPath(), Main.class.getName(), "-r", ".", "-t", RACES));
    command.addAll(List.of(OPTIONS.split(" ")));
    Path log = REPORT.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(REPORT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.HOURS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    Path file = findResults();
    assertThat(file).as("results; see %s", log).isNotNull();
    for (TestResult result : read(file)) {
      results.computeIfAbsent(result.getName(), name -> new ArrayList<>()).add(result);
    }
  }

  private static void clean() throws IOException {
    Files.createDirectories(REPORT);
    try (Stream<Path> files = Files.walk(REPORT)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    Files.createDirectories(REPORT);
  }

  /** The class path, whose entries may be relative to this process's directory. */
  private static String classPath() {
    return String.join(
        File.pathSeparator,
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  private static Path findResults() throws IOException {
    try (Stream<Path> files = Files.list(REPORT)) {
      return files.filter(f -> f.toString().endsWith(".bin.gz")).findAny().orElse(null);
    }
  }

  private static Collection<TestResult> read(Path file) throws Exception {
    InProcessCollector collector = new InProcessCollector();
    DiskReadCollector reader = new DiskReadCollector(file.toString(), collector);
    reader.dump();
    reader.close();
    return collector.getTestResults();
  }

  private static boolean isTwin(String race) {
    return race.endsWith(TWIN);
  }

  @Test
  void races_eachWithItsTwin_ran() {
    Set<String> races =
        Stream.of(InsertRaces.class, ChargeRaces.class, UpkeepRaces.class, WordRaces.class)
            .flatMap(group -> Stream.of(group.getClasses()))
            .map(Class::getCanonicalName)
            .filter(Pattern.compile(RACES).asPredicate())
            .collect(Collectors.toSet());
    assertThat(results.keySet()).isNotEmpty().isEqualTo(races);
    assertThat(races).allMatch(race -> isTwin(race) || races.contains(race + TWIN));
  }

  @Test
  void races_always_showNothingForbidden() {
    results.forEach(
        (race, runs) -> {
          if (!isTwin(race)) {
            assertThat(runs)
                .as("%s", race)
                .allSatisfy(
                    run -> {
                      assertThat(run.status()).isEqualTo(Status.NORMAL);
                      assertThat(run.getTotalCount()).isPositive();
                      assertThat(run.grading().failureMessages).isEmpty();
                      assertThat(run.grading().isPassed).isTrue();
                    });
          }
        });
  }

  @Test
  void twins_each_showWhatIsForbidden() {
    results.forEach(
        (race, runs) -> {
          if (isTwin(race)) {
            assertThat(runs).as("%s", race).anyMatch(JcstressTest::showsForbidden);
          }
        });
  }

  private static boolean showsForbidden(TestResult run) {
    return run.status() == Status.NORMAL
        && run.grading().gradingResults.values().stream()
            .anyMatch(result -> result.expect == Expect.FORBIDDEN && result.count > 0);
  }
}

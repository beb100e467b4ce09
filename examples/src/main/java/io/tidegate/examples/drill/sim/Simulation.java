package io.tidegate.examples.drill.sim;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * The drill's simulated part: the library's own gate on a clock that is moved by hand, under an
 * attack from a million addresses.
 *
 * <p>Each row is calculated by one thread, from the seed alone but for the secrets that the library
 * draws for its hashes: which strangers share a word of a table differs from run to run, and moves
 * figures by a hair at most. Rows do not touch each other, so two are calculated at a time.
 */
public final class Simulation {

  private static final int AT_ONCE = 2;
  private static final double[] SOLVERS = {0, 150, 500, 1_500, 5_000};

  /** So many proofs a second, at the floor, begin to be felt. */
  private static final double FEWEST_FELT = 500;

  /** The row with attackers who have more computers than anybody planned for. */
  private static final double MANY = 1_500;

  private static final int MANY_TIMES = 20;

  private Simulation() {}

  /**
   * Simulates all rows.
   *
   * @param seed what all draws follow from
   * @param progress is told a line for each row
   * @return {@code {"simulated": [...], "settings": {...}}}
   */
  public static ObjectNode run(long seed, Consumer<String> progress) {
    Crowd crowd = new Crowd((int) Scenario.ADDRESSES);
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    var rows = root.putArray("simulated");
    for (Result result : run(scenarios(seed), crowd)) {
      progress.accept(result.toString());
      rows.add(result.toJson());
    }
    root.set("settings", settings(seed));
    return root;
  }

  private static List<Result> run(List<Scenario> scenarios, Crowd crowd) {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<Result>> running = new ArrayList<>();
      scenarios.forEach(each -> running.add(threads.submit(() -> World.run(each, crowd))));
      List<Result> results = new ArrayList<>();
      for (Future<Result> each : running) {
        results.add(each.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("simulation: interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("simulation: failed", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Scenario> scenarios(long seed) {
    List<Scenario> all = new ArrayList<>();
    for (double solvers : SOLVERS) {
      all.add(Scenario.of(seed, solvers));
    }
    Scenario many = Scenario.of(seed, MANY);
    all.add(many.times(MANY_TIMES));
    List.copyOf(all).stream()
        .filter(each -> each.solvers() >= FEWEST_FELT)
        .forEach(each -> all.add(each.fixedPrice()));
    all.add(many.flood(0)); // their own flood makes their proofs dear
    all.add(many.hoarding());
    for (double solvers : SOLVERS) {
      if (solvers > 0) {
        all.add(Scenario.of(seed, solvers).with(Strategy.PASS));
      }
    }
    all.add(many.times(MANY_TIMES).with(Strategy.PASS));
    all.add(Scenario.of(seed, SOLVERS[1]).with(Strategy.SHARED_PASS));
    all.add(many.with(Strategy.SHARED_PASS));
    return all;
  }

  private static ObjectNode settings(long seed) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    settings.put("seed", seed);
    settings.put("seconds", Scenario.SECONDS);
    settings.put("attackFromSecond", Scenario.ATTACK_FROM);
    settings.put("attackToSecond", Scenario.ATTACK_TO);
    settings.put("slots", Scenario.SLOTS);
    settings.put("serviceMeanMs", Scenario.SERVICE_NANOS / Scenario.MILLI);
    settings.put("establishedPerSecond", Scenario.ESTABLISHED);
    settings.put("humansPerSecond", Scenario.HUMANS);
    settings.put("botAddresses", Scenario.ADDRESSES);
    settings.put("floodPerSecond", Scenario.FLOOD);
    settings.put("floodRetriesPct", 50);
    settings.put("newcomersFreePerSecond", Scenario.NEWCOMERS);
    settings.put("frontEndCores", Scenario.CORES);
    settings.put("frontEndMicrosPerRequest", Scenario.REQUEST_NANOS / 1_000);
    settings.put("phoneHashesPerSecond", Scenario.PHONE);
    settings.put("floorMs", Scenario.FLOOR.toMillis());
    settings.put("capMs", Scenario.CAP.toMillis());
    settings.put("digestsForOne", Scenario.DIGESTS_FOR_ONE);
    settings.put("humanPatienceMs", Scenario.HUMAN_PATIENCE / Scenario.MILLI);
    settings.put("establishedPatienceMs", Scenario.ESTABLISHED_PATIENCE / Scenario.MILLI);
    return settings;
  }

  /**
   * Simulates, and writes {@code simulated.json}.
   *
   * @param args the directory; {@code target/drill} if not said
   * @throws IOException if it cannot be written
   */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args.length == 0 ? "target/drill" : args[0]);
    Files.createDirectories(directory);
    ObjectNode simulated = run(1, System.out::println);
    new ObjectMapper().writeValue(directory.resolve("simulated.json").toFile(), simulated);
  }
}

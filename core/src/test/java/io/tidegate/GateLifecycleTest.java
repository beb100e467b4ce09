package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.tidegate.limit.ManualTicker;
import io.tidegate.limit.Quota;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.simple.SimpleLoggerFactory;

/** A gate that is closed leaves nothing behind: no thread, and no class of its application. */
class GateLifecycleTest {

  private static final String KEEPER = "tidegate-keeper";

  private static Set<Thread> keepers() {
    Set<Thread> keepers = new HashSet<>(Thread.getAllStackTraces().keySet());
    keepers.removeIf(thread -> !thread.getName().equals(KEEPER));
    return keepers;
  }

  private static Thread keeperOf(Set<Thread> before) {
    Set<Thread> now = keepers();
    now.removeAll(before);
    assertThat(now).as("threads that a gate starts").hasSize(1);
    return now.iterator().next();
  }

  private static void assertEnds(Thread thread) throws InterruptedException {
    thread.join(30_000);
    assertThat(thread.isAlive()).as("%s is alive", thread).isFalse();
  }

  @Test
  void close_endsTheOneThread() throws Exception {
    Set<Thread> before = keepers();
    Gate gate = Gate.builder().build();
    Thread keeper = keeperOf(before);
    assertThat(keeper.isDaemon()).isTrue();
    assertThat(keeper.getContextClassLoader()).as("no application's").isNull();
    gate.close();
    assertEnds(keeper);
    gate.close();
  }

  @Test
  void clockThatIsMovedByHand_keepsHouseAsItMoves() {
    Set<Thread> before = keepers();
    ManualTicker ticker = new ManualTicker();
    Rule rule = Rule.named("r").quota(Quota.perSecond(1)).exact().build();
    Gate gate = Gate.builder().rule(rule).ticker(ticker).build();
    Set<Thread> after = keepers();
    after.removeAll(before);
    assertThat(after).isEmpty();
    gate.enter(FakeRequest.get("/")).permit().close(200);
    assertThat(gate.status().rules().get(0).keys()).isEqualTo(1);
    for (int i = 0; i < 10; i++) {
      ticker.advance(Duration.ofSeconds(1));
    }
    assertThat(gate.status().rules().get(0).keys()).isZero();
    gate.enter(FakeRequest.get("/")).permit().close(200);
    gate.close();
    ticker.advance(Duration.ofMinutes(1));
    assertThat(gate.status().rules().get(0).keys()).as("a closed gate keeps no house").isEqualTo(1);
  }

  @Test
  void build_thatFails_leavesNoThread() {
    Set<Thread> before = keepers();
    Rule rule = Rule.named("r").quota(Quota.perDay(1)).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gate.builder().rule(rule).rule(rule).build());
    Set<Thread> after = keepers();
    after.removeAll(before);
    assertThat(after).isEmpty();
  }

  @Test
  void closedGate_goesOnDeciding() {
    Gate gate = Gate.builder().rule(Rule.named("r").quota(Quota.perDay(2)).build()).build();
    Verdict underWay = gate.enter(FakeRequest.get("/"));
    gate.close();
    underWay.permit().close(200);
    assertThat(TestGates.admitted(gate, 9, FakeRequest.get("/"))).isEqualTo(1);
    gate.replaceRules(List.of());
    assertThat(gate.enter(FakeRequest.get("/")).admitted()).isTrue();
  }

  @Test
  void builder_usedTwice_buildsTwoGatesThatShareNothing() {
    Gate.Builder builder = Gate.builder().rule(Rule.named("r").quota(Quota.perDay(2)).build());
    try (Gate one = builder.build();
        Gate two = builder.build()) {
      assertThat(TestGates.admitted(one, 9, FakeRequest.get("/"))).isEqualTo(2);
      assertThat(TestGates.admitted(two, 9, FakeRequest.get("/"))).isEqualTo(2);
    }
  }

  /** An application's own class loader, with copies of all that it needs. */
  private static URLClassLoader application() {
    URL[] locations =
        Stream.of(
                Gate.class,
                GateUser.class,
                Caffeine.class,
                LoggerFactory.class,
                SimpleLoggerFactory.class,
                Nullable.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .distinct()
            .toArray(URL[]::new);
    return new URLClassLoader(locations, ClassLoader.getPlatformClassLoader());
  }

  /** Starts the application, uses it and stops it. */
  private static WeakReference<ClassLoader> usedAndDropped() throws Exception {
    Set<Thread> before = keepers();
    try (URLClassLoader loader = application()) {
      Class<?> user = loader.loadClass(GateUser.class.getName());
      assertThat(user.getClassLoader()).isSameAs(loader);
      Object said = ((Callable<?>) user.getConstructor().newInstance()).call();
      assertThat(said).isEqualTo("THROTTLED BANNED BANNED principal#14");
      for (Thread keeper : keepers()) {
        if (!before.contains(keeper)) {
          assertEnds(keeper);
        }
      }
      return new WeakReference<>(loader);
    }
  }

  /**
   * The virtual machine itself (17 as well as 25) holds on to the class of the last record that was
   * compared, whatever it is, so the last of several applications may stay.
   */
  @Test
  void gatesOfApplicationsThatWereStopped_areCollected() throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      loaders.add(usedAndDropped());
    }
    loaders.remove(loaders.size() - 1);
    for (int i = 0; i < 100 && loaders.stream().anyMatch(loader -> loader.get() != null); i++) {
      System.gc();
    }
    assertThat(loaders).extracting(WeakReference::get).containsOnlyNulls();
  }
}

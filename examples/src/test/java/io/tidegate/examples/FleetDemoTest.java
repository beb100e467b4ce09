package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.examples.Visitor.Answer;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The demo as several nodes on one Redis: what they share, and what is left when something ends.
 * Each test has addresses of its own, so their limits stay apart.
 */
@Timeout(60)
class FleetDemoTest {
  private static final int NODES = 3;
  private static final int BURST = 5;

  /** How far each node may be ahead. */
  private static final int LEASE = 1;

  private static final double SECONDS_FOR_ONE = 12;

  private static int firstPort;
  private static RunningFleet fleet;

  @BeforeAll
  static void start() throws IOException {
    firstPort = RunningFleet.freePorts(NODES);
    fleet = new RunningFleet("demo.port=" + firstPort, "demo.nodes=" + NODES);
  }

  /** On SIGTERM all end, and cleanly. */
  @AfterAll
  static void stop() throws InterruptedException {
    try (RunningFleet all = fleet) {
      all.terminate();
      all.awaitEnd();
      assertThat(all.rest()).endsWith("Stopped.").doesNotContain("Exception", "WARN", "has ended");
      assertThat(all.exitCode()).isEqualTo(143); // 128 and SIGTERM
    }
  }

  private static Answer register(RunningFleet fleet, int node, String address, String... fields)
      throws IOException {
    Answer answer = fleet.at(node, address).post("/register", "{}", fields);
    assertThat(answer.status()).isIn(400, 429); // let pass to the application, or not
    return answer;
  }

  /** How many of some registrations are let pass by these nodes in turn. */
  private static int flood(RunningFleet fleet, String address, int count, int... nodes)
      throws IOException {
    int passed = 0;
    for (int i = 0; i < count; i++) {
      if (register(fleet, nodes[i % nodes.length], address).status() == 400) {
        passed++;
      }
    }
    return passed;
  }

  private static int broughtSince(long begin) {
    double seconds = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
    return (int) Math.ceil(seconds / SECONDS_FOR_ONE);
  }

  @Test
  void register_floodThroughTwoNodes_meetsOneQuota() throws IOException {
    String address = "127.0.0.2";
    long begin = System.nanoTime();
    int passed = flood(fleet, address, 60, 0, 1);
    assertThat(passed).isBetween(BURST, BURST + broughtSince(begin) + NODES * LEASE);
    passed += flood(fleet, address, 10, 2);
    assertThat(passed)
        .as("with a third node, which has not let anybody pass yet")
        .isLessThanOrEqualTo(BURST + broughtSince(begin) + NODES * LEASE);
    assertThat(register(fleet, 1, "127.0.0.3").status()).as("somebody else").isEqualTo(400);
  }

  @Test
  void pass_boughtFromOneNode_isGoodOnAnother() throws IOException {
    passesAndProofsAreShared(fleet, "127.0.0.4");
  }

  private static void passesAndProofsAreShared(RunningFleet fleet, String address)
      throws IOException {
    flood(fleet, address, 40, 0, 1);
    Answer refusal = register(fleet, 0, address);
    assertThat(refusal.status()).isEqualTo(429);
    String proof = "Tidegate-Proof: " + Work.solved(refusal);
    Answer bought = fleet.at(0, address).post("/.tidegate/pass", "", proof);
    assertThat(bought.status()).isEqualTo(200);
    String pass = "Cookie: " + bought.field("Set-Cookie").split(";")[0];
    assertThat(register(fleet, 1, address, pass).status()).isEqualTo(400);
    assertThat(register(fleet, 1, address).status()).as("without it").isEqualTo(429);
    assertThat(register(fleet, 1, address, proof).body()).contains("\"reason\":\"replayed\"");
  }

  @Test
  void netty_sharesToo_redisAndThenANodeKilled_othersGoOn_andNoneOutlivesTheirParent()
      throws IOException {
    String address = "127.0.0.5";
    try (RunningFleet netty =
        new RunningFleet("demo.port=0", "demo.nodes=2", "demo.server=netty")) {
      passesAndProofsAreShared(netty, "127.0.0.7");
      netty.killRedis();
      long begin = System.nanoTime();
      for (int node = 0; node < 2; node++) {
        assertThat(netty.at(node, address).get("/health").status()).isEqualTo(200);
        assertThat(register(netty, node, address).status()).as("its share").isEqualTo(400);
      }
      assertThat(2 + flood(netty, address, 30, 0, 1))
          .as("what the server would admit, what nodes can be ahead, and a burst for the outage")
          .isLessThanOrEqualTo(2 * (BURST + broughtSince(begin)) + 2 * LEASE);
      netty.kill(1);
      assertThat(netty.at(0, address).get("/health").status()).isEqualTo(200);
      netty.kill();
      netty.awaitEnd();
    }
  }

  @Test
  void nodes_areAtTheirPorts() throws IOException {
    for (int node = 0; node < NODES; node++) {
      assertThat(fleet.ports.get(node)).isEqualTo(firstPort + node);
      assertThat(fleet.at(node, "127.0.0.6").get("/health").status()).isEqualTo(200);
    }
  }

  @Test
  void port_ofALaterNodeTaken_isToldAndEndsTheFleet() throws Exception {
    int port = RunningFleet.freePorts(2);
    try (ServerSocket taken = new ServerSocket(port + 1);
        DemoProcess two = DemoProcess.startFleet("demo.port=" + port, "demo.nodes=2")) {
      assertThat(two.rest()) // ends when nobody is left who could say more
          .contains("Failed to bind", "" + taken.getLocalPort(), "A node has not started");
      assertThat(two.exitCode()).isEqualTo(1);
    }
  }
}

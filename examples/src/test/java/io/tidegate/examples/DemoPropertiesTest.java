package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.examples.Visitor.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the demo starts, with what settings, and how it ends. */
@Timeout(120)
class DemoPropertiesTest {
  private static final String CUSTOMER = "Authorization: Bearer demo-key";
  private static final String STREAM =
      "{\"model\":\"demo\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

  @ParameterizedTest
  @ValueSource(strings = {"jetty", "netty"})
  void demo_onSigterm_stopsCleanly(String server) throws Exception {
    try (DemoProcess demo = DemoProcess.start("demo.server=" + server, "demo.port=0")) {
      Visitor visitor = new Visitor(demo.port(), "127.0.0.1");
      assertThat(visitor.get("/health").status()).isEqualTo(200);
      demo.terminate();
      assertThat(demo.rest()).endsWith("Stopped.").doesNotContain("Exception", "WARN");
      assertThat(demo.exitCode()).isEqualTo(143); // 128 and SIGTERM
      assertThatThrownBy(() -> visitor.get("/health")).isInstanceOf(ConnectException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jetty", "netty"})
  void slots_moreStreamsThanThat_areToldToComeBackAndNotCharged(String server) throws Exception {
    try (DemoProcess demo =
        DemoProcess.start("demo.server=" + server, "demo.port=0", "demo.slots=2")) {
      Visitor visitor = new Visitor(demo.port(), "127.0.0.1");
      // Far more than the 120 a minute that are allowed, had those refused to pay.
      List<Answer> answers = stream(140, visitor);
      assertThat(answers).extracting(Answer::status).contains(200, 503).containsOnly(200, 503);
      assertThat(answers)
          .filteredOn(answer -> answer.status() == 200)
          .allSatisfy(answer -> assertThat(answer.body()).endsWith("data: [DONE]\n\n"));
      assertThat(answers)
          .filteredOn(answer -> answer.status() == 503)
          .allSatisfy(
              answer -> {
                assertThat(answer.field("Retry-After")).matches("[1-4]");
                assertThat(answer.field("x-should-retry")).isEqualTo("true");
                assertThat(answer.body()).contains("temporary-reduced-capacity");
              });
    }
  }

  private static List<Answer> stream(int count, Visitor visitor) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(40);
    try {
      List<Future<Answer>> futures = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        futures.add(threads.submit(() -> visitor.post("/v1/chat/completions", STREAM, CUSTOMER)));
      }
      List<Answer> answers = new ArrayList<>();
      for (Future<Answer> future : futures) {
        answers.add(future.get());
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jetty", "netty"})
  void slots_ofClientsThatGoAway_comeBack(String server) throws Exception {
    try (DemoProcess demo =
        DemoProcess.start("demo.server=" + server, "demo.port=0", "demo.slots=1")) {
      Visitor visitor = new Visitor(demo.port(), "127.0.0.1");
      for (int i = 0; i < 5; i++) {
        try (Socket socket = visitor.send("POST", "/v1/chat/completions", STREAM, CUSTOMER)) {
          socket.setSoLinger(true, 0); // closes by a reset, as a crashed client does
          assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
        }
        awaitFreeSlot(demo.port());
      }
    }
  }

  /** Asks from many addresses, so as not to meet the limit of one. */
  private static void awaitFreeSlot(int port) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    for (int i = 0; ; i = (i + 1) % 250) {
      Visitor visitor = new Visitor(port, "127.0.1." + (i + 1));
      if (visitor.post("/v1/chat/completions", STREAM, CUSTOMER).status() == 200) {
        return;
      }
      assertThat(System.nanoTime()).as("a slot is lost").isLessThan(deadline);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jetty", "netty"})
  void proxies_named_areBelievedAboutTheirClients(String server) throws Exception {
    try (DemoProcess demo =
        DemoProcess.start("demo.server=" + server, "demo.port=0", "demo.proxies=127.0.0.2, ::1")) {
      Visitor proxy = new Visitor(demo.port(), "127.0.0.2");
      String one = "X-Forwarded-For: 192.0.2.1";
      for (int i = 0; i < 6; i++) {
        proxy.post("/register", "{}", one);
      }
      assertThat(proxy.post("/register", "{}", one).status()).isEqualTo(429);
      assertThat(proxy.post("/register", "{}", "X-Forwarded-For: 192.0.2.2").status())
          .isEqualTo(400);
      Visitor stranger = new Visitor(demo.port(), "127.0.0.3");
      assertThat(stranger.post("/register", "{}", one).status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jetty", "netty"})
  void newcomers_moreThanThat_areAskedForWorkWhereverTheyComeFrom(String server) throws Exception {
    try (DemoProcess demo =
        DemoProcess.start("demo.server=" + server, "demo.port=0", "demo.newcomers=1")) {
      Visitor first = new Visitor(demo.port(), "127.0.0.2");
      assertThat(first.post("/register", "{}").status()).isEqualTo(400);
      for (int i = 3; i < 6; i++) {
        Visitor next = new Visitor(demo.port(), "127.0.0." + i);
        Answer asked = next.post("/register", "{}");
        assertThat(asked.status()).isEqualTo(429);
        assertThat(asked.field("RateLimit")).contains("\"register\";r=5", "\"newcomers\";r=0");
        String proof = "Tidegate-Proof: " + Work.solved(asked);
        assertThat(next.post("/register", "{}", proof).status()).isEqualTo(400);
        assertThat(next.get("/").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void secret_ofTwoNodes_letsOneTakeWhatTheOtherAskedFor() throws Exception {
    String secret = "demo.secret=sixteen-bytes-16";
    try (DemoProcess jetty = DemoProcess.start("demo.server=jetty", "demo.port=0", secret);
        DemoProcess netty = DemoProcess.start("demo.server=netty", "demo.port=0", secret)) {
      Visitor there = new Visitor(jetty.port(), "127.0.0.2");
      Visitor here = new Visitor(netty.port(), "127.0.0.2");
      for (int i = 0; i < 5; i++) {
        there.post("/register", "{}");
        here.post("/register", "{}");
      }
      String proof = "Tidegate-Proof: " + Work.solved(there.post("/register", "{}"));
      assertThat(here.post("/register", "{}").status()).isEqualTo(429);
      assertThat(here.post("/register", "{}", proof).status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "demo.port=x, 'demo.port: x (expected: 0 to 65535)'",
    "demo.port=65536, 'demo.port: 65536 (expected: 0 to 65535)'",
    "demo.server=apache, 'demo.server: apache (expected: jetty or netty)'",
    "demo.newcomers=0, 'demo.newcomers: 0 (expected: 1 to 60000)'",
    "demo.secret=high-tide, 'demo.secret: 9 bytes (expected: at least 16, random)'",
    "demo.slots=0, 'demo.slots: 0 (expected: 1 to 10000)'",
    "demo.proxies=everyone, 'everyone'"
  })
  void property_badValue_isToldAndEndsTheDemo(String property, String told) throws Exception {
    try (DemoProcess demo = DemoProcess.start(property)) {
      assertThat(demo.rest())
          .contains("IllegalArgumentException")
          .contains(told)
          .doesNotContain("high-tide");
      assertThat(demo.exitCode()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jetty", "netty"})
  void port_taken_isToldAndEndsTheDemo(String server) throws Exception {
    try (ServerSocket taken = new ServerSocket(0);
        DemoProcess demo =
            DemoProcess.start("demo.server=" + server, "demo.port=" + taken.getLocalPort())) {
      assertThat(demo.rest()).contains("Failed to bind").contains("" + taken.getLocalPort());
      assertThat(demo.exitCode()).isEqualTo(1);
    }
  }
}

package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.examples.Visitor.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Tests of a demo that runs for all of them. Each test has addresses of its own, so their limits
 * stay apart.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RunningDemo {
  private final List<String> properties = new ArrayList<>(List.of("demo.port=0"));
  private DemoProcess demo;
  private int port;

  RunningDemo(String... more) {
    properties.addAll(List.of(more));
  }

  @BeforeAll
  final void startDemo() throws IOException {
    demo = DemoProcess.start(properties.toArray(String[]::new));
    port = demo.port();
  }

  @AfterAll
  final void endDemo() {
    demo.close();
  }

  final int port() {
    return port;
  }

  final Visitor from(String address) {
    return new Visitor(port, address);
  }

  static String account(String user, String password) {
    return "{\"user\":\"" + user + "\",\"password\":\"" + password + "\"}";
  }

  static void assertProblem(Answer answer, int status, String part) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.field("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.body()).contains("\"status\":" + status).contains(part);
  }
}

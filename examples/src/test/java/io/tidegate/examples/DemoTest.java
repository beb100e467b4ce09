package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Gate;
import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.ReplayGuard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds for the demo without a server. */
class DemoTest {
  private final Queue<Runnable> hard = new ArrayDeque<>();
  private final Gate gate = Gate.builder().build();
  private final Altcha altcha = new Altcha(KeyRing.random(), ReplayGuard.inMemory(10));
  private final Demo demo =
      new Demo(new Users(10), new Generator(), altcha, new Status(gate), hard::add);

  @AfterEach
  void close() {
    altcha.close();
    gate.close();
  }

  private CompletableFuture<Reply> register(String user) {
    String body = "{\"user\":\"" + user + "\",\"password\":\"high-tide\"}";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return demo.answer(Ask.of("POST", "/register", name -> null, bytes));
  }

  @Test
  void register_hardWork_isDoneWhereItMayTakeTime() {
    CompletableFuture<Reply> reply = register("visitor");
    assertThat(reply).isNotDone();
    hard.remove().run();
    assertThat(reply.join().status()).isEqualTo(201);
  }

  @Test
  void register_moreThanCanBeDoneAtOnce_isToldAtOnceAndNothingQueues() {
    for (int i = 0; i < 4; i++) {
      assertThat(register("user-" + i)).isNotDone();
    }
    assertThat(register("user-4").join().status()).isEqualTo(503);
    assertThat(hard).hasSize(4);
    hard.forEach(Runnable::run);
    assertThat(register("user-4")).isNotDone();
  }
}

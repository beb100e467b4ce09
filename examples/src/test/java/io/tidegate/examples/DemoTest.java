package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What holds for the demo without a server. */
class DemoTest {
  private final Queue<Runnable> hard = new ArrayDeque<>();
  private final Demo demo = new Demo(new Users(10), new Generator(1), hard::add);

  private CompletableFuture<Reply> register(String user) {
    String body = "{\"user\":\"" + user + "\",\"password\":\"high-tide\"}";
    return demo.answer(new Ask("POST", "/register", null, body.getBytes(StandardCharsets.UTF_8)));
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

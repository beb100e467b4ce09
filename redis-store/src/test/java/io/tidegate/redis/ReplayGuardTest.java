package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.FastThreadLocalThread;
import io.tidegate.challenge.ReplayGuard.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ReplayGuardTest {

  @Test
  void claim_onManyNodes_isFirstOnce() {
    try (RedisProcess server = RedisProcess.start();
        RedisStore one = Stores.patient(server.uri()).build();
        RedisStore two = Stores.patient(server.uri()).build()) {
      for (long id = 0; id < 50; id++) {
        List<CompletionStage<Claim>> claims = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          RedisStore store = i % 2 == 0 ? one : two;
          claims.add(store.replayGuard().claimAsync(7, id, 60));
        }
        List<Claim> answers = claims.stream().map(Stores::get).toList();
        assertThat(answers).containsOnlyOnce(Claim.FIRST).doesNotContain(Claim.FULL);
      }
      assertThat(one.replayGuard().claim(8, 1, 60)).isEqualTo(Claim.FIRST);
      assertThat(two.replayGuard().claim(8, 1, 60)).isEqualTo(Claim.AGAIN);
    }
  }

  @Test
  void claim_whoseAnswerIsLate_isSentAgainAndStillFirst() {
    try (RedisProcess server = RedisProcess.start();
        FaultyProxy proxy = new FaultyProxy(server.port);
        RedisStore store = Stores.patient(proxy.uri()).deadline(Duration.ofMillis(200)).build()) {
      RedisReplayGuard guard = store.replayGuard();
      assertThat(guard.claim(1, 1, 60)).isEqualTo(Claim.FIRST);
      proxy.answerDelayMillis = 250;
      CompletionStage<Claim> late = guard.claimAsync(1, 2, 60);
      Until.isTrue("the first try is late", Duration.ofSeconds(5), () -> store.status().late() > 0);
      proxy.answerDelayMillis = 0;
      assertThat(Stores.get(late)).isEqualTo(Claim.FIRST);
      assertThat(guard.claim(1, 2, 60)).isEqualTo(Claim.AGAIN);
    }
  }

  @Test
  void floodOfOneProof_isNotPassedOn() {
    try (RedisProcess server = RedisProcess.start();
        RedisStore store = Stores.patient(server.uri()).build()) {
      List<CompletionStage<Claim>> claims = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        claims.add(store.replayGuard().claimAsync(3, 1, 60));
      }
      assertThat(claims.stream().map(Stores::get)).containsOnlyOnce(Claim.FIRST);
      assertThat(store.status().trips()).isEqualTo(1);
    }
  }

  @Test
  void claim_thatWasGivenUp_isStillItsOwnersLater() {
    try (RedisProcess server = RedisProcess.start();
        FaultyProxy proxy = new FaultyProxy(server.port);
        RedisStore store = Stores.patient(proxy.uri()).deadline(Duration.ofMillis(100)).build()) {
      RedisReplayGuard guard = store.replayGuard();
      assertThat(guard.claim(4, 1, 60)).isEqualTo(Claim.FIRST);
      proxy.answerDelayMillis = 1_000;
      assertThat(guard.claim(4, 2, 60))
          .as("three answers that come too late")
          .isEqualTo(Claim.FULL);
      proxy.answerDelayMillis = 0;
      Until.isTrue(
          "the late answers are out of the way",
          Duration.ofSeconds(20),
          () -> guard.claim(4, 3, 60) != Claim.FULL);
      assertThat(guard.claim(4, 2, 60)).isEqualTo(Claim.FIRST);
      assertThat(guard.claim(4, 2, 60)).isEqualTo(Claim.AGAIN);
    }
  }

  @Test
  void claim_withoutAServer_isFull() {
    try (RedisStore store =
        Stores.patient(io.lettuce.core.RedisURI.create("127.0.0.1", RedisProcess.freePort()))
            .connectWait(Duration.ZERO)
            .build()) {
      assertThat(store.replayGuard().claim(1, 1, 60)).isEqualTo(Claim.FULL);
    }
  }

  @Test
  void claim_onAThreadOfNetty_doesNotWait() throws Exception {
    try (RedisProcess server = RedisProcess.start();
        RedisStore store = Stores.patient(server.uri()).build()) {
      AtomicReference<Claim> answer = new AtomicReference<>();
      Thread thread =
          new FastThreadLocalThread(() -> answer.set(store.replayGuard().claim(1, 1, 60)));
      thread.start();
      thread.join();
      assertThat(answer.get()).isEqualTo(Claim.FULL);
      assertThat(Stores.get(store.replayGuard().claimAsync(1, 1, 60))).isEqualTo(Claim.FIRST);
    }
  }
}

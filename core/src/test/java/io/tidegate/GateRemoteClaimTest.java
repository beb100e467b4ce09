package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.challenge.RemoteReplayGuard;
import io.tidegate.challenge.Solver;
import io.tidegate.client.Network;
import io.tidegate.client.NetworkSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Proofs that are claimed on a server, by callers who must not wait and by those who may. */
class GateRemoteClaimTest extends ChallengeGates {

  private final Server server = new Server();
  private final EventLoop loop = new EventLoop();
  private final Gate gate =
      gate(challenges().replayGuard(server), once("register").challenge().build());

  /** A server whose answers the tests give. */
  private static final class Server implements RemoteReplayGuard {
    final Queue<CompletableFuture<Claim>> asked = new ArrayDeque<>();
    int waitedFor;
    boolean broken;

    @Override
    public Claim claim(long high, long low, long seconds) {
      waitedFor++;
      return Claim.FIRST;
    }

    @Override
    public CompletionStage<Claim> claimAsync(long high, long low, long seconds) {
      if (broken) {
        throw new IllegalStateException("no server");
      }
      var answer = new CompletableFuture<Claim>();
      asked.add(answer);
      return answer.minimalCompletionStage();
    }

    void answers(Claim claim) {
      asked.remove().complete(claim);
    }
  }

  /** Runs what it is given when told to. */
  private static final class EventLoop implements Executor {
    final Queue<Runnable> tasks = new ArrayDeque<>();
    boolean ended;

    @Override
    public void execute(Runnable task) {
      if (ended) {
        throw new RejectedExecutionException("ended");
      }
      tasks.add(task);
    }

    void run() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }
  }

  private final class Patient extends Waiting {
    final List<Verdict> verdicts = new ArrayList<>();
    private final @Nullable Executor executor;

    Patient(@Nullable Executor executor) {
      this.executor = executor;
    }

    @Override
    protected void decided(Verdict verdict) {
      verdicts.add(verdict);
    }

    @Override
    protected @Nullable Executor executor() {
      return executor;
    }

    Reply reply() {
      assertThat(verdicts).hasSize(1);
      return Reply.of(verdicts.get(0));
    }
  }

  private String proof() {
    gate.enter(post()); // takes the only permit, if nobody has
    return solved(reply(gate, post()));
  }

  private Patient enter(FakeRequest request) {
    var patient = new Patient(loop);
    Verdict verdict = gate.enter(request, patient);
    if (verdict != null) {
      patient.decided(verdict);
    }
    return patient;
  }

  private Patient enterAndAsk(FakeRequest request) {
    Patient patient = enter(request);
    assertThat(patient.verdicts).isEmpty();
    assertThat(server.asked).hasSize(1);
    return patient;
  }

  private void answers(RemoteReplayGuard.Claim claim) {
    server.answers(claim);
    loop.run();
  }

  @Test
  void proof_admits_whenTheServerHasAnswered() {
    Patient patient = enterAndAsk(post().header(PROOF, proof()));
    server.answers(RemoteReplayGuard.Claim.FIRST);
    assertThat(patient.verdicts).as("on the server's thread").isEmpty();
    loop.run();
    assertThat(patient.verdicts).singleElement().matches(Verdict::admitted);
    assertThat(server.waitedFor).isZero();
    assertThat(gate.claimsRemotely()).isTrue();
  }

  @Test
  void proof_isRefused_ifItWasRedeemedElsewhere() {
    Patient patient = enterAndAsk(post().header(PROOF, proof()));
    answers(RemoteReplayGuard.Claim.AGAIN);
    assertThat(patient.reply().status()).isEqualTo(429);
    assertThat(patient.reply().problem().at("/reason").asText()).isEqualTo("replayed");
  }

  @Test
  void proof_isNotCounted_ifTheServerFails() {
    Patient patient = enterAndAsk(post().header(PROOF, proof()));
    server.asked.remove().completeExceptionally(new IllegalStateException("gone"));
    loop.run();
    assertThat(patient.reply().problem().at("/reason").asText()).isEqualTo("overloaded");
  }

  @Test
  void proof_isNotCounted_ifTheServerCannotBeAsked() {
    String proof = proof();
    server.broken = true;
    Patient patient = enter(post().header(PROOF, proof));
    assertThat(patient.reply().problem().at("/reason").asText()).isEqualTo("overloaded");
  }

  @Test
  void junk_isDecidedAtOnce_andNobodyIsAsked() {
    proof();
    Patient patient = enter(post().header(PROOF, "junk"));
    assertThat(patient.reply().problem().at("/reason").asText()).isEqualTo("malformed");
    assertThat(server.asked).isEmpty();
  }

  @Test
  void request_withoutProof_isDecidedAtOnce() {
    assertThat(enter(post()).verdicts).singleElement().matches(Verdict::admitted);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void client_whoLeaves_isNotDecided() {
    Patient patient = enterAndAsk(post().header(PROOF, proof()));
    assertThat(patient.cancel()).isTrue();
    answers(RemoteReplayGuard.Claim.FIRST);
    assertThat(patient.verdicts).isEmpty();
    assertThat(patient.cancel()).as("a second time").isFalse();
  }

  @Test
  void client_isDecidedOnTheServersThread_ifTheEventLoopHasEnded() {
    Patient patient = enterAndAsk(post().header(PROOF, proof()));
    loop.ended = true;
    server.answers(RemoteReplayGuard.Claim.FIRST);
    assertThat(patient.verdicts).singleElement().matches(Verdict::admitted);
  }

  @Test
  void pass_isBought_whenTheServerHasAnswered() {
    FakeRequest buy = FakeRequest.post("/.tidegate/pass-token").header(PROOF, proof());
    Patient patient = enterAndAsk(buy);
    answers(RemoteReplayGuard.Claim.FIRST);
    assertThat(patient.reply().status()).isEqualTo(200);
    assertThat(patient.reply().body()).contains("\"pass\":");
  }

  @Test
  void pass_isBought_forAChallengeThatNobodyWasRefusedFor() {
    Reply challenge = reply(gate, FakeRequest.get("/.tidegate/challenge"));
    String token = challenge.body().replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
    String proof = Solver.solve(token, () -> false);
    Patient patient = enterAndAsk(FakeRequest.post("/.tidegate/pass-token").header(PROOF, proof));
    answers(RemoteReplayGuard.Claim.FIRST);
    assertThat(patient.reply().status()).isEqualTo(200);
  }

  @Test
  void ticket_buysAPass_whenTheServerHasAnswered() {
    Reply page = reply(gate, FakeRequest.get("/.tidegate/wait"));
    String ticket = page.body().replaceAll("(?s).*(/\\.tidegate/wait/[A-Za-z0-9_-]+).*", "$1");
    now = now.plusSeconds(20);
    Patient patient = enterAndAsk(FakeRequest.get(ticket));
    answers(RemoteReplayGuard.Claim.FIRST);
    assertThat(patient.reply().fields()).containsKey("Set-Cookie");
    Patient again = enterAndAsk(FakeRequest.get(ticket));
    answers(RemoteReplayGuard.Claim.AGAIN);
    assertThat(again.reply().status()).isEqualTo(403);
  }

  @Test
  void proof_ofADeniedAddress_isNotClaimed() {
    String proof = proof();
    gate.replaceDenied(NetworkSet.of(List.of(Network.parse("203.0.113.0/24"))));
    assertThat(enter(post().header(PROOF, proof)).reply().status()).isEqualTo(403);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void proofAndTicket_askedForByAnotherMethod_areNotClaimed() {
    assertThat(enter(FakeRequest.get("/.tidegate/pass").header(PROOF, proof())).reply().status())
        .isEqualTo(405);
    Reply page = reply(gate, FakeRequest.get("/.tidegate/wait"));
    String ticket = page.body().replaceAll("(?s).*(/\\.tidegate/wait/[A-Za-z0-9_-]+).*", "$1");
    now = now.plusSeconds(20);
    assertThat(enter(FakeRequest.post(ticket)).reply().status()).isEqualTo(405);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void caller_whoMayWait_waitsForTheServer() {
    String proof = proof();
    assertThat(gate.enter(post().header(PROOF, proof)).admitted()).isTrue();
    assertThat(server.waitedFor).isEqualTo(1);
    var patient = new Patient(null);
    Verdict verdict = gate.enter(post().header(PROOF, proof()), patient);
    assertThat(verdict).isNotNull();
    assertThat(server.waitedFor).isEqualTo(2);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void gate_whosePassesAreShared_needsAKeySecret() {
    var shared = challenges().sharedBy((name, quota) -> null).build();
    assertThatThrownBy(() -> Gate.builder().challenges(shared).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("keySecret: none");
  }
}

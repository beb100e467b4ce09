package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.challenge.Verification.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a proof costs us, and in which order it is looked at, in every scheme. */
class PitfallsTest {

  private static final byte[] SECRET =
      "a secret of thirty-two bytes ...".getBytes(StandardCharsets.US_ASCII);
  private static final Terms TERMS = Terms.of(600).action("register").subject("203.0.113.7");
  private static final Terms OTHERS = TERMS.subject("198.51.100.1");
  private static final Terms DEARER = new Terms(2_000_000, "register", "203.0.113.7");
  private static final Terms OTHERS_DEARER = DEARER.subject("198.51.100.1");

  private final CountingProvider counting = CountingProvider.install();
  private final WallClock clock = new WallClock();
  private final KeyRing keys = KeyRing.of("k1", SECRET);
  private final AtomicInteger readings = new AtomicInteger();
  private final AtomicInteger claims = new AtomicInteger();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final AltchaPool pool =
      AltchaPool.builder().cost(101).puzzles(4).executor(tasks::add).build();
  private final ProofOfWork work = builder().altchaPool(pool).build();

  private ProofOfWork.Builder builder() {
    MemoryReplayGuard memory = new MemoryReplayGuard(100, clock);
    InstantSource counted =
        () -> {
          readings.incrementAndGet();
          return clock.instant();
        };
    return ProofOfWork.builder(keys)
        .clock(counted)
        .replayGuard(
            (high, low, seconds) -> {
              claims.incrementAndGet();
              return memory.claim(high, low, seconds);
            });
  }

  @AfterEach
  void platformsOwn() {
    counting.close();
  }

  private void forget() {
    counting.macs();
    counting.digests();
    readings.set(0);
    claims.set(0);
  }

  /** Asserts what became of a proof, and what it cost. */
  private void costs(Verification verified, Outcome outcome, int macs, int digests) {
    assertThat(verified.outcome()).isEqualTo(outcome);
    assertThat(counting.macs()).as("MACs of %s", outcome).isEqualTo(macs);
    assertThat(counting.digests()).as("digests of %s", outcome).isEqualTo(digests);
    boolean isClaimed = outcome == Outcome.ACCEPTED || outcome == Outcome.REPLAYED;
    assertThat(claims.getAndSet(0)).as("claims of %s", outcome).isEqualTo(isClaimed ? 1 : 0);
    boolean isOurs = outcome != Outcome.MALFORMED && outcome != Outcome.FORGED;
    assertThat(readings.getAndSet(0))
        .as("clock of %s", outcome)
        .isLessThanOrEqualTo(isOurs ? 1 : 0);
  }

  private String spoiled(String proof) {
    byte[] nonces = Base64.getUrlDecoder().decode(proof.substring(Token.CHARS + 1));
    Arrays.fill(nonces, 0, 8, (byte) 0x55);
    return proof.substring(0, Token.CHARS + 1)
        + Base64.getUrlEncoder().withoutPadding().encodeToString(nonces);
  }

  /** P8: each proof has all later flaws as well, and is refused for the first, at its price. */
  @Test
  void p8_own_isCheckedCheapestFirst() {
    Terms dear = new Terms(1 << 20, "register", "203.0.113.7");
    String proof = Solver.solve(work.issue(dear).token(), () -> false);
    String unsolved = spoiled(proof);
    char changed = unsolved.charAt(60) == 'A' ? 'B' : 'A'; // of the id
    String forged = unsolved.substring(0, 60) + changed + unsolved.substring(61);
    forget();
    costs(work.redeem("x".repeat(1 << 20), OTHERS_DEARER), Outcome.MALFORMED, 0, 0);
    costs(work.redeem(proof.substring(1), OTHERS_DEARER), Outcome.MALFORMED, 0, 0);
    costs(work.redeem(proof.replace('.', '_'), OTHERS_DEARER), Outcome.MALFORMED, 0, 0);
    clock.advance(Duration.ofHours(1));
    costs(work.redeem(forged, OTHERS_DEARER), Outcome.FORGED, 1, 0);
    costs(work.redeem(unsolved, OTHERS_DEARER), Outcome.EXPIRED, 1, 0);
    clock.advance(Duration.ofHours(-2));
    costs(work.redeem(unsolved, OTHERS_DEARER), Outcome.FROM_THE_FUTURE, 1, 0);
    clock.advance(Duration.ofHours(1));
    costs(work.redeem(unsolved, OTHERS_DEARER), Outcome.FOR_ANOTHER, 2, 0);
    costs(work.redeem(unsolved, DEARER), Outcome.TOO_CHEAP, 2, 0);
    costs(work.redeem(unsolved, TERMS), Outcome.UNSOLVED, 2, 1);
    costs(work.redeem(proof, TERMS), Outcome.ACCEPTED, 2, 16);
    costs(work.redeem(proof, TERMS), Outcome.REPLAYED, 2, 16);
    costs(work.redeem(unsolved, TERMS), Outcome.UNSOLVED, 2, 1);
  }

  /** P8: here the digest is what ties dates and binding to the signature, so it comes before. */
  @Test
  void p8_altcha1_isCheckedCheapestFirst() {
    ObjectNode payload = Widget.solve(work.issueAltcha(TERMS));
    ObjectNode unsolved = payload.deepCopy().put("number", payload.get("number").asLong() + 1);
    ObjectNode forged = unsolved.deepCopy().put("signature", "00".repeat(32));
    ObjectNode malformed = forged.deepCopy().put("algorithm", "SHA-1");
    forget();
    costs(redeem("A".repeat(1 << 20), OTHERS_DEARER), Outcome.MALFORMED, 0, 0);
    costs(redeem(malformed, OTHERS_DEARER), Outcome.MALFORMED, 0, 0);
    clock.advance(Duration.ofHours(1));
    costs(redeem(forged, OTHERS_DEARER), Outcome.FORGED, 1, 0);
    costs(redeem(unsolved, OTHERS_DEARER), Outcome.UNSOLVED, 1, 1);
    costs(redeem(payload, OTHERS_DEARER), Outcome.EXPIRED, 1, 1);
    clock.advance(Duration.ofHours(-1));
    costs(redeem(payload, OTHERS_DEARER), Outcome.FOR_ANOTHER, 2, 1);
    costs(redeem(payload, DEARER), Outcome.TOO_CHEAP, 2, 1);
    costs(redeem(payload, TERMS), Outcome.ACCEPTED, 2, 1);
    costs(redeem(payload, TERMS), Outcome.REPLAYED, 2, 1);
  }

  /** P8: and no key is derived on the thread of whoever redeems. */
  @Test
  void p8_altcha2_isCheckedCheapestFirst() {
    work.issueAltcha2(TERMS);
    tasks.remove().run();
    String challenge = work.issueAltcha2(TERMS);
    while (!challenge.contains("keySignature")) {
      tasks.remove().run();
      challenge = work.issueAltcha2(TERMS);
    }
    ObjectNode payload = Widget.solve(challenge);
    ObjectNode unsolved = payload.deepCopy();
    String told = unsolved.at("/challenge/parameters/keyPrefix").asText();
    ((ObjectNode) unsolved.get("solution")).put("derivedKey", told + "00".repeat(16));
    ObjectNode forged = unsolved.deepCopy();
    ((ObjectNode) forged.get("challenge")).put("signature", "00".repeat(32));
    ObjectNode malformed = forged.deepCopy();
    ((ObjectNode) malformed.get("solution")).put("counter", -1);
    forget();
    costs(redeem(malformed, OTHERS_DEARER), Outcome.MALFORMED, 0, 0);
    clock.advance(Duration.ofHours(1));
    costs(redeem(forged, OTHERS_DEARER), Outcome.FORGED, 1, 0);
    costs(redeem(unsolved, OTHERS_DEARER), Outcome.EXPIRED, 1, 0);
    clock.advance(Duration.ofHours(-1));
    costs(redeem(unsolved, OTHERS_DEARER), Outcome.FOR_ANOTHER, 2, 0);
    costs(redeem(unsolved, DEARER), Outcome.TOO_CHEAP, 2, 0);
    costs(redeem(unsolved, TERMS), Outcome.UNSOLVED, 3, 0);
    costs(redeem(payload, TERMS), Outcome.ACCEPTED, 3, 0);
    costs(redeem(payload, TERMS), Outcome.REPLAYED, 3, 0);
  }

  private Verification redeem(ObjectNode payload, Terms terms) {
    return redeem(Widget.base64(payload), terms);
  }

  private Verification redeem(String payload, Terms terms) {
    return work.redeemAltcha(payload, terms);
  }

  /** P9: to issue takes a few MACs, keeps nothing, and derives no key, dear as it may be. */
  @Test
  void p9_issue_isCheapAndStateless() {
    Terms dearest = Terms.of(1L << 32);
    work.issue(dearest);
    work.issueAltcha(dearest);
    work.issueAltcha2(dearest);
    forget();
    work.issue(dearest);
    assertThat(counting.macs()).isEqualTo(2);
    assertThat(counting.digests()).isZero();
    work.issueAltcha(dearest);
    assertThat(counting.macs()).isEqualTo(2);
    assertThat(counting.digests()).isEqualTo(1);
    assertThat(work.issueAltcha2(dearest)).as("nothing made yet").contains("maxnumber");
    assertThat(counting.macs()).isEqualTo(3);
    assertThat(counting.digests()).isEqualTo(1);
    tasks.remove().run();
    String challenge;
    do {
      counting.macs();
      challenge = work.issueAltcha2(dearest);
      if (!tasks.isEmpty() && challenge.contains("maxnumber")) {
        tasks.remove().run();
      }
    } while (challenge.contains("maxnumber"));
    assertThat(counting.macs()).as("binding, key, and all").isEqualTo(3);
    assertThat(claims).hasValue(0);
  }

  /** P10: puzzles grow out of 256 bits that depend on all that is signed. */
  @Test
  void p10_seed_isTheMacOfAll() {
    byte[] token = Base64.getUrlDecoder().decode(work.issue(TERMS).token());
    byte[] derived =
        new MacPool(SECRET).tag("tidegate challenge 1".getBytes(StandardCharsets.US_ASCII));
    byte[] mac = new MacPool(derived).tag(Arrays.copyOf(token, token.length - 32));
    assertThat(Arrays.copyOfRange(token, token.length - 32, token.length)).isEqualTo(mac);
  }

  /** P10: nobody works ahead, for a puzzle that he was not given. */
  @Test
  void p10_sameTermsSameSecond_areOtherPuzzles() {
    tasks.clear();
    Set<String> puzzles = new HashSet<>();
    Set<String> ids = new HashSet<>();
    ProofOfWork poolless = builder().build();
    for (int i = 0; i < 200; i++) {
      byte[] token = Base64.getUrlDecoder().decode(work.issue(TERMS).token());
      ids.add(Arrays.toString(Arrays.copyOfRange(token, 36, 52)));
      puzzles.add(Arrays.toString(Arrays.copyOfRange(token, token.length - 32, token.length)));
      ids.add(Widget.json(work.issueAltcha(TERMS)).get("salt").asText().substring(0, 32));
      ObjectNode second = Widget.json(poolless.issueAltcha2(TERMS));
      ids.add(second.at("/parameters/nonce").asText());
      puzzles.add(second.at("/parameters/salt").asText());
    }
    assertThat(ids).hasSize(600);
    assertThat(puzzles).hasSize(400);
  }

  /** P5: what is signed for one purpose is worth nothing for another. */
  @Test
  void p5_signatures_areOfOnePurpose() {
    ObjectNode first = Widget.solve(work.issueAltcha(TERMS));
    ObjectNode second = Widget.solve(builder().build().issueAltcha2(TERMS));
    String own = Solver.solve(work.issue(TERMS).token(), () -> false);
    byte[] token = Base64.getUrlDecoder().decode(own.substring(0, Token.CHARS));
    String tag =
        java.util.HexFormat.of()
            .formatHex(Arrays.copyOfRange(token, token.length - 32, token.length));
    for (String other : List.of(tag, first.get("signature").asText())) {
      ObjectNode changed = second.deepCopy();
      ((ObjectNode) changed.get("challenge")).put("signature", other);
      assertThat(redeem(changed, TERMS).outcome()).isEqualTo(Outcome.FORGED);
    }
    for (String other : List.of(tag, second.at("/challenge/signature").asText())) {
      assertThat(redeem(first.deepCopy().put("signature", other), TERMS).outcome())
          .isEqualTo(Outcome.FORGED);
    }
    assertThat(redeem(first, TERMS).accepted()).isTrue();
    assertThat(redeem(second, TERMS).accepted()).isTrue();
  }

  /** P18: what a client says of its own time moves nothing. */
  @Test
  void p18_took_meansNothing() {
    for (String took : List.of("0", "-1", "1e99", "0.5", "999999999999999999999999")) {
      String payload = Widget.solve(work.issueAltcha(TERMS)).toString().replace("12.5", took);
      assertThat(payload).contains(took);
      Verification verified = redeem(Widget.base64(payload), TERMS);
      assertThat(verified.outcome()).as(took).isEqualTo(Outcome.ACCEPTED);
      assertThat(verified.issued()).isEqualTo(clock.instant());
    }
  }
}

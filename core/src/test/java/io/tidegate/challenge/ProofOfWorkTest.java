package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.challenge.Verification.Outcome;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Our own scheme, from the issue of a challenge to the end of its proof. */
class ProofOfWorkTest {

  private static final byte[] SECRET =
      "a secret of thirty-two bytes ...".getBytes(StandardCharsets.US_ASCII);
  private static final Terms TERMS = Terms.of(400).action("register").subject("203.0.113.7");

  private final WallClock clock = new WallClock();
  private final KeyRing keys = KeyRing.of("k1", SECRET);
  private final ProofOfWork work = builder().build();

  private ProofOfWork.Builder builder() {
    return ProofOfWork.builder(keys).clock(clock);
  }

  private static String solve(Challenge challenge) {
    return Solver.solve(challenge.token(), () -> false);
  }

  private static String solved(ProofOfWork work, Terms terms) {
    return solve(work.issue(terms));
  }

  private Outcome redeem(CharSequence proof, Terms terms) {
    return work.redeem(proof, terms).outcome();
  }

  @Test
  void solved_isAcceptedOnce() {
    Challenge challenge = work.issue(TERMS);
    assertThat(challenge.expires()).isEqualTo(clock.instant().plus(Duration.ofMinutes(5)));
    assertThat(challenge.puzzles()).isEqualTo(16);
    assertThat(challenge.token()).hasSize(134);
    String proof = solve(challenge);
    clock.advance(Duration.ofSeconds(3));
    Verification verified = work.redeem(proof, TERMS);
    assertThat(verified.accepted()).isTrue();
    assertThat(verified.work()).isEqualTo(400);
    assertThat(verified.issued()).isEqualTo(clock.instant().minusSeconds(3));
    assertThat(work.redeem(proof, TERMS)).isEqualTo(Verification.of(Outcome.REPLAYED));
  }

  /** What a solver in another language does, by the words of {@link Challenge} alone. */
  @Test
  void puzzle_isWhatItsDescriptionSays() throws Exception {
    Challenge challenge = work.issue(Terms.of(64));
    byte[] token = Base64.getUrlDecoder().decode(challenge.token());
    byte[] seed = Arrays.copyOfRange(token, token.length - 32, token.length);
    byte[] nonces = new byte[8 * challenge.puzzles()];
    long most = challenge.puzzles() * Long.divideUnsigned(-1, challenge.work());
    for (int i = 0; i < challenge.puzzles(); i++) {
      for (int nonce = 0; ; nonce++) {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update(seed);
        sha256.update((byte) i);
        sha256.update(new byte[] {0, 0, 0, 0, 0, 0, (byte) (nonce >> 8), (byte) nonce});
        long first = java.nio.ByteBuffer.wrap(sha256.digest()).getLong();
        if (Long.compareUnsigned(first, most) <= 0) {
          nonces[8 * i + 6] = (byte) (nonce >> 8);
          nonces[8 * i + 7] = (byte) nonce;
          break;
        }
      }
    }
    String proof =
        challenge.token() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(nonces);
    assertThat(redeem(proof, Terms.of(64))).isEqualTo(Outcome.ACCEPTED);
  }

  /** P1: every field is under the MAC, and none can lend a byte to its neighbour. */
  @Test
  void p1_anyChangeOfTheToken_isNotAccepted() {
    String proof = solved(work, TERMS);
    Random random = new Random(1);
    for (int at = 0; at < 134; at++) {
      char other;
      do {
        other = "ABCxyz019-_".charAt(random.nextInt(11));
      } while (other == proof.charAt(at));
      String changed = proof.substring(0, at) + other + proof.substring(at + 1);
      assertThat(redeem(changed, TERMS)).as("at %d", at).isIn(Outcome.FORGED, Outcome.MALFORMED);
    }
    assertThat(redeem(proof, TERMS)).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void p1_actionAndSubject_cannotBeCutDifferently() {
    String proof = solved(work, Terms.of(16).action("ab").subject("c"));
    for (Terms other :
        List.of(
            Terms.of(16).action("a").subject("bc"),
            Terms.of(16).action("abc"),
            Terms.of(16).subject("abc"),
            Terms.of(16))) {
      assertThat(redeem(proof, other)).isEqualTo(Outcome.FOR_ANOTHER);
    }
    assertThat(redeem(proof, Terms.of(16).action("ab").subject("c"))).isEqualTo(Outcome.ACCEPTED);
  }

  /** P2: one proof has one spelling. */
  @Test
  void p2_otherSpellings_areMalformed() {
    String proof = solved(work, TERMS);
    String nonces = proof.substring(135);
    for (String other :
        List.of(
            "",
            ".",
            proof + "A",
            proof + "=",
            proof + "\n",
            " " + proof,
            proof.substring(1),
            proof.substring(0, proof.length() - 1),
            proof.replace('.', ','),
            proof.substring(0, 134),
            proof.substring(0, 135),
            proof + "." + nonces,
            proof.substring(0, 134) + "\u00e9" + nonces,
            "\u0000".repeat(306),
            "x".repeat(1 << 20))) {
      assertThat(redeem(other, TERMS)).isEqualTo(Outcome.MALFORMED);
    }
    char last = proof.charAt(proof.length() - 1);
    int value = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".indexOf(last);
    String sameBytes =
        proof.substring(0, proof.length() - 1)
            + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".charAt(value | 1);
    assertThat(redeem(sameBytes, TERMS)).isEqualTo(Outcome.MALFORMED);
    assertThat(redeem(proof, TERMS)).isEqualTo(Outcome.ACCEPTED);
  }

  /** P3: the price is the token's, and is asked again when it is redeemed. */
  @Test
  void p3_lessWorkThanIsAskedNow_isTooCheap() {
    String proof = solved(work, TERMS);
    assertThat(redeem(proof, new Terms(401, "register", "203.0.113.7")))
        .isEqualTo(Outcome.TOO_CHEAP);
    assertThat(redeem(proof, new Terms(399, "register", "203.0.113.7")))
        .isEqualTo(Outcome.ACCEPTED);
  }

  /** P4: every puzzle counts, at its own index. */
  @Test
  void p4_anyPuzzleUnsolved_isUnsolved() {
    Terms terms = Terms.of(1 << 14);
    String proof = solved(work, terms);
    byte[] nonces = Base64.getUrlDecoder().decode(proof.substring(135));
    for (int i = 0; i < 16; i++) {
      List<Outcome> outcomes = new ArrayList<>();
      for (int bit = 1; bit < 16; bit <<= 1) { // one of 1,024 nonces solves it by chance
        byte[] wrong = nonces.clone();
        wrong[8 * i] ^= (byte) bit;
        ProofOfWork another = builder().build(); // so that none is a replay
        outcomes.add(another.redeem(with(proof, wrong), terms).outcome());
      }
      assertThat(outcomes).as("puzzle %d", i).contains(Outcome.UNSOLVED);
    }
    byte[] oneForAll = new byte[nonces.length];
    for (int i = 0; i < 16; i++) {
      System.arraycopy(nonces, 0, oneForAll, 8 * i, 8);
    }
    assertThat(redeem(with(proof, oneForAll), terms)).isEqualTo(Outcome.UNSOLVED);
    assertThat(redeem(proof, terms)).isEqualTo(Outcome.ACCEPTED);
  }

  private static String with(String proof, byte[] nonces) {
    return proof.substring(0, 135) + Base64.getUrlEncoder().withoutPadding().encodeToString(nonces);
  }

  /** P5: no key is too short, or chosen by whoever asks. */
  @Test
  void p5_weakSecrets_areRefused() {
    for (byte[] secret : new byte[][] {{}, new byte[15], new byte[32]}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> KeyRing.of("k", secret))
          .withMessageStartingWith("secret: " + secret.length + " bytes (expected: at least 16");
    }
    for (String id : List.of("", "123456789", "a b", "\u00e9", "a\n")) {
      assertThatIllegalArgumentException().isThrownBy(() -> KeyRing.of(id, SECRET));
    }
    assertThat(keys.toString()).doesNotContain("secret").contains("k1");
  }

  @Test
  void p5_otherKey_isForged() {
    byte[] other = SECRET.clone();
    other[0] ^= 1;
    ProofOfWork elsewhere = ProofOfWork.builder(KeyRing.of("k1", other)).clock(clock).build();
    assertThat(redeem(solved(elsewhere, TERMS), TERMS)).isEqualTo(Outcome.FORGED);
    ProofOfWork unknown = ProofOfWork.builder(KeyRing.of("k2", SECRET)).clock(clock).build();
    assertThat(redeem(solved(unknown, TERMS), TERMS)).isEqualTo(Outcome.FORGED);
  }

  @Test
  void keys_rotate_withoutLosingWhatIsOut() {
    String first = solved(work, TERMS);
    keys.add("k2", "another secret of some length".getBytes(StandardCharsets.US_ASCII));
    String second = solved(work, TERMS);
    keys.sign("k2");
    String third = solved(work, TERMS);
    assertThat(redeem(first, TERMS)).isEqualTo(Outcome.ACCEPTED);
    keys.remove("k1");
    assertThat(redeem(second, TERMS)).isEqualTo(Outcome.FORGED);
    assertThat(redeem(third, TERMS)).isEqualTo(Outcome.ACCEPTED);
    assertThatIllegalArgumentException().isThrownBy(() -> keys.remove("k2"));
    assertThatIllegalArgumentException().isThrownBy(() -> keys.sign("k1"));
    assertThatIllegalArgumentException().isThrownBy(() -> keys.add("k2", SECRET));
  }

  /** P6: of many at once, one wins. */
  @Test
  void p6_tenThousandAtOnce_oneWins() throws InterruptedException {
    String proof = solved(work, TERMS);
    Crowd.oneWins(() -> redeem(proof, TERMS));
  }

  @Test
  void p6_unsolved_claimsNothing() {
    String proof = solved(work, TERMS);
    byte[] wrong = Base64.getUrlDecoder().decode(proof.substring(135));
    Arrays.fill(wrong, (byte) 0x55);
    assertThat(redeem(with(proof, wrong), TERMS)).isEqualTo(Outcome.UNSOLVED);
    assertThat(redeem(proof, TERMS)).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void p6_fullGuard_isOverloadedAndForgetsNothing() {
    ProofOfWork small =
        builder()
            .replayGuard(new MemoryReplayGuard(3, clock))
            .lifetime(Duration.ofMinutes(1))
            .build();
    List<String> proofs = IntStream.range(0, 4).mapToObj(i -> solved(small, TERMS)).toList();
    for (int i = 0; i < 3; i++) {
      assertThat(small.redeem(proofs.get(i), TERMS).outcome()).isEqualTo(Outcome.ACCEPTED);
    }
    assertThat(small.redeem(proofs.get(3), TERMS).outcome()).isEqualTo(Outcome.OVERLOADED);
    for (int i = 0; i < 3; i++) {
      assertThat(small.redeem(proofs.get(i), TERMS).outcome()).isEqualTo(Outcome.REPLAYED);
    }
    clock.advance(Duration.ofSeconds(67));
    assertThat(small.redeem(solved(small, TERMS), TERMS).outcome()).isEqualTo(Outcome.ACCEPTED);
  }

  /** P7: everything expires, and clocks may differ by the skew only. */
  @Test
  void p7_expiryAndSkew_areExact() {
    String early = solved(work, TERMS);
    String late = solved(work, TERMS);
    clock.advance(Duration.ofSeconds(305));
    assertThat(redeem(early, TERMS)).isEqualTo(Outcome.ACCEPTED);
    clock.advance(Duration.ofSeconds(1));
    assertThat(redeem(late, TERMS)).isEqualTo(Outcome.EXPIRED);
    assertThat(redeem(early, TERMS))
        .as("remembered as long as it counts")
        .isEqualTo(Outcome.EXPIRED);

    String ahead = solved(work, TERMS);
    String farAhead = solved(work, TERMS);
    clock.advance(Duration.ofSeconds(-5));
    assertThat(redeem(ahead, TERMS)).isEqualTo(Outcome.ACCEPTED);
    clock.advance(Duration.ofSeconds(-1));
    assertThat(redeem(farAhead, TERMS)).isEqualTo(Outcome.FROM_THE_FUTURE);
  }

  @Test
  void p7_challenges_neverRepeat() {
    Set<String> seeds = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertThat(seeds.add(work.issue(TERMS).token().substring(90))).isTrue();
    }
  }

  /** P14: whatever comes, a verdict goes out. */
  @Test
  void p14_junk_leadsToAVerdict() {
    String proof = solved(work, TERMS);
    assertThat(redeem(proof, TERMS)).isEqualTo(Outcome.ACCEPTED); // other nonces may solve it, too
    Random random = new Random(20_250_127);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder junk = new StringBuilder(proof);
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(junk.length());
        switch (random.nextInt(3)) {
          case 0 -> junk.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
          case 1 -> junk.deleteCharAt(at);
          default -> junk.insert(at, (char) (32 + random.nextInt(96)));
        }
      }
      assertThat(redeem(junk, TERMS)).as("%s", junk).isNotEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void difficulty_isLinear() {
    for (long tries : new long[] {16, 100, 1_000, 1_000_003, Terms.MOST_WORK}) {
      double share = (Puzzle.threshold(tries, 16) >>> 1) / (double) (1L << 62) / 2;
      assertThat(share * tries / 16).as("%d", tries).isBetween(0.999, 1.001);
    }
  }

  /** Always the same puzzles, and digests in place of time: what is counted never changes. */
  @Test
  void solveTimes_varyLittle() {
    int solves = 200;
    double[] tries = new double[solves];
    Random random = new Random(20_261_125);
    Signer signer = new Signer(keys, "puzzles of a test");
    for (int i = 0; i < solves; i++) {
      Token token = Token.blank(16, 3_200, 0, 1, random.nextLong(), random.nextLong());
      signer.name(token.bytes());
      signer.seal(token.bytes(), Token.CONTENT);
      String proof = Solver.solve(token.toString(), () -> false);
      byte[] nonces = Base64.getUrlDecoder().decode(proof.substring(135));
      for (int puzzle = 0; puzzle < 16; puzzle++) {
        tries[i] += 1 + java.nio.ByteBuffer.wrap(nonces).getLong(8 * puzzle);
      }
    }
    double mean = Arrays.stream(tries).average().orElseThrow();
    double variance = Arrays.stream(tries).map(t -> (t - mean) * (t - mean)).sum() / solves;
    assertThat(mean).isBetween(2_900.0, 3_500.0);
    assertThat(Math.sqrt(variance) / mean).as("coefficient of variation").isLessThan(0.3);
  }

  @Test
  void littleWork_isCutIntoFewerPuzzles() {
    for (long tries = 1; tries < 20; tries++) {
      Terms terms = Terms.of(tries);
      assertThat(work.issue(terms).puzzles()).isEqualTo((int) Math.min(16, tries));
      assertThat(redeem(solved(work, terms), terms)).isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void solver_canBeCancelled() {
    String token = work.issue(Terms.of(Terms.MOST_WORK)).token();
    AtomicInteger asked = new AtomicInteger();
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> Solver.solve(token, () -> asked.incrementAndGet() > 3))
        .isInstanceOf(CancellationException.class);
    assertThatIllegalArgumentException().isThrownBy(() -> Solver.solve("junk", () -> false));
  }

  @Test
  void builders_refuseNonsenseByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Terms.of(0))
        .withMessage("work: 0 (expected: 1 to 1099511627776)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Terms.of(1).action("x".repeat(257)))
        .withMessage("action: 257 characters (expected: at most 256)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().puzzles(65))
        .withMessage("puzzles: 65 (expected: 1 to 64)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().lifetime(Duration.ZERO))
        .withMessage("lifetime: PT0S (expected: PT1S to PT24H)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReplayGuard.inMemory(0))
        .withMessage("maxIds: 0 (expected: 1 to 100000000)");
  }
}

package io.tidegate.jmh;

import io.tidegate.challenge.Challenge;
import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.ProofOfWork;
import io.tidegate.challenge.ReplayGuard;
import io.tidegate.challenge.Solver;
import io.tidegate.challenge.Terms;
import io.tidegate.challenge.Verification;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.altcha.altcha.Altcha;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to issue a challenge and to redeem a proof, beside the digests and the MAC that
 * nothing can do without, and beside ALTCHA's own library.
 *
 * <p>One proof is redeemed again and again. The replay guard takes every id for new, so it costs
 * nothing here; the peer has none. The peer's payload has the same form and the same number, and is
 * verified with its check of the expiry.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(5)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChallengeBenchmark {

  private static final String SECRET = "a secret of thirty-two bytes ...";
  private static final Terms TERMS = Terms.of(1 << 14).action("register").subject("203.0.113.7");
  private static final int BLOCK = 40;
  private static final int LAYOUT = 88;

  private final MessageDigest sha256;
  private final Mac hmac;
  private final byte[] block = new byte[BLOCK];
  private final byte[] layout = new byte[LAYOUT];
  private final byte[] out = new byte[32];

  private final ProofOfWork work =
      ProofOfWork.builder(KeyRing.of("k1", ascii(SECRET)))
          .lifetime(Duration.ofDays(1))
          .replayGuard((high, low, seconds) -> ReplayGuard.Claim.FIRST)
          .build();
  private final String proof;
  private final String forged;
  private final String malformed;
  private final String payload;
  private final String peerPayload;

  /** Solves what is redeemed later. */
  public ChallengeBenchmark() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
      hmac = Mac.getInstance("HmacSHA256");
      hmac.init(new SecretKeySpec(ascii(SECRET), "HmacSHA256"));
      Challenge challenge = work.issue(TERMS);
      proof = Solver.solve(challenge.token(), () -> false);
      char changed = proof.charAt(60) == 'A' ? 'B' : 'A'; // of the id
      forged = proof.substring(0, 60) + changed + proof.substring(61);
      malformed = proof.substring(0, proof.length() - 1) + "!";
      String issued = work.issueAltcha(TERMS);
      payload =
          payload(
              field(issued, "challenge"), solve(issued), field(issued, "salt"), signature(issued));
      peerPayload = peerPayload();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    check(work.redeem(proof, TERMS).accepted(), "proof");
    check(verifyForged().outcome() == Verification.Outcome.FORGED, "forged");
    check(verifyMalformed().outcome() == Verification.Outcome.MALFORMED, "malformed");
    check(verifyAltchaV1().accepted(), "payload");
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what + ": not taken as it should be");
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String field(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
    check(matcher.find(), name);
    return matcher.group(1);
  }

  private static String signature(String json) {
    return field(json, "signature");
  }

  private long solve(String issued) {
    byte[] wanted = HexFormat.of().parseHex(field(issued, "challenge"));
    byte[] salt = ascii(field(issued, "salt"));
    long number = -1;
    byte[] digest;
    do {
      number++;
      sha256.update(salt);
      digest = sha256.digest(ascii(Long.toString(number)));
    } while (!Arrays.equals(digest, wanted));
    return number;
  }

  private static String payload(String challenge, long number, String salt, String signature) {
    String json =
        "{\"algorithm\":\"SHA-256\",\"challenge\":\"%s\",\"number\":%d,\"salt\":\"%s\",\"signature\":\"%s\",\"took\":12}"
            .formatted(challenge, number, salt, signature);
    return Base64.getEncoder().encodeToString(ascii(json));
  }

  private static String peerPayload() throws Exception {
    Altcha.Challenge made =
        Altcha.createChallenge(
            new Altcha.ChallengeOptions()
                .setAlgorithm(Altcha.Algorithm.SHA256)
                .setHmacKey(SECRET)
                .setNumber(4_242L)
                .setExpiresInSeconds(3_600)
                .addParam("action", "register"));
    String given = payload(made.challenge, 4_242, made.salt, made.signature);
    check(Altcha.verifySolution(given, SECRET, true), "peer");
    return given;
  }

  /** One digest of one block. */
  @Benchmark
  public byte[] floorDigest() throws DigestException {
    sha256.update(block);
    sha256.digest(out, 0, out.length);
    return out;
  }

  /** One MAC over as much as a token has. */
  @Benchmark
  public byte[] floorHmac() throws GeneralSecurityException {
    hmac.update(layout);
    hmac.doFinal(out, 0);
    return out;
  }

  /** A proof of 16 puzzles that is accepted. */
  @Benchmark
  public Verification verifyNative16() {
    return work.redeem(proof, TERMS);
  }

  /** A proof of which one letter is another. */
  @Benchmark
  public Verification verifyForged() {
    return work.redeem(forged, TERMS);
  }

  /** A proof whose last letter is none. */
  @Benchmark
  public Verification verifyMalformed() {
    return work.redeem(malformed, TERMS);
  }

  /** A payload of ALTCHA's protocol 1 that is accepted. */
  @Benchmark
  public Verification verifyAltchaV1() {
    return work.redeemAltcha(payload, TERMS);
  }

  /** The same by ALTCHA's library. */
  @Benchmark
  public boolean peerAltchaV1() throws Exception {
    return Altcha.verifySolution(peerPayload, SECRET, true);
  }

  /** A new challenge of 16 puzzles. */
  @Benchmark
  public Challenge issue() {
    return work.issue(TERMS);
  }
}

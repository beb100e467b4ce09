package io.tidegate.challenge;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Challenges and payloads of ALTCHA's protocol 2: find the counter from which a key is derived that
 * begins as told.
 *
 * <p>All that a verifier goes by is signed. Of a puzzle out of a pool we know the key, and sign it
 * as well: half of it is told, and whoever sends all of it has found the counter. To verify it
 * takes two MACs and no derivation. Without a pool any key counts that begins as told. To verify
 * that takes a derivation, so its cost is at most {@link #MOST_COST}.
 */
final class AltchaV2 {

  /** The most rounds of a derivation on a caller's thread. */
  static final int MOST_COST = 100;

  private static final String PURPOSE = "tidegate altcha 2";
  private static final String KEY_PURPOSE = "tidegate altcha 2 key";
  private static final HexFormat HEX = HexFormat.of();

  private final Signer signer;
  private final Signer keySigner;
  private final @Nullable AltchaPool pool;
  private final RandomIds ids = new RandomIds();

  AltchaV2(KeyRing keys, @Nullable AltchaPool pool) {
    this.signer = new Signer(keys, PURPOSE, Hex::ascii);
    this.keySigner = new Signer(keys, KEY_PURPOSE, Hex::ascii);
    this.pool = pool;
  }

  /**
   * A challenge in JSON.
   *
   * @return null if the pool has no puzzle for so much work
   */
  @Nullable String issue(String key, String binding, long issued, long expires, long work) {
    AltchaParameters parameters =
        pool == null
            ? searched(key, binding, issued, expires, work)
            : known(pool, key, binding, issued, expires, work);
    return parameters == null ? null : signed(parameters);
  }

  /** One counter of so many, which we know: half of them and a half are tried on average. */
  private @Nullable AltchaParameters known(
      AltchaPool pool, String key, String binding, long issued, long expires, long work) {
    long perTry = pool.algorithm().digestsPerTry(pool.cost());
    long counters = Math.max(1, ceilDiv(2 * work, perTry) - 1);
    AltchaPuzzle puzzle = pool.take(counters);
    if (puzzle == null) {
      return null;
    }
    return new AltchaParameters(
        pool.algorithm(),
        pool.cost(),
        Hex.of(puzzle.nonce),
        Hex.of(puzzle.salt),
        HEX.formatHex(puzzle.key, 0, puzzle.key.length / 2),
        tag(keySigner, key, puzzle.key),
        expires,
        key,
        binding,
        issued,
        (counters + 1) * perTry / 2);
  }

  /** As few digits as the cost allows; the cost then makes up for their steps of 16. */
  private AltchaParameters searched(
      String key, String binding, long issued, long expires, long work) {
    AltchaAlgorithm algorithm = AltchaAlgorithm.PBKDF2_SHA_256;
    int digits = 1;
    while (work > algorithm.digestsPerTry(MOST_COST) << (4 * digits)) {
      digits++;
    }
    long cost = Math.max(1, ceilDiv(work, 2L << (4 * digits)) - 1);
    return new AltchaParameters(
        algorithm,
        cost,
        Hex.of(ids.next()),
        Hex.of(ids.next()),
        "0".repeat(digits),
        null,
        expires,
        key,
        binding,
        issued,
        algorithm.digestsPerTry(cost) << (4 * digits));
  }

  private static long ceilDiv(long a, long b) {
    return (a + b - 1) / b;
  }

  private String signed(AltchaParameters parameters) {
    String canonical = Objects.requireNonNull(CanonicalJson.of(parameters.toJson()), "canonical");
    return "{\"parameters\":"
        + canonical
        + ",\"signature\":\""
        + tag(signer, parameters.key(), ascii(canonical))
        + "\"}";
  }

  /** As hex; empty if the key was removed just now, so nothing fits. */
  private static String tag(Signer signer, String key, byte[] data) {
    byte[] tag = signer.tagIfKnown(key, data);
    return tag == null ? "" : Hex.of(tag);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What a client claims to have found, for parameters that we have signed. */
  record Solution(AltchaParameters parameters, long counter, String key) {}

  /**
   * What a payload is.
   *
   * @param flaw why it counts for nothing; null if we signed what it is said to solve
   * @param solution the claim, which is not checked yet; null if there is a flaw
   */
  record Opened(Verification.@Nullable Outcome flaw, @Nullable Solution solution) {}

  /** Reads a payload, and checks the signature of its challenge: one MAC. */
  Opened open(Map<String, Object> payload) {
    if (payload.size() == members(payload, 2)
        && payload.get("challenge") instanceof Map<?, ?> challenge
        && challenge.size() == 2
        && challenge.get("parameters") instanceof Map<?, ?> parameters
        && challenge.get("signature") instanceof String signature
        && Hex.is(signature, 2 * MacPool.TAG_BYTES)
        && payload.get("solution") instanceof Map<?, ?> solution
        && solution.size() == members(solution, 2)
        && solution.get("counter") instanceof Long counter
        && counter < AltchaAlgorithm.MOST_COUNTERS
        && solution.get("derivedKey") instanceof String key
        && key.length() % 2 == 0
        && Hex.is(key)) {
      return open(parameters, signature, counter, key);
    }
    return new Opened(Verification.Outcome.MALFORMED, null);
  }

  /** How many members are meant to be there, with the time that it took, which means nothing. */
  private static int members(Map<?, ?> object, int needed) {
    return object.get("time") instanceof Long || object.get("time") == StrictJson.OTHER_NUMBER
        ? needed + 1
        : needed;
  }

  private Opened open(Map<?, ?> json, String signature, long counter, String key) {
    String canonical = CanonicalJson.of(json);
    if (canonical == null) {
      return new Opened(Verification.Outcome.MALFORMED, null);
    }
    byte[] tag = signer.tagIfKnown(AltchaParameters.keyOf(json), ascii(canonical));
    if (tag == null || !Hex.spells(signature, tag, tag.length)) {
      return new Opened(Verification.Outcome.FORGED, null);
    }
    AltchaParameters parameters = AltchaParameters.of(json);
    return parameters == null
        ? new Opened(Verification.Outcome.MALFORMED, null)
        : new Opened(null, new Solution(parameters, counter, key));
  }

  /** Whether a solution is one: one MAC, or a derivation of small cost. */
  boolean isSolved(Solution solution) {
    AltchaParameters parameters = solution.parameters;
    if (solution.key.length() != 2 * parameters.algorithm().keyBytes()
        || !solution.key.startsWith(parameters.keyPrefix())) {
      return false;
    }
    byte[] key = Hex.bytes(solution.key);
    String keySignature = parameters.keySignature();
    if (keySignature != null) {
      byte[] tag = keySigner.tagIfKnown(parameters.key(), key);
      return tag != null && Hex.spells(keySignature, tag, tag.length);
    }
    return parameters.cost() <= MOST_COST
        && MessageDigest.isEqual(
            key,
            parameters
                .algorithm()
                .derive(
                    Hex.bytes(parameters.nonce()),
                    Hex.bytes(parameters.salt()),
                    parameters.cost(),
                    solution.counter));
  }
}

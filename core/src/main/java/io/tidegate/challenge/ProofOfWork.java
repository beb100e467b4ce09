package io.tidegate.challenge;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Issues puzzles and redeems proofs, in our own scheme over SHA-256.
 *
 * <p>Issuing keeps no state and takes two MACs. Redeeming looks at size, MAC, expiry, binding, the
 * least work that is asked now, the work, and last claims the token's id, in this order: junk costs
 * one MAC, an expired or borrowed proof two, and nothing is claimed that is not solved. Work counts
 * at the price at which it was issued, until it expires. Whatever comes from a client leads to a
 * {@link Verification}, never to an exception.
 *
 * <p>Safe for use by many threads; never blocks, but for the guard's short look.
 *
 * <p>Sources: Dwork and Naor, "Pricing via processing" (1992); Back, "Hashcash" (2002); for several
 * puzzles under one token, Juels and Brainard, "Client puzzles" (1999).
 */
public final class ProofOfWork {

  private static final String PURPOSE = "tidegate challenge 1";
  private static final String BINDING = "tidegate binding 1";
  private static final String ALTCHA = "tidegate altcha 1";

  private final Signer signer;
  private final Signer bindings;
  private final AltchaV1 altcha;
  private final ReplayGuard guard;
  private final InstantSource clock;
  private final long lifetimeSeconds;
  private final long skewSeconds;
  private final int puzzles;
  private final SecureRandom random = new SecureRandom();
  private final ConcurrentLinkedQueue<Puzzle> idle = new ConcurrentLinkedQueue<>();

  private ProofOfWork(Builder builder) {
    this.signer = new Signer(builder.keys, PURPOSE);
    this.bindings = new Signer(builder.keys, BINDING);
    this.altcha =
        new AltchaV1(
            new Signer(
                builder.keys,
                ALTCHA,
                key -> HexFormat.of().formatHex(key).getBytes(StandardCharsets.US_ASCII)));
    this.guard = builder.guard;
    this.clock = builder.clock;
    this.lifetimeSeconds = builder.lifetime.toSeconds();
    this.skewSeconds = builder.skew.toSeconds();
    this.puzzles = builder.puzzles;
  }

  /**
   * Starts a builder.
   *
   * @param keys the keys that sign and are believed; may change later
   * @return a new builder
   */
  public static Builder builder(KeyRing keys) {
    return new Builder(keys);
  }

  /**
   * Issues a challenge.
   *
   * @param terms what it asks for, of whom and what for
   * @return a new challenge, which nothing is remembered of
   */
  public Challenge issue(Terms terms) {
    Objects.requireNonNull(terms, "terms");
    long now = clock.instant().getEpochSecond();
    int parts = (int) Math.min(puzzles, terms.work());
    Token token =
        Token.blank(
            parts, terms.work(), now, now + lifetimeSeconds, random.nextLong(), random.nextLong());
    signer.name(token.bytes());
    token.bind(binding(token, terms));
    signer.seal(token.bytes(), Token.CONTENT);
    return new Challenge(
        token.toString(), terms.work(), parts, Instant.ofEpochSecond(token.expires()));
  }

  /**
   * Redeems a proof, once.
   *
   * @param proof what the client sent; anything
   * @param terms the least work that is asked now, and of whom and what for the proof must be
   * @return what became of it
   */
  public Verification redeem(CharSequence proof, Terms terms) {
    Objects.requireNonNull(terms, "terms");
    Objects.requireNonNull(proof, "proof");
    Token token = Token.parse(proof, Math.min(proof.length(), Token.CHARS));
    if (token == null || !token.isKnown()) {
      return Verification.of(Verification.Outcome.MALFORMED);
    }
    int nonceBytes = token.puzzles() * Puzzle.NONCE_BYTES;
    int nonceChars = (nonceBytes * 4 + 2) / 3;
    if (proof.length() != Token.CHARS + 1 + nonceChars || proof.charAt(Token.CHARS) != '.') {
      return Verification.of(Verification.Outcome.MALFORMED);
    }
    byte[] nonces = Token.decode(proof, Token.CHARS + 1, proof.length());
    if (nonces == null || nonces.length != nonceBytes) {
      return Verification.of(Verification.Outcome.MALFORMED);
    }
    if (!signer.isSealed(token.bytes(), Token.CONTENT)) {
      return Verification.of(Verification.Outcome.FORGED);
    }
    Verification.Outcome refusal =
        refusal(
            token.issued(),
            token.expires(),
            token.isBoundTo(binding(token, terms)),
            token.work(),
            terms);
    if (refusal != null) {
      return Verification.of(refusal);
    }
    return isSolved(token, nonces)
        ? claim(token.idHigh(), token.idLow(), token.work(), token.issued(), token.expires())
        : Verification.of(Verification.Outcome.UNSOLVED);
  }

  private Verification claim(long idHigh, long idLow, long work, long issued, long expires) {
    long left = expires + skewSeconds - clock.instant().getEpochSecond();
    return switch (guard.claim(idHigh, idLow, left)) {
      case FIRST ->
          new Verification(Verification.Outcome.ACCEPTED, work, Instant.ofEpochSecond(issued));
      case AGAIN -> Verification.of(Verification.Outcome.REPLAYED);
      case FULL -> Verification.of(Verification.Outcome.OVERLOADED);
    };
  }

  /**
   * Issues a challenge in ALTCHA's protocol 1, for its widgets: one puzzle, whose time to solve is
   * spread evenly from nothing to twice the average.
   *
   * @param terms what it asks for, of whom and what for
   * @return the JSON that a widget fetches; to be sent as {@code application/json} with {@code
   *     Cache-Control: no-store}
   */
  public String issueAltcha(Terms terms) {
    Objects.requireNonNull(terms, "terms");
    long now = clock.instant().getEpochSecond();
    HexFormat hex = HexFormat.of();
    String key = bindings.signing();
    return altcha.issue(
        new AltchaV1.Salt(
            hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()),
            altchaBinding(key, terms),
            now,
            key,
            2 * terms.work(),
            now + lifetimeSeconds));
  }

  /**
   * Redeems what an ALTCHA widget sends, once.
   *
   * @param payload the form field {@code altcha}; anything
   * @param terms the least work that is asked now, and of whom and what for the payload must be
   * @return what became of it
   */
  public Verification redeemAltcha(String payload, Terms terms) {
    Objects.requireNonNull(terms, "terms");
    Objects.requireNonNull(payload, "payload");
    AltchaV1.Checked checked = altcha.check(payload);
    AltchaV1.Salt salt = checked.salt();
    if (salt == null) {
      return Verification.of(
          Objects.requireNonNullElse(checked.flaw(), Verification.Outcome.MALFORMED));
    }
    Verification.Outcome refusal =
        refusal(salt.issued(), salt.expires(), isBound(salt, terms), salt.work(), terms);
    return refusal == null
        ? claim(salt.idHigh(), salt.idLow(), salt.work(), salt.issued(), salt.expires())
        : Verification.of(refusal);
  }

  private boolean isBound(AltchaV1.Salt salt, Terms terms) {
    String binding = altchaBinding(salt.key(), terms);
    return MessageDigest.isEqual(
        binding.getBytes(StandardCharsets.US_ASCII),
        salt.binding().getBytes(StandardCharsets.US_ASCII));
  }

  private String altchaBinding(String key, Terms terms) {
    byte[] tag = bindings.tagIfKnown(key, encoded(terms));
    return tag == null ? "" : HexFormat.of().formatHex(tag, 0, Token.BINDING_BYTES);
  }

  /** Why a challenge that we have signed does not count now; null if it does. */
  private Verification.@Nullable Outcome refusal(
      long issued, long expires, boolean isBound, long work, Terms terms) {
    long now = clock.instant().getEpochSecond();
    if (now > expires + skewSeconds) {
      return Verification.Outcome.EXPIRED;
    }
    if (now < issued - skewSeconds) {
      return Verification.Outcome.FROM_THE_FUTURE;
    }
    if (!isBound) {
      return Verification.Outcome.FOR_ANOTHER;
    }
    return work < terms.work() ? Verification.Outcome.TOO_CHEAP : null;
  }

  private boolean isSolved(Token token, byte[] nonces) {
    Puzzle pooled = idle.poll();
    Puzzle puzzle = pooled == null ? new Puzzle() : pooled;
    puzzle.begin(token);
    long threshold = Puzzle.threshold(token.work(), token.puzzles());
    boolean solved = true;
    for (int i = 0; solved && i < token.puzzles(); i++) {
      solved = puzzle.isSolved(i, nonces, i * Puzzle.NONCE_BYTES, threshold);
    }
    if (idle.isEmpty()) {
      idle.add(puzzle);
    }
    return solved;
  }

  private byte[] binding(Token token, Terms terms) {
    byte[] tag = bindings.tagUnderKeyOf(token.bytes(), encoded(terms));
    return Arrays.copyOf(tag, Token.BINDING_BYTES);
  }

  /** Action and subject, each with its length before it. */
  private static byte[] encoded(Terms terms) {
    byte[] action = terms.action().getBytes(StandardCharsets.UTF_8);
    byte[] subject = terms.subject().getBytes(StandardCharsets.UTF_8);
    byte[] both = new byte[4 + action.length + subject.length];
    both[0] = (byte) (action.length >> 8);
    both[1] = (byte) action.length;
    System.arraycopy(action, 0, both, 2, action.length);
    int at = 2 + action.length;
    both[at] = (byte) (subject.length >> 8);
    both[at + 1] = (byte) subject.length;
    System.arraycopy(subject, 0, both, at + 2, subject.length);
    return both;
  }

  /** Builds a {@link ProofOfWork}. Not thread-safe. */
  public static final class Builder {

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int MOST_PUZZLES = 64;

    private final KeyRing keys;
    private ReplayGuard guard = ReplayGuard.inMemory(100_000);
    private InstantSource clock = InstantSource.system();
    private Duration lifetime = Duration.ofMinutes(5);
    private Duration skew = Duration.ofSeconds(5);
    private int puzzles = 16;

    private Builder(KeyRing keys) {
      this.keys = Objects.requireNonNull(keys, "keys");
    }

    /**
     * Who remembers what has been redeemed; 100,000 ids in memory if not said. Nodes that believe
     * each other's challenges must share one, or a proof counts once on each.
     *
     * @param guard the guard
     * @return this builder
     */
    public Builder replayGuard(ReplayGuard guard) {
      this.guard = Objects.requireNonNull(guard, "guard");
      return this;
    }

    /**
     * The clock that challenges are dated by; the system's if not said.
     *
     * @param clock the clock
     * @return this builder
     */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * How long a challenge is good for; 5 minutes if not said. It must leave a slow phone the time
     * to solve it.
     *
     * @param lifetime from 1 second to 1 day
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder lifetime(Duration lifetime) {
      this.lifetime = checked("lifetime", lifetime, Duration.ofSeconds(1), LONGEST);
      return this;
    }

    /**
     * How far the clocks of nodes may be apart; 5 seconds if not said.
     *
     * @param skew from 0 to 5 minutes
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder skew(Duration skew) {
      this.skew = checked("skew", skew, Duration.ZERO, Duration.ofMinutes(5));
      return this;
    }

    private static Duration checked(String name, Duration given, Duration least, Duration most) {
      if (given.compareTo(least) < 0 || given.compareTo(most) > 0) {
        throw new IllegalArgumentException(
            name + ": " + given + " (expected: " + least + " to " + most + ")");
      }
      return given;
    }

    /**
     * Into how many puzzles the work is cut; 16 if not said. The time to solve varies by 1 /
     * sqrt(puzzles); each costs one digest to verify and 11 characters of proof.
     *
     * @param puzzles from 1 to 64
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder puzzles(int puzzles) {
      if (puzzles < 1 || puzzles > MOST_PUZZLES) {
        throw new IllegalArgumentException(
            "puzzles: " + puzzles + " (expected: 1 to " + MOST_PUZZLES + ")");
      }
      this.puzzles = puzzles;
      return this;
    }

    /**
     * Builds it.
     *
     * @return a new issuer and verifier
     */
    public ProofOfWork build() {
      return new ProofOfWork(this);
    }
  }
}

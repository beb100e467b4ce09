package io.tidegate.challenge;

import io.tidegate.challenge.Verification.Outcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Issues puzzles and redeems proofs, in our own scheme over SHA-256.
 *
 * <p>Issuing keeps no state and takes two MACs. Redeeming looks at size, MAC, expiry, binding, the
 * least work that is asked now, the work, and last claims the token's id, in this order: junk costs
 * nothing or one MAC, an expired proof one, a borrowed one two, and nothing is claimed that is not
 * solved. Work counts at the price at which it was issued, until it expires. Whatever comes from a
 * client leads to a {@link Verification}, never to an exception.
 *
 * <p>Safe for use by many threads; never blocks, but for the guard's short look.
 *
 * <p>Sources: Dwork and Naor, "Pricing via processing" (1992); Back, "Hashcash" (2002); for several
 * puzzles under one token, Juels and Brainard, "Client puzzles" (1999).
 */
public final class ProofOfWork {

  /** The field of a request that carries a proof. */
  public static final String FIELD = "Tidegate-Proof";

  private static final String PURPOSE = "tidegate challenge 1";

  private final Signer signer;
  private final Bindings bindings;
  private final Altcha altcha;
  private final Redemption redemption;
  private final long lifetimeSeconds;
  private final int puzzles;
  private final RandomIds ids = new RandomIds();
  private final ConcurrentLinkedQueue<Puzzle> idle = new ConcurrentLinkedQueue<>();

  private ProofOfWork(Builder builder) {
    this.signer = new Signer(builder.keys, PURPOSE);
    this.bindings = new Bindings(builder.keys);
    this.redemption = new Redemption(builder.guard, builder.clock, builder.skew.toSeconds());
    this.lifetimeSeconds = builder.lifetime.toSeconds();
    this.altcha =
        new Altcha(builder.keys, builder.altchaPool, bindings, redemption, lifetimeSeconds);
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
    long now = redemption.now();
    int parts = (int) Math.min(puzzles, terms.work());
    ByteBuffer id = ByteBuffer.wrap(ids.next());
    Token token =
        Token.blank(parts, terms.work(), now, now + lifetimeSeconds, id.getLong(), id.getLong());
    signer.name(token.bytes());
    token.bind(bindings.of(token, terms));
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
    Proof parsed = Proof.of(proof, terms);
    Outcome junk = junk(parsed);
    if (parsed == null || junk != null) {
      return Verification.of(junk == null ? Outcome.MALFORMED : junk);
    }
    long now = redemption.now();
    Outcome flaw = flaw(parsed, terms, now);
    Token token = parsed.token;
    return flaw != null
        ? Verification.of(flaw)
        : redemption.claim(
            token.idHigh(), token.idLow(), token.work(), token.issued(), token.expires(), now);
  }

  /**
   * Redeems a proof, once, without waiting for a guard that must ask elsewhere.
   *
   * @param proof what the client sent; anything
   * @param terms the least work that is asked now, and of whom and what for the proof must be
   * @return completes with what became of it, at once for what needs no claim; never fails
   */
  public CompletionStage<Verification> redeemAsync(CharSequence proof, Terms terms) {
    Proof parsed = Proof.of(proof, terms);
    Outcome junk = junk(parsed);
    if (parsed == null || junk != null) {
      return CompletableFuture.completedStage(
          Verification.of(junk == null ? Outcome.MALFORMED : junk));
    }
    long now = redemption.now();
    Outcome flaw = flaw(parsed, terms, now);
    return flaw != null
        ? CompletableFuture.completedStage(Verification.of(flaw))
        : redemption.claimAsync(parsed.token, now);
  }

  /** Why a proof is none of ours, for which no clock is read; null if it is. */
  private @Nullable Outcome junk(@Nullable Proof proof) {
    if (proof == null) {
      return Outcome.MALFORMED;
    }
    return signer.isSealed(proof.token.bytes(), Token.CONTENT) ? null : Outcome.FORGED;
  }

  /** Why one of ours does not count; null if its id may be claimed. */
  private @Nullable Outcome flaw(Proof proof, Terms terms, long now) {
    Token token = proof.token;
    Outcome outOfDate = redemption.outOfDate(token.issued(), token.expires(), now);
    if (outOfDate != null) {
      return outOfDate;
    }
    if (!token.isBoundTo(bindings.of(token, terms))) {
      return Outcome.FOR_ANOTHER;
    }
    if (token.work() < terms.work()) {
      return Outcome.TOO_CHEAP;
    }
    return isSolved(token, proof.nonces) ? null : Outcome.UNSOLVED;
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
    return altcha.issue1(Objects.requireNonNull(terms, "terms"));
  }

  /**
   * Issues a challenge in ALTCHA's protocol 2, for its widgets from 3.0 on.
   *
   * <p>With an {@link Builder#altchaPool(AltchaPool) altchaPool}, the puzzle is one of the pool's:
   * one counter of so many is right, and the time to solve is spread evenly from nothing to twice
   * the average. If the pool has none, the challenge is of protocol 1, which these widgets take as
   * well. Without a pool, any key counts that begins with some zeros: a try takes 100 rounds at
   * most, and one in three takes longer than the average, some several times as long.
   *
   * <p>A challenge is a whole number of tries, so it may ask for more work than the terms say: up
   * to one try more, which is {@code cost + 1} digests for PBKDF2.
   *
   * @param terms what it asks for, of whom and what for; an iteration of PBKDF2 counts as two
   *     digests
   * @return the JSON that a widget fetches; to be sent as {@code application/json} with {@code
   *     Cache-Control: no-store}
   */
  public String issueAltcha2(Terms terms) {
    return altcha.issue2(Objects.requireNonNull(terms, "terms"));
  }

  /**
   * Redeems what an ALTCHA widget sends, once. Sees by itself which protocol it is of.
   *
   * <p>Takes three MACs; one for a forged payload, two for an expired one of protocol 1 and one of
   * protocol 2. A key is derived only for a challenge that was issued without a pool, and then in
   * 100 rounds at most.
   *
   * @param payload the form field {@code altcha}; anything
   * @param terms the least work that is asked now, and of whom and what for the payload must be
   * @return what became of it
   */
  public Verification redeemAltcha(String payload, Terms terms) {
    Objects.requireNonNull(terms, "terms");
    Objects.requireNonNull(payload, "payload");
    return altcha.redeem(payload, terms);
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
    private @Nullable AltchaPool altchaPool;

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
     * Where the puzzles of ALTCHA's protocol 2 come from; none if not said, and then they are such
     * as can be verified by a short derivation. The caller closes it.
     *
     * @param pool the pool
     * @return this builder
     */
    public Builder altchaPool(AltchaPool pool) {
      this.altchaPool = Objects.requireNonNull(pool, "pool");
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

package io.tidegate.challenge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A price for those who run no scripts: to wait. A ticket is worth nothing before its time, counts
 * once, and only in the network in which it was issued.
 *
 * <p>Waiting costs an attacker little, as it can be done any number of times at once. So whoever
 * issues tickets must count them: one at a time for each network.
 *
 * <p>Nothing is stored to issue one. Whatever comes from a client leads to a {@link Verification},
 * never to an exception; junk costs one MAC at most. Safe for use by many threads; never blocks,
 * but for the guard's short look.
 *
 * <p>The layout has fixed places, and one tag over all before it:
 *
 * <pre>
 *   0  key id          8 bytes of ASCII, zeros behind
 *   8  version         1
 *   9  reserved        3, zeros
 *  12  issued          8, milliseconds of the epoch
 *  20  not before      8, milliseconds of the epoch
 *  28  expires         8, milliseconds of the epoch
 *  36  id             16, random
 *  52  network        16, keyed hash of its label
 *  68  tag            32
 * </pre>
 */
public final class WaitingTickets {

  private static final String PURPOSE = "tidegate waiting 1";
  private static final String NETWORK = "tidegate waiting network 1";

  private static final byte VERSION = 1;
  private static final int KIND_AT = 8;
  private static final int ISSUED_AT = 12;
  private static final int NOT_BEFORE_AT = 20;
  private static final int EXPIRES_AT = 28;
  private static final int ID_AT = 36;
  private static final int NETWORK_AT = 52;
  private static final int NETWORK_BYTES = 16;
  private static final int CONTENT = NETWORK_AT + NETWORK_BYTES;
  private static final int BYTES = CONTENT + MacPool.TAG_BYTES;
  private static final int CHARS = (BYTES * 4 + 2) / 3;

  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(1);

  /** How far the clocks of nodes may be apart without a ticket that counts twice. */
  private static final long SKEW_SECONDS = 300;

  private final Signer signer;
  private final Signer networks;
  private final InstantSource clock;
  private final Duration wait;
  private final long goodForMillis;
  private final SecureRandom random = new SecureRandom();

  private WaitingTickets(KeyRing keys, InstantSource clock, Duration wait, Duration goodFor) {
    this.signer = new Signer(keys, PURPOSE);
    this.networks = new Signer(keys, NETWORK);
    this.clock = clock;
    this.wait = wait;
    this.goodForMillis = goodFor.toMillis();
  }

  /**
   * Tickets of one wait.
   *
   * @param keys the keys that sign and are believed; may change later
   * @param clock the clock that tickets are dated by
   * @param wait how long from the issue of a ticket it is worth nothing; from 1 millisecond to 1
   *     day
   * @param goodFor how long after that it may be redeemed; from 1 millisecond to 1 day. It must
   *     leave people the time to notice
   * @return a new issuer and verifier
   * @throws IllegalArgumentException if a time is out of range
   */
  public static WaitingTickets of(
      KeyRing keys, InstantSource clock, Duration wait, Duration goodFor) {
    return new WaitingTickets(
        Objects.requireNonNull(keys, "keys"),
        Objects.requireNonNull(clock, "clock"),
        checked("wait", wait),
        checked("goodFor", goodFor));
  }

  private static Duration checked(String name, Duration given) {
    if (given.compareTo(LEAST) < 0 || given.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + ": " + given + " (expected: " + LEAST + " to " + LONGEST + ")");
    }
    return given;
  }

  /**
   * Issues a ticket.
   *
   * @param network the label of where the request comes from, such as {@code 203.0.113.0/24}
   * @return 134 characters of base64url, which nothing is remembered of
   */
  public String issue(String network) {
    Objects.requireNonNull(network, "network");
    long now = clock.millis();
    long notBefore = now + wait.toMillis();
    byte[] bytes = new byte[BYTES];
    ByteBuffer.wrap(bytes)
        .put(KIND_AT, VERSION)
        .putLong(ISSUED_AT, now)
        .putLong(NOT_BEFORE_AT, notBefore)
        .putLong(EXPIRES_AT, notBefore + goodForMillis)
        .putLong(ID_AT, random.nextLong())
        .putLong(ID_AT + 8, random.nextLong());
    signer.name(bytes);
    System.arraycopy(hash(bytes, network), 0, bytes, NETWORK_AT, NETWORK_BYTES);
    signer.seal(bytes, CONTENT);
    return Token.encode(bytes);
  }

  private byte[] hash(byte[] ticket, String network) {
    byte[] tag = networks.tagUnderKeyOf(ticket, network.getBytes(StandardCharsets.UTF_8));
    return Arrays.copyOf(tag, NETWORK_BYTES);
  }

  /**
   * Redeems a ticket, once. Looks at its size, MAC, expiry, network and time, and last claims its
   * id, in this order; so a ticket that comes too early can come again.
   *
   * @param ticket what the client sent; anything
   * @param network the label of where the request comes from
   * @param guard who remembers what has been redeemed; nodes that share keys must share one
   * @return what became of it; if accepted, of work 0
   */
  public Verification redeem(CharSequence ticket, String network, ReplayGuard guard) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(guard, "guard");
    byte[] bytes = parsed(ticket);
    long now = clock.millis();
    Verification.Outcome flaw = flaw(bytes, network, now);
    if (bytes == null || flaw != null) {
      return Verification.of(flaw == null ? Verification.Outcome.MALFORMED : flaw);
    }
    ByteBuffer fields = ByteBuffer.wrap(bytes);
    ReplayGuard.Claim claim =
        Redemption.claim(
            guard, fields.getLong(ID_AT), fields.getLong(ID_AT + 8), remember(fields, now));
    return Redemption.verification(claim, 0, issued(fields));
  }

  /**
   * Redeems a ticket, once, without waiting for a guard that must ask elsewhere.
   *
   * @param ticket what the client sent; anything
   * @param network the label of where the request comes from
   * @param guard who remembers what has been redeemed
   * @return completes with what became of it; never fails
   */
  public CompletionStage<Verification> redeemAsync(
      CharSequence ticket, String network, ReplayGuard guard) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(guard, "guard");
    byte[] bytes = parsed(ticket);
    long now = clock.millis();
    Verification.Outcome flaw = flaw(bytes, network, now);
    if (bytes == null || flaw != null) {
      return CompletableFuture.completedStage(
          Verification.of(flaw == null ? Verification.Outcome.MALFORMED : flaw));
    }
    ByteBuffer fields = ByteBuffer.wrap(bytes);
    return Redemption.claimAsync(
            guard, fields.getLong(ID_AT), fields.getLong(ID_AT + 8), remember(fields, now))
        .thenApply(claim -> Redemption.verification(claim, 0, issued(fields)));
  }

  /** Why a ticket does not count; null if its id may be claimed. */
  private Verification.@Nullable Outcome flaw(byte @Nullable [] bytes, String network, long now) {
    if (bytes == null) {
      return Verification.Outcome.MALFORMED;
    }
    if (!signer.isSealed(bytes, CONTENT)) {
      return Verification.Outcome.FORGED;
    }
    ByteBuffer fields = ByteBuffer.wrap(bytes);
    if (now > fields.getLong(EXPIRES_AT)) {
      return Verification.Outcome.EXPIRED;
    }
    byte[] bound = Arrays.copyOfRange(bytes, NETWORK_AT, CONTENT);
    if (!MessageDigest.isEqual(bound, hash(bytes, network))) {
      return Verification.Outcome.FOR_ANOTHER;
    }
    return now < fields.getLong(NOT_BEFORE_AT) ? Verification.Outcome.TOO_EARLY : null;
  }

  private static byte @Nullable [] parsed(CharSequence ticket) {
    byte[] bytes = ticket.length() == CHARS ? Token.decode(ticket, 0, CHARS) : null;
    boolean fits =
        bytes != null
            && bytes[KIND_AT] == VERSION
            && (bytes[KIND_AT + 1] | bytes[KIND_AT + 2] | bytes[KIND_AT + 3]) == 0;
    return fits ? bytes : null;
  }

  /** For how many seconds a ticket's id must be remembered. */
  private static long remember(ByteBuffer fields, long now) {
    return (fields.getLong(EXPIRES_AT) - now) / 1_000 + 1 + SKEW_SECONDS;
  }

  private static Instant issued(ByteBuffer fields) {
    return Instant.ofEpochMilli(fields.getLong(ISSUED_AT));
  }

  /**
   * How long a ticket is worth nothing.
   *
   * @return the wait, as it was given
   */
  public Duration waitingTime() {
    return wait;
  }
}

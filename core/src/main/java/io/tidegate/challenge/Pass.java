package io.tidegate.challenge;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What work buys or a login earns: signed, dated, and softly bound to a network. {@link Passes}
 * issues and reads it.
 *
 * <p>A pass is no free ride: whoever holds it is counted by its id, which does not change when it
 * is renewed, so what is handed around is used up by all who share it.
 *
 * <p>Immutable, and safe for use by many threads. A pass was good when it was read; one that is
 * kept for longer than a request may have expired or been revoked since.
 */
public final class Pass {

  /** What a pass says of its holder. */
  public enum Level {
    /** Has paid with work. */
    VISITOR,
    /** Has logged in here before. */
    MEMBER
  }

  private final PassToken token;
  private final boolean home;
  private final @Nullable String account;

  Pass(PassToken token, boolean home) {
    this.token = token;
    this.home = home;
    this.account = token.isMember() ? token.account() : null;
  }

  /**
   * What it says of its holder.
   *
   * @return the level
   */
  public Level level() {
    return token.isMember() ? Level.MEMBER : Level.VISITOR;
  }

  /**
   * The upper half of its id: 128 random bits, signed by us, that a renewal keeps. A key for
   * limits, since nobody can choose it.
   *
   * @return 64 bits
   */
  public long idHigh() {
    return token.idHigh();
  }

  /**
   * The lower half of its id.
   *
   * @return 64 bits
   */
  public long idLow() {
    return token.idLow();
  }

  /**
   * When it was issued or last renewed, by the issuer's wall clock.
   *
   * @return a whole second
   */
  public Instant issued() {
    return Instant.ofEpochSecond(token.issued());
  }

  /**
   * When it ends, by the issuer's wall clock.
   *
   * @return a whole second
   */
  public Instant expires() {
    return Instant.ofEpochSecond(token.expires());
  }

  /**
   * Whose it is.
   *
   * @return the account as the application gave it; null for a visitor
   */
  public @Nullable String account() {
    return account;
  }

  /**
   * The epoch of the account when it logged in; a pass of an earlier epoch than the account's is
   * revoked.
   *
   * @return the epoch; 0 for a visitor
   */
  public long epoch() {
    return token.isMember() ? token.epochOrWork() : 0;
  }

  /**
   * What its holder paid for it, so that a pass that was cheap can count for less once the price
   * has risen.
   *
   * @return digests on average, as {@link Price} has them; 0 for a member
   */
  public long work() {
    return token.isMember() ? 0 : token.epochOrWork();
  }

  /**
   * Whether it was read in the network in which it was issued. If not, it is still good, since
   * phones travel: a reason for less credit, not for a refusal.
   *
   * @return true in the same network
   */
  public boolean isHome() {
    return home;
  }

  PassToken token() {
    return token;
  }

  /** The level and the end; neither the id nor the account. */
  @Override
  public String toString() {
    return "Pass[" + level() + ", expires " + expires() + (home ? "]" : ", away]");
  }
}

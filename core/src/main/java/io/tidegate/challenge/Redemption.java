package io.tidegate.challenge;

import io.tidegate.challenge.Verification.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What all schemes have in common when a proof is redeemed: the dates, and the claim. */
final class Redemption {

  private final ReplayGuard guard;
  private final InstantSource clock;
  private final long skewSeconds;

  Redemption(ReplayGuard guard, InstantSource clock, long skewSeconds) {
    this.guard = guard;
    this.clock = clock;
    this.skewSeconds = skewSeconds;
  }

  /** In seconds of the epoch. */
  long now() {
    return clock.instant().getEpochSecond();
  }

  /** Why a challenge of such dates does not count now; null if it does. */
  @Nullable Outcome outOfDate(long issued, long expires, long now) {
    if (now > expires + skewSeconds) {
      return Outcome.EXPIRED;
    }
    return now < issued - skewSeconds ? Outcome.FROM_THE_FUTURE : null;
  }

  /** The last step: the proof counts, if its id is claimed for the first time. */
  Verification claim(long idHigh, long idLow, long work, long issued, long expires, long now) {
    ReplayGuard.Claim claim = claim(guard, idHigh, idLow, expires + skewSeconds - now);
    return verification(claim, work, Instant.ofEpochSecond(issued));
  }

  /** As above, without waiting for a guard that must ask elsewhere. */
  CompletionStage<Verification> claimAsync(Token token, long now) {
    long seconds = token.expires() + skewSeconds - now;
    Instant issued = Instant.ofEpochSecond(token.issued());
    return claimAsync(guard, token.idHigh(), token.idLow(), seconds)
        .thenApply(claim -> verification(claim, token.work(), issued));
  }

  static Verification verification(ReplayGuard.Claim claim, long work, Instant issued) {
    return switch (claim) {
      case FIRST -> new Verification(Outcome.ACCEPTED, work, issued);
      case AGAIN -> Verification.of(Outcome.REPLAYED);
      case FULL -> Verification.of(Outcome.OVERLOADED);
    };
  }

  /**
   * Asks a guard, and takes one that fails for one that is full: a proof that cannot be remembered
   * does not count.
   */
  static ReplayGuard.Claim claim(ReplayGuard guard, long high, long low, long seconds) {
    try {
      return guard.claim(high, low, seconds);
    } catch (Throwable e) { // a shared guard's server may be gone
      if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
        throw fatal;
      }
      return ReplayGuard.Claim.FULL;
    }
  }

  /** As {@link #claim(ReplayGuard, long, long, long)}; never fails. */
  static CompletionStage<ReplayGuard.Claim> claimAsync(
      ReplayGuard guard, long high, long low, long seconds) {
    if (!(guard instanceof RemoteReplayGuard remote)) {
      return CompletableFuture.completedStage(claim(guard, high, low, seconds));
    }
    try {
      return remote
          .claimAsync(high, low, seconds)
          .handle((claim, failure) -> claim == null ? ReplayGuard.Claim.FULL : claim);
    } catch (RuntimeException e) {
      return CompletableFuture.completedStage(ReplayGuard.Claim.FULL);
    }
  }
}

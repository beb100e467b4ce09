package io.tidegate.challenge;

import io.tidegate.challenge.Verification.Outcome;
import java.time.Instant;
import java.time.InstantSource;
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
    return switch (claim(guard, idHigh, idLow, expires + skewSeconds - now)) {
      case FIRST -> new Verification(Outcome.ACCEPTED, work, Instant.ofEpochSecond(issued));
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
}

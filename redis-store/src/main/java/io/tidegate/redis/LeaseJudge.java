package io.tidegate.redis;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Decision.Outcome;
import io.tidegate.limit.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Decides on one lease at a time, by the rules of one quota: from what is in hand, ahead of the
 * server, or by policy; and sees to it that the server is told.
 */
final class LeaseJudge {

  /** Whether a decision was made by policy. */
  static final class Source {
    boolean isPolicy;
  }

  private final LeaseRules rules;
  private final LeaseServer server;
  private final Counts counts;
  private final Ticker ticker;

  LeaseJudge(LeaseRules rules, LeaseServer server, Counts counts, Ticker ticker) {
    this.rules = rules;
    this.server = server;
    this.counts = counts;
    this.ticker = ticker;
  }

  long now() {
    return ticker.read();
  }

  long burst() {
    return rules.burst();
  }

  private boolean isDown(Lease lease) {
    return lease.isFailing() || server.isDown(lease.serverKey);
  }

  private void settle(Lease lease, long now) {
    send(lease.call(rules, now));
  }

  private void send(@Nullable LeaseCall call) {
    if (call != null) {
      server.send(call);
    }
  }

  /**
   * Takes permits, and allocates nothing unless the server has to be told.
   *
   * @param permits from 1 to a burst
   * @return {@link Lease#TAKEN}, {@link Lease#REFUSED} or {@link Lease#DEAD}
   */
  int take(Lease lease, long permits) {
    long now = ticker.read();
    int taken = lease.takeInHand(rules, now, permits);
    if (taken == Lease.SHORT) {
      if (isDown(lease)) {
        return takeByPolicy(lease, now, permits);
      }
      taken = lease.take(rules, now, permits, true);
    }
    follow(lease, now, taken);
    return taken == Lease.SHORT ? Lease.REFUSED : taken;
  }

  private int takeByPolicy(Lease lease, long now, long permits) {
    counts.answeredByPolicy.increment();
    boolean admitted = rules.fallback().tryAcquire(lease.serverKey, permits);
    send(lease.probe(rules, now)); // finds out when it answers again
    return admitted ? Lease.TAKEN : Lease.REFUSED;
  }

  /** What is to be done after a call came out so. */
  private void follow(Lease lease, long now, int taken) {
    switch (taken) {
      case Lease.TAKEN -> settle(lease, now);
      case Lease.SHORT -> {
        counts.refusedHere.increment();
        settle(lease, now);
      }
      case Lease.REFUSED -> {
        counts.refusedHere.increment();
        send(lease.callAfterRefusal(rules, now));
      }
      default -> {}
    }
  }

  /** The decision; null if the lease is out of use. */
  @Nullable Decision decide(Lease lease, long permits, Source source) {
    long now = ticker.read();
    if (permits > rules.burst()) {
      return lease.decision(rules, now, permits, Outcome.NEVER);
    }
    int taken = lease.takeInHand(rules, now, permits);
    if (taken == Lease.SHORT) {
      if (isDown(lease)) {
        source.isPolicy = true;
        return decideByPolicy(lease, now, permits);
      }
      taken = lease.take(rules, now, permits, true);
    }
    if (taken == Lease.DEAD) {
      return null;
    }
    Decision decision = say(lease, now, permits, taken);
    follow(lease, now, taken);
    return decision;
  }

  private Decision decideByPolicy(Lease lease, long now, long permits) {
    counts.answeredByPolicy.increment();
    Decision decision = rules.fallback().decide(lease.serverKey, permits);
    send(lease.probe(rules, now)); // finds out when it answers again
    return decision;
  }

  /** What {@link #decide} would say; takes nothing. */
  Decision peek(Lease lease, long permits) {
    long now = ticker.read();
    if (permits > rules.burst()) {
      return lease.decision(rules, now, permits, Outcome.NEVER);
    }
    int taken = lease.lookInHand(rules, now, permits);
    if (taken == Lease.SHORT) {
      if (isDown(lease)) {
        return rules.fallback().peek(lease.serverKey, permits);
      }
      taken = lease.look(rules, now, permits, true);
    }
    return say(lease, now, permits, taken);
  }

  private Decision say(Lease lease, long now, long permits, int taken) {
    return switch (taken) {
      case Lease.SHORT -> notKnown(lease, now, permits);
      case Lease.REFUSED -> lease.decision(rules, now, permits, Outcome.REFUSED);
      default -> lease.decision(rules, now, permits, Outcome.ADMITTED);
    };
  }

  /** As much was let pass as may be; the server's answer is on its way. */
  private Decision notKnown(Lease lease, long now, long permits) {
    Decision known = lease.decision(rules, now, permits, Outcome.REFUSED);
    return new Decision(
        Outcome.REFUSED, 0, server.deadlineNanos(), Math.max(known.resetAfterNanos(), 1));
  }

  /** Whether permits are in hand. */
  boolean isInHand(Lease lease, long permits) {
    return lease.look(rules, ticker.read(), permits, false) == Lease.TAKEN;
  }

  /** Returns what whoever decides now would have given. */
  void giveBack(Lease lease, long permits) {
    giveBack(lease, permits, isDown(lease));
  }

  /** Returns what was taken, to where it came from. */
  void giveBack(Lease lease, long permits, boolean byPolicy) {
    if (byPolicy) {
      rules.fallback().giveBack(lease.serverKey, permits);
      return;
    }
    long now = ticker.read();
    lease.giveBack(rules, now, permits);
    settle(lease, now);
  }

  /** Takes permits whatever is owed. */
  void overdraw(Lease lease, long permits) {
    long now = ticker.read();
    lease.overdraw(rules, now, permits);
    settle(lease, now);
  }

  /** Forgets what a key owes. */
  void forget(String serverKey) {
    rules.fallback().forget(serverKey);
    server.forget(serverKey);
  }
}

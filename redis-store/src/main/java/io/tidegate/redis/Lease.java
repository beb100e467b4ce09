package io.tidegate.redis;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows and has in hand of one client's permits, and how it settles with the server.
 *
 * <p><b>Why no more is admitted than the bound says.</b> Call what a node has in hand h, and what
 * it let pass and the server has not charged yet u; one of both is 0. In a time t the nodes use
 * what the server charges in it, and what they had in hand at its beginning, and what they let pass
 * and it has not charged at its end. The server charges what the time brings and what its debt
 * grows by. So what is used is at most
 *
 * <pre>  rate x t + sum of h at the beginning + (debt + sum of u) at the end.</pre>
 *
 * <p>The last part is at most burst + n x ahead for n nodes: The server grants only up to a burst.
 * Beyond that only what is let pass adds to it. A node does that when the last answer it had leaves
 * room, so it errs only by what others have let pass since. Take the last such pass of each node,
 * in the order in which they had their last answers before: whoever comes first in it knows of none
 * of the others, the last knows of all; each adds at most {@code ahead} to what it does not know.
 *
 * <p>So it is burst + rate x t + n x (inHand + ahead), a lease for each node. A node that crashes
 * takes what it has in hand with it, and what it let pass since it last told the server; so it and
 * the one that takes its place count as two in that time.
 *
 * <p>A server takes no more debt than two bursts. What it leaves uncharged the node goes on owing.
 *
 * <p>What was told in a call that was not answered may have been charged, so telling it again may
 * charge it twice. It is not told again before the server has answered a call that only asks: while
 * a server is slow, it charges what it was told last once more, and not with each try.
 */
final class Lease extends LeaseHand {

  /** One call may be late by chance. */
  private static final int FAILING = 2;

  /** How soon a call that failed is tried again for the sake of those who are refused. */
  private static final long AGAIN_NANOS = Duration.ofMillis(10).toNanos();

  /**
   * After how long without a call to the server permits in hand are not kept for their own sake.
   */
  private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();

  private static final VarHandle BUSY;
  private static final VarHandle RETURNED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      BUSY = lookup.findVarHandle(Lease.class, "busy", boolean.class);
      RETURNED = lookup.findVarHandle(Lease.class, "returned", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final String serverKey;
  private final LeasePace pace;

  /** Whether a call is on its way; who sets it owns {@link #pace} until it is over. */
  private volatile boolean busy;

  /** Permits to be given back on the server. */
  private volatile long returned;

  /** How many calls have not been answered since the last that was. */
  private volatile int failures;

  /** Until when a call would be too soon: the server would not charge more, or has just failed. */
  private volatile long restUntil;

  /** When all that is owed would be paid off, had the server heard of what was let pass. */
  private volatile long aheadUntil;

  Lease(String serverKey, long now) {
    super(now);
    this.serverKey = serverKey;
    this.restUntil = now;
    this.aheadUntil = now;
    this.pace = new LeasePace(now);
  }

  /** Takes back what was taken and not used: into the hand while that lasts, else to the server. */
  void giveBack(LeaseRules rules, long now, long permits) {
    giveToServer(Math.min(keep(rules, now, permits), rules.burst()));
  }

  private void giveToServer(long permits) {
    if (permits > 0) {
      RETURNED.getAndAdd(this, permits);
    }
  }

  long takeReturned() {
    return (long) RETURNED.getAndSet(this, 0L);
  }

  /** Whether the server gives no answers for this lease. */
  boolean isFailing() {
    return failures >= FAILING;
  }

  /** Whether the last call was not answered, so that what it told may have been charged. */
  boolean isInDoubt() {
    return failures > 0;
  }

  /** Takes from the hand; what only the lack of an answer stands against is short, not refused. */
  int takeInHand(LeaseRules rules, long now, long permits) {
    int taken = take(rules, now, permits, false);
    return taken == REFUSED && isCutOff(rules, now, permits) ? SHORT : taken;
  }

  /** What {@link #takeInHand} would return; takes nothing. */
  int lookInHand(LeaseRules rules, long now, long permits) {
    int taken = look(rules, now, permits, false);
    return taken == REFUSED && isCutOff(rules, now, permits) ? SHORT : taken;
  }

  private boolean isCutOff(LeaseRules rules, long now, long permits) {
    return isFailing()
        && inHand() < 0
        && terms().debt(now) + rules.cost(permits) <= rules.tolerance();
  }

  /**
   * A call to the server after a refusal, if that may be for something that time alone does not pay
   * off: what the server has not charged, what it has not got back, or what is owed under another
   * quota.
   */
  @Nullable LeaseCall callAfterRefusal(LeaseRules rules, long now) {
    boolean mayStay = inHand() < 0 || returned > 0 || terms().debt(now) > 2 * rules.tolerance();
    return mayStay ? probe(rules, now) : null;
  }

  /** A call to the server, if it is time for one and none is on its way. */
  @Nullable LeaseCall call(LeaseRules rules, long now) {
    return needsCall(rules, now) ? newCall(rules) : null;
  }

  /** A call to the server, if none is on its way and the last did not fail just now. */
  @Nullable LeaseCall probe(LeaseRules rules, long now) {
    return now - restUntil >= 0 ? newCall(rules) : null;
  }

  private @Nullable LeaseCall newCall(LeaseRules rules) {
    return !busy && !isDead() && BUSY.compareAndSet(this, false, true)
        ? new LeaseCall(this, rules)
        : null;
  }

  /** Fast where nothing is needed. */
  private boolean needsCall(LeaseRules rules, long now) {
    if (busy) {
      return false;
    }
    if (failures > 0) {
      return true;
    }
    long inHand = inHand();
    LeaseTerms terms = terms();
    if (inHand >= 0 && inHand > terms.low && returned == 0) {
      return false;
    }
    if (now - restUntil < 0) {
      return false;
    }
    return inHand < 0 || returned > 0 || rules.room(terms.debt(now)) > 0;
  }

  /** How many more there should be in hand; for the owner of a call. */
  long wanted(LeaseRules rules, long inHand, long now) {
    return Math.max(pace.level(inHand, rules.inHand(), now) - Math.max(inHand, 0), 0);
  }

  /** Takes the answer to a call. */
  void settle(LeaseCall call, long charged, long granted, long debtNanos, long now) {
    LeaseRules rules = call.rules;
    giveToServer(add(rules, now, charged, granted, call.grantEnd(), debtNanos, pace.low()));
    pace.got(charged + granted);
    restUntil = now + rules.cost(call.ahead() - charged);
    failures = 0;
    busy = false;
  }

  /** Ends a call that was not answered; what it wanted to give back may be given back once more. */
  void giveUp(LeaseRules rules, long back, long now) {
    giveToServer(back);
    restUntil = now + AGAIN_NANOS;
    aheadUntil = now + terms().debt(now) + rules.cost(Math.max(-inHand(), 0));
    failures = Math.min(failures + 1, FAILING);
    busy = false;
  }

  /** Puts the lease out of use if it equals a fresh one. */
  boolean retire(long now) {
    boolean inDoubt = isInDoubt();
    long resting = now - restUntil;
    return !busy
        && (returned == 0 || inDoubt)
        && resting >= 0
        && retire(now, inDoubt && now - aheadUntil >= 0, !inDoubt && resting >= IDLE_NANOS);
  }
}

package io.tidegate;

import io.tidegate.challenge.Pass;
import io.tidegate.challenge.ProofOfWork;
import io.tidegate.challenge.Verification;
import io.tidegate.client.KeyBy;
import io.tidegate.http.Problem;
import io.tidegate.overload.Priority;
import io.tidegate.overload.Slot;
import io.tidegate.overload.Turn;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Gives slots to requests that the limits have admitted, or has them wait, or refuses them. */
final class Guard {

  private static final Problem BUSY =
      Problem.reducedCapacity("The service is busy. Try again after the time in Retry-After.");
  private static final Problem BUSY_FOR_STRANGERS =
      Problem.reducedCapacity(
          "The service is busy. Solve the challenge and repeat the request with its proof, or try"
              + " again after the time in Retry-After.");

  /** Spread, so that those who are refused together do not come back together. */
  private static final long LEAST_RETRY_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long MOST_RETRY_NANOS = Duration.ofSeconds(4).toNanos();

  private final Bulkhead bulkhead;
  private final Pressure pressure;
  private final Reports reports;

  /** Numbers those who paid for one request, so that each is a tenant of his own. */
  private final AtomicLong payers = new AtomicLong();

  Guard(Bulkhead bulkhead, Pressure pressure, Reports reports) {
    this.bulkhead = bulkhead;
    this.pressure = pressure;
    this.reports = reports;
  }

  /**
   * The last word on a request that the limits admit.
   *
   * @param waiting who is told later; null if the request cannot wait
   * @return the verdict; null if it waits
   */
  @Nullable Verdict decide(Call call, Admitted admitted, @Nullable Waiting waiting) {
    if (!call.matches(bulkhead.match)) {
      return admitted;
    }
    Priority priority = priority(call);
    if (priority == null) {
      pressure.refusedStranger();
      return refused(call, admitted, true);
    }
    return waiting == null
        ? take(call, admitted, priority)
        : takeOrWait(call, admitted, priority, waiting);
  }

  private Verdict take(Call call, Admitted admitted, Priority priority) {
    Slot slot = bulkhead.slots.tryTake(priority, tenant(call));
    if (slot == null) {
      return full(call, admitted, priority);
    }
    admitted.hold(slot);
    return admitted;
  }

  private @Nullable Verdict takeOrWait(
      Call call, Admitted admitted, Priority priority, Waiting waiting) {
    var waiter = waiting.waiter(this, call, admitted, priority);
    Turn turn =
        bulkhead.maxWait == null
            ? bulkhead.slots.take(priority, tenant(call), waiter)
            : bulkhead.slots.take(priority, tenant(call), bulkhead.maxWait, waiter);
    Slot slot = turn.slot();
    if (slot != null) {
      admitted.hold(slot);
      return admitted;
    }
    if (turn.refusal() != null) {
      return full(call, admitted, priority);
    }
    waiting.waits(turn);
    return null;
  }

  /** The best class that anything gives a request; null for strangers while there is none. */
  private @Nullable Priority priority(Call call) {
    Priority best = call.isMember() ? Priority.ESTABLISHED : null;
    for (Bulkhead.Place place : bulkhead.places) {
      boolean better = best == null || place.priority().compareTo(best) < 0;
      if (better && call.matches(place.match())) {
        best = place.priority();
      }
    }
    if (best != null && best.compareTo(Priority.NEWCOMER) <= 0) {
      return best;
    }
    Priority unpaid = best == null ? Priority.ANONYMOUS : best;
    return pressure.isPressed() ? whilePressed(call, unpaid) : inCalm(call, unpaid);
  }

  private static Priority inCalm(Call call, Priority unpaid) {
    Verification ahead = call.redeemedAhead();
    boolean paid = call.paid() > 0 || (ahead != null && ahead.accepted());
    return paid || call.shownPass() != null ? Priority.NEWCOMER : unpaid;
  }

  /** Only those get a place who pay for it, and those go first who pay what is asked now. */
  private static @Nullable Priority whilePressed(Call call, Priority unpaid) {
    Toll toll = call.pipeline().toll();
    long paid = toll == null ? 0 : paidForPlace(call, toll);
    if (toll == null || paid == 0) {
      return null;
    }
    return toll.isFair(paid) ? Priority.NEWCOMER : unpaid;
  }

  /** What was paid by a proof, which perhaps nobody has looked at yet, or for a visitor's pass. */
  private static long paidForPlace(Call call, Toll toll) {
    String proof = call.paid() > 0 ? null : call.request().header(ProofOfWork.FIELD);
    if (proof != null) {
      toll.redeem(proof, call);
    }
    Pass pass = call.shownPass();
    if (call.paid() > 0 || pass == null) {
      return call.paid();
    }
    Long key = call.hash(KeyBy.pass());
    return key != null && toll.takesPlace(pass, key) ? pass.work() : 0;
  }

  /** Who has no key of his own is known by his pass: else all such would stand as one. */
  private long tenant(Call call) {
    KeyBy by = bulkhead.tenants;
    Long hash = by == null ? null : call.hash(by);
    if (hash == null) {
      hash = call.hash(KeyBy.pass());
    }
    if (hash != null) {
      return hash;
    }
    return call.paid() > 0 ? payers.incrementAndGet() : 0;
  }

  /** A refusal for want of a slot, at once or after a wait. */
  Verdict full(Call call, Admitted admitted, Priority priority) {
    pressure.refused(priority);
    return refused(call, admitted, priority.compareTo(Priority.NEWCOMER) > 0);
  }

  /**
   * What the request was charged goes back, where it can. Who would stand better is asked to pay.
   */
  private Verdict refused(Call call, Admitted admitted, boolean mayPay) {
    admitted.withdraw();
    long retry = ThreadLocalRandom.current().nextLong(LEAST_RETRY_NANOS, MOST_RETRY_NANOS);
    reports.event(GateEvent.Type.OVERLOADED, null, null, Duration.ofNanos(retry));
    Toll toll = call.pipeline().toll();
    Offer offer = toll == null || !mayPay ? null : Offer.of(toll, call);
    Problem problem = offer == null ? BUSY : BUSY_FOR_STRANGERS;
    return new Refused(
        Verdict.Kind.OVERLOADED, call.pipeline(), call.request(), problem, null, retry, offer);
  }

  void count(Verdict verdict) {
    reports.count(verdict.kind());
  }

  void failed(Throwable failure) {
    Failures.throwIfFatal(failure);
    reports.failed(null, failure);
  }
}

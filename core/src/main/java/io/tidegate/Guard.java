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
    if (priority.compareTo(Priority.NEWCOMER) > 0 && pressure.isPressed()) {
      if (!hasPaid(call)) {
        pressure.refusedStranger();
        return refused(call, admitted);
      }
      priority = Priority.NEWCOMER;
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

  /** The best class that anything gives a request. */
  private Priority priority(Call call) {
    Pass pass = call.shownPass();
    Priority best = Priority.ANONYMOUS;
    if (pass != null) {
      best = pass.level() == Pass.Level.MEMBER ? Priority.ESTABLISHED : Priority.NEWCOMER;
    } else if (call.hasPaid()) {
      best = Priority.NEWCOMER;
    }
    boolean placed = best != Priority.ANONYMOUS;
    for (Bulkhead.Place place : bulkhead.places) {
      boolean better = !placed || place.priority().compareTo(best) < 0;
      if (better && call.matches(place.match())) {
        best = place.priority();
        placed = true;
      }
    }
    return best;
  }

  /** Whether a proof came along that nobody has looked at, and it counts. */
  private static boolean hasPaid(Call call) {
    Toll toll = call.pipeline().toll();
    String proof = toll == null ? null : call.request().header(ProofOfWork.FIELD);
    return toll != null
        && proof != null
        && toll.redeem(proof, call) == Verification.Outcome.ACCEPTED;
  }

  private long tenant(Call call) {
    KeyBy by = bulkhead.tenants == null ? KeyBy.pass() : bulkhead.tenants;
    Long hash = call.hash(by);
    return hash == null ? 0 : hash;
  }

  /** A refusal for want of a slot, at once or after a wait. */
  Verdict full(Call call, Admitted admitted, Priority priority) {
    pressure.refused(priority);
    return refused(call, admitted);
  }

  /** What the request was charged goes back, where it can. */
  private Verdict refused(Call call, Admitted admitted) {
    admitted.withdraw();
    long retry = ThreadLocalRandom.current().nextLong(LEAST_RETRY_NANOS, MOST_RETRY_NANOS);
    reports.event(GateEvent.Type.OVERLOADED, null, null, Duration.ofNanos(retry));
    Toll toll = call.pipeline().toll();
    boolean stranger = call.shownPass() == null && !call.hasPaid();
    Offer offer = toll == null || !stranger ? null : Offer.of(toll, call);
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

package io.tidegate.redis;

import io.tidegate.limit.Decision;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One call on one or more limits, on its way to an answer. Answered exactly once: by the server, or
 * by policy when that fails or the deadline comes first.
 */
final class Call implements Deadlines.Pending {

  private static final long NANOS = 1_000;

  final List<RedisCharge> charges;
  final CompletableFuture<JointDecision> answer = new CompletableFuture<>();
  private final Desk desk;
  private final long due;
  private final boolean never;
  private final AtomicBoolean ended = new AtomicBoolean();

  Call(Desk desk, List<RedisCharge> charges, long due) {
    this.desk = desk;
    this.charges = charges;
    this.due = due;
    this.never = charges.stream().anyMatch(RedisCharge::isNever);
  }

  /** What the server is to charge; what can never be admitted only looks. */
  long cost(RedisCharge charge) {
    return never ? 0 : charge.limit.micros.cost(charge.permits);
  }

  /** Takes the server's answer, one number for each limit, from a place in a list. */
  void settle(List<Object> values, int from) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    desk.counts.decided.increment();
    boolean admitted = (Long) values.get(from) >= 0 && !never;
    Deciding deciding = new Deciding();
    for (int i = 0; i < charges.size(); i++) {
      RedisCharge charge = charges.get(i);
      long value = (Long) values.get(from + i);
      long debt = (value >= 0 ? value : -1 - value) * NANOS;
      Micros micros = charge.limit.micros;
      if (admitted) {
        charge.limit.fallback.charge(charge.serverKey, charge.permits);
        deciding.admitted(micros.admitted(debt), i);
      } else if (charge.isNever() || micros.waitNanos(charge.permits, debt) > 0) {
        Decision refusal = micros.notAdmitted(charge.permits, debt);
        if (!charge.isNever()) {
          desk.refusals.remember(charge, refusal);
        }
        deciding.refused(refusal, i);
      }
    }
    answer.complete(deciding.answer());
  }

  /** Answers by policy. */
  void fallBack() {
    if (ended.compareAndSet(false, true)) {
      desk.counts.answeredByPolicy.increment();
      answer.complete(byPolicy());
    }
  }

  private JointDecision byPolicy() {
    Deciding asked = new Deciding();
    for (int i = 0; i < charges.size() && charges.size() > 1; i++) {
      RedisCharge charge = charges.get(i);
      asked.add(charge.limit.fallback.peek(charge.serverKey, charge.permits), i);
    }
    if (asked.isRefused()) {
      return asked.answer();
    }
    Deciding taken = new Deciding();
    for (int i = 0; i < charges.size(); i++) {
      RedisCharge charge = charges.get(i);
      taken.add(charge.limit.fallback.decide(charge.serverKey, charge.permits), i);
      if (taken.isRefused()) {
        // Another call was faster. What the earlier limits gave goes back.
        for (RedisCharge earlier : charges.subList(0, i)) {
          earlier.limit.fallback.giveBack(earlier.serverKey, earlier.permits);
        }
        break;
      }
    }
    return taken.answer();
  }

  @Override
  public boolean isDone() {
    return ended.get();
  }

  @Override
  public long due() {
    return due;
  }

  @Override
  public void expire() {
    fallBack();
  }
}

package io.tidegate;

import io.tidegate.limit.Decision;
import io.tidegate.limit.Reservation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One limit that a request falls under, with its price and, later, the answer. A linked list. */
final class Charge {

  final LimitState limit;
  final Long key;
  final long cost;
  final @Nullable Charge before;

  /** What was taken, where it may have to come back long after. */
  private @Nullable Reservation reservation;

  /** What the limit says; asked for a refusal, and when an admitted client is told. */
  @Nullable Decision decision;

  Charge(LimitState limit, Long key, long cost, @Nullable Charge before) {
    this.limit = limit;
    this.key = key;
    this.cost = cost;
    this.before = before;
  }

  boolean isShadow() {
    return limit.rule.rule.shadow;
  }

  /** Whether the limit is one of a shadow rule; or, of none, whether it is real. */
  boolean isOf(@Nullable RuleState shadow) {
    return shadow == null ? !isShadow() : limit.rule == shadow;
  }

  /** Whether this is the one charge that stands for its rule where rules are counted. */
  boolean isFirstOfRule() {
    return before == null || before.limit.rule != limit.rule;
  }

  boolean admits() {
    return limit.limiter.admits(key, cost);
  }

  boolean take() {
    if (limit.rule.rule.chargeWhen == null) {
      return limit.limiter.tryAcquire(key, cost);
    }
    Reservation reserved = limit.limiter.reserve(key, cost);
    reservation = reserved;
    return reserved.admitted();
  }

  /** Whether something was taken, or tried, that may have to come back long after. */
  boolean isHeld() {
    return reservation != null;
  }

  /** The same, not yet asked or taken, as the first of other charges. */
  Charge onTopOf(@Nullable Charge others) {
    return new Charge(limit, key, cost, others);
  }

  /** Whether the limit has been asked and has refused. */
  boolean refused() {
    Decision asked = decision;
    return asked != null && !asked.admitted() && !isShadow();
  }

  void forEachRefused(Consumer<Charge> action) {
    for (Charge charge = this; charge != null; charge = charge.before) {
      if (charge.refused()) {
        action.accept(charge);
      }
    }
  }

  /**
   * Whether waiting would end the refusal, so that a price can stand in its place.
   *
   * @param byPass whether with a pass, which is all that a page can buy
   */
  boolean isPayable(boolean byPass) {
    Decision asked = decision;
    RuleState rule = limit.rule;
    boolean sold = rule.rule.challenges && (!byPass || rule.isPaidByPass());
    return sold && asked != null && asked.retryAfterNanos() != Refused.NEVER;
  }

  /** Returns what was taken, as far as it still counts. */
  void giveBack() {
    if (reservation != null) {
      reservation.cancel();
    } else if (!limit.limiter.giveBack(key, cost)) {
      limit.rule.counters.forfeited.increment();
    }
  }

  /** Asks the limit, and keeps the answer. */
  Decision ask() {
    Decision asked = limit.limiter.peek(key, cost);
    decision = asked;
    return asked;
  }
}

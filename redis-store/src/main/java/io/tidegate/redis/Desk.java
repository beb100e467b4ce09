package io.tidegate.redis;

import io.tidegate.limit.Decision;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where calls come in: they are refused here if they can be, else put on their way. */
final class Desk {

  final Counts counts;
  final Refusals refusals;
  private final Link link;
  private final Lanes lanes;

  Desk(Link link, Refusals refusals, Counts counts) {
    this.link = link;
    this.refusals = refusals;
    this.counts = counts;
    this.lanes = new Lanes(link);
  }

  CompletionStage<Decision> decide(RedisCharge charge) {
    Decision known = refusals.find(charge);
    if (known != null) {
      counts.refusedHere.increment();
      return CompletableFuture.completedStage(known);
    }
    return send(List.of(charge)).thenApply(JointDecision::decision);
  }

  CompletionStage<JointDecision> decideAll(List<RedisCharge> charges) {
    JointDecision known = find(charges);
    if (known != null) {
      counts.refusedHere.increment();
      return CompletableFuture.completedStage(known);
    }
    return send(charges).minimalCompletionStage();
  }

  private @Nullable JointDecision find(List<RedisCharge> charges) {
    Deciding deciding = new Deciding();
    for (int i = 0; i < charges.size(); i++) {
      Decision known = refusals.find(charges.get(i));
      if (known != null) {
        deciding.refused(known, i);
      }
    }
    return deciding.isRefused() ? deciding.answer() : null;
  }

  private CompletableFuture<JointDecision> send(List<RedisCharge> charges) {
    Call call = new Call(this, charges, System.nanoTime() + link.deadlineNanos());
    lanes.enter(call);
    return call.answer;
  }
}

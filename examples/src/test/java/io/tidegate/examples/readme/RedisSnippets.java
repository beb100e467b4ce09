package io.tidegate.examples.readme;

import io.lettuce.core.RedisURI;
import io.tidegate.Challenges;
import io.tidegate.Gate;
import io.tidegate.Rule;
import io.tidegate.challenge.KeyRing;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Decision;
import io.tidegate.limit.Quota;
import io.tidegate.redis.JointDecision;
import io.tidegate.redis.RedisLimiter;
import io.tidegate.redis.RedisStore;
import java.util.concurrent.CompletionStage;

/** Snippets for several nodes on one server. */
final class RedisSnippets {

  private RedisSnippets() {}

  record User(String tenant, String id) {}

  static void exact(byte[] sharedSecret) {
    // tag::fleet
    RedisStore store =
        RedisStore.builder(RedisURI.create("redis://counter.internal"))
            .secret(sharedSecret) // the same on all nodes, at least 16 random bytes
            .prefix("chat") // one per application
            .nodes(3) // for what a node may do alone
            .build();

    RedisLimiter<String> requests = store.exact("requests", Quota.perMinute(60)).build();
    RedisLimiter<String> tokens = store.exact("tokens", Quota.perHour(100_000)).build();

    CompletionStage<Decision> one = requests.decide("alice");
    CompletionStage<JointDecision> both = // all or nothing
        store.decideAll(requests.charge("alice", 1), tokens.charge("alice", 1_200));
    // end::fleet
    one.thenCombine(both, (first, second) -> first.admitted() && second.decision().admitted());
    together(store);
  }

  static void together(RedisStore store) {
    // tag::together
    RedisLimiter<User> users =
        store.exact("users", Quota.perMinute(60), User::id).together(User::tenant).build();
    // end::together
    users.decide(new User("acme", "alice"));
  }

  static Gate leased(RedisStore store, KeyRing keys, byte[] keySecret) {
    // tag::leased
    Gate gate =
        Gate.builder()
            .keySecret(keySecret) // the same on all nodes, not the store's
            .challenges(
                Challenges.builder(keys) // the same on all nodes
                    .replayGuard(store.replayGuard())
                    .sharedBy(store.leased()) // what visitors' passes are good for
                    .build())
            .rule(
                Rule.named("api")
                    .per(KeyBy.address())
                    .quota(Quota.perMinute(60))
                    .sharedBy(store.leased())
                    .build())
            .build();
    // end::leased
    return gate;
  }
}

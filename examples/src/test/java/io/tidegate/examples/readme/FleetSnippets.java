package io.tidegate.examples.readme;

import io.lettuce.core.RedisURI;
import io.tidegate.Challenges;
import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.challenge.KeyRing;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import io.tidegate.redis.RedisStore;

/** Snippets for a gate on several nodes. */
final class FleetSnippets {

  private FleetSnippets() {}

  static void nodes(byte[] storeSecret, byte[] keySecret, byte[] passSecret) {
    // tag::nodes
    RedisStore store = // the secrets: three, random, the same on all nodes
        RedisStore.builder(RedisURI.create("redis://counter.internal"))
            .secret(storeSecret)
            .nodes(3)
            .build();
    Gate gate =
        Gate.builder()
            .keySecret(keySecret)
            .challenges(
                Challenges.builder(KeyRing.of("2026-11", passSecret))
                    .replayGuard(store.replayGuard()) // a proof counts once, on whichever node
                    .sharedBy(store.leased()) // and so does what a visitor's pass is good for
                    .build())
            .rule(
                Rule.named("register")
                    .match(Match.post("/register"))
                    .per(KeyBy.address())
                    .quota(Quota.perMinute(5)) // by all nodes together
                    .sharedBy(store.leased().lease(1)) // little, since the quota is small
                    .challenge()
                    .build())
            .build();
    // end::nodes
    gate.close();
    store.close();
  }
}

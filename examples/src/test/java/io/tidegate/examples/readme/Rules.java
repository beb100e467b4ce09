package io.tidegate.examples.readme;

import io.tidegate.BanPolicy;
import io.tidegate.Match;
import io.tidegate.Outcome;
import io.tidegate.Rule;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.time.Duration;

/** The rule that most snippets use. */
final class Rules {

  private Rules() {}

  static Rule login() {
    // tag::rule
    Rule login =
        Rule.named("login")
            .match(Match.post("/login"))
            .per(KeyBy.address())
            .quota(Quota.perMinute(10), Quota.perHour(50)) // both, all or none
            .chargeWhen(Outcome::failed) // taken on arrival, given back when the login works
            .ban(
                BanPolicy.after(20, Duration.ofMinutes(1))
                    .banFor(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1)))
            .build();
    // end::rule
    return login;
  }
}

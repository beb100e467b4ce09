package io.tidegate.jmh;

import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;

/**
 * The configuration that all measurements of a whole decision share: five rules, of which two match
 * the measured request, both keyed by the address that one trusted proxy forwards.
 */
public final class FiveRules {

  /** The path that two of the rules are about. */
  public static final String PATH = "/v1/chat/completions";

  private FiveRules() {}

  /**
   * A gate with the five rules.
   *
   * @param everything what an address may ask for in all
   * @param chat what an address may ask for of {@link #PATH}
   * @return a new gate
   */
  public static Gate gate(Quota everything, Quota chat) {
    return Gate.builder()
        .clients(
            ClientResolver.builder()
                .trust("127.0.0.0/8", "10.0.0.0/8")
                .header("X-Forwarded-For")
                .build())
        .rule(Rule.named("everything").per(KeyBy.address()).quota(everything).build())
        .rule(
            Rule.named("register")
                .match(Match.post("/register"))
                .per(KeyBy.address())
                .quota(Quota.perMinute(5))
                .build())
        .rule(
            Rule.named("login")
                .match(Match.post("/login"))
                .per(KeyBy.address())
                .quota(Quota.perMinute(10))
                .build())
        .rule(Rule.named("chat").match(Match.path(PATH)).per(KeyBy.address()).quota(chat).build())
        .rule(
            Rule.named("files")
                .match(Match.get("/files/{owner}/**"))
                .per(KeyBy.address())
                .quota(Quota.perSecond(50))
                .build())
        .build();
  }
}

package io.tidegate;

import io.tidegate.challenge.Verification;
import io.tidegate.overload.Slots;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a gate has done since it was built: a snapshot for operators, safe to log and to show.
 *
 * @param verdicts how many requests met each kind of verdict
 * @param failures how many times something failed inside the gate or in code that a rule calls
 * @param banned how many are in the penalty box now
 * @param rules each rule's counts, in order
 * @param offenders who was refused most, the heaviest first
 * @param notices what looks unsafe in the set-up
 * @param toll who has paid, and what; null without {@link Challenges}
 * @param sea how much more is asked of the service than it can do; calm without a {@link Bulkhead}
 * @param seaSince for how long that has been so
 * @param slots what the slots have done; null without a {@link Bulkhead}
 */
public record GateStatus(
    Map<Verdict.Kind, Long> verdicts,
    long failures,
    int banned,
    List<RuleCounts> rules,
    List<Offender> offenders,
    Set<SetupNotice> notices,
    @Nullable TollCounts toll,
    Sea sea,
    Duration seaSince,
    Slots.@Nullable Report slots) {

  /**
   * What became of the requests that a rule was about. Kept when a gate's rules are replaced by
   * others with the same names.
   *
   * @param rule the rule's name
   * @param admitted how many were let through
   * @param refused how many this rule refused
   * @param challenged how many of those were offered a price
   * @param paid how many went on past this rule for work
   * @param wouldRefuse how many it would have refused, while in shadow
   * @param bans how many bans it gave
   * @param failures how often its own code failed
   * @param forfeited how often permits could not be given back
   * @param keys how many keys it holds, over all its quotas
   * @param crowdedOut how many decisions it made for keys that it had no room for
   */
  public record RuleCounts(
      String rule,
      long admitted,
      long refused,
      long challenged,
      long paid,
      long wouldRefuse,
      long bans,
      long failures,
      long forfeited,
      long keys,
      long crowdedOut) {}

  /**
   * What a gate has asked for in place of closing the door.
   *
   * @param issued how many challenges it gave out
   * @param proofs what became of the proofs and waiting tickets that came back
   * @param visitors what became of the requests with a visitor's pass
   * @param pressure how hard pressed the service is, from 0 to 1
   * @param price what who owes nothing is asked for now, as time on a slow phone
   */
  public record TollCounts(
      long issued,
      Map<Verification.Outcome, Long> proofs,
      RuleCounts visitors,
      double pressure,
      Duration price) {}

  /**
   * Somebody who was refused often. Estimated from a sample of the refusals by the Space-Saving
   * algorithm.
   *
   * @param client who, masked
   * @param refusals about how many refusals, never much too low
   * @param error by how many it may be too high
   */
  public record Offender(String client, long refusals, long error) {}
}

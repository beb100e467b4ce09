package io.tidegate;

import io.tidegate.limit.Ticker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Sets rules to work, with what earlier rules of the same names have counted. */
final class RuleStates {

  private RuleStates() {}

  /**
   * The states of some rules.
   *
   * @param passes whether there are passes to be counted
   * @throws IllegalArgumentException if two rules, or two of their quotas, have one name
   */
  static List<RuleState> of(
      Collection<Rule> rules, List<RuleState> earlier, Ticker ticker, boolean passes) {
    var known =
        earlier.stream().collect(Collectors.toMap(state -> state.rule.name, state -> state));
    Set<String> names = new HashSet<>();
    for (Rule rule : rules) {
      if (!names.add(Objects.requireNonNull(rule, "rule").name)) {
        throw new IllegalArgumentException("rule: " + rule.name + " (expected: a name used once)");
      }
    }
    checkPolicyNames(rules, passes);
    List<RuleState> states = new ArrayList<>(); // from here on, earlier limits are changed
    for (Rule rule : rules) {
      states.add(new RuleState(rule, known.get(rule.name), ticker, passes));
    }
    return states;
  }

  /** Clients know a limit by its name. */
  private static void checkPolicyNames(Collection<Rule> rules, boolean passes) {
    Set<String> names = new HashSet<>();
    if (passes) {
      names.add(Toll.VISITORS);
    }
    for (Rule rule : rules) {
      for (String name : RuleState.policyNames(rule)) {
        if (!names.add(name)) {
          throw new IllegalArgumentException(
              "rule: "
                  + rule.name
                  + " (expected: a name so that no two limits are both called "
                  + name
                  + ")");
        }
      }
    }
  }
}

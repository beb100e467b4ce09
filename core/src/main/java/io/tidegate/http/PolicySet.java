package io.tidegate.http;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The policies that apply to some kind of request, with the field values that follow from them
 * alone. Make one for each combination of rules, once, and use it for every response.
 *
 * <p>Immutable.
 */
public final class PolicySet {

  /** Room for {@code r}, {@code ;t=}, {@code t} and a comma: 15, 3, 9 and 2 characters. */
  private static final int ROOM_FOR_NUMBERS = 29;

  private final List<Policy> policies;
  private final String named;
  private final String numbered;
  private final int room;

  private PolicySet(List<Policy> policies) {
    this.policies = policies;
    this.named = policies.stream().map(Policy::item).collect(Collectors.joining(", "));
    this.numbered =
        policies.stream()
            .filter(this::isNumbered)
            .map(policy -> policy.limit() + ";w=" + policy.seconds())
            .distinct()
            .collect(Collectors.joining(", "));
    this.room =
        policies.stream().mapToInt(policy -> policy.prefix().length() + ROOM_FOR_NUMBERS).sum();
  }

  /**
   * A set in the order given, which is the order in which clients read it.
   *
   * @param policies the policies; may be none
   * @return the set
   * @throws IllegalArgumentException if two policies have one name, since clients tell them apart
   *     by it
   */
  public static PolicySet of(List<Policy> policies) {
    List<Policy> copy = List.copyOf(policies);
    Set<String> names = new HashSet<>();
    for (Policy policy : copy) {
      if (!names.add(policy.name())) {
        throw new IllegalArgumentException(
            "policies: " + copy + " (expected: a name of its own for each)");
      }
    }
    return new PolicySet(copy);
  }

  /**
   * A set in the order given, which is the order in which clients read it.
   *
   * @param policies the policies; may be none
   * @return the set
   * @throws IllegalArgumentException if two policies have one name, since clients tell them apart
   *     by it
   */
  public static PolicySet of(Policy... policies) {
    return of(List.of(policies));
  }

  /**
   * What is in the set.
   *
   * @return the policies, in order; cannot be changed
   */
  public List<Policy> policies() {
    return policies;
  }

  Policy get(int index) {
    return policies.get(index);
  }

  int size() {
    return policies.size();
  }

  /** {@code RateLimit-Policy} with names. */
  String named() {
    return named;
  }

  /** {@code RateLimit-Policy} of the older drafts, which know no names; may be empty. */
  String numbered() {
    return numbered;
  }

  /** How long a {@code RateLimit} value can become. */
  int room() {
    return room;
  }

  /**
   * Whether the older drafts can tell of a policy. They require a window in whole seconds, and they
   * know a policy by its limit, so of several with one limit the tightest speaks, which is the one
   * with the longest window.
   */
  private boolean isNumbered(Policy policy) {
    long longest =
        policies.stream()
            .filter(other -> other.limit() == policy.limit())
            .mapToLong(Policy::seconds)
            .max()
            .orElse(0);
    return policy.seconds() > 0 && policy.seconds() == longest;
  }

  /** The set as {@code RateLimit-Policy} gives it. */
  @Override
  public String toString() {
    return named;
  }
}

package io.tidegate.http;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The policies that apply to some kind of request, with the field values that follow from them
 * alone. Make one for each combination of rules, once, and use it for every response.
 *
 * <p>Safe for use by many threads; what it says never changes.
 */
public final class PolicySet {

  /** Room for {@code r}, {@code ;t=}, {@code t} and a comma: 15, 3, 9 and 2 characters. */
  private static final int ROOM_FOR_NUMBERS = 29;

  /** A power of two. */
  private static final int TOLD = 16;

  private final List<Policy> policies;
  private final String named;
  private final String numbered;
  private final int room;

  /** Some values of {@code RateLimit}: most clients are told the same few, that all is well. */
  private final AtomicReferenceArray<@Nullable Told> told = new AtomicReferenceArray<>(TOLD);

  /** A value of {@code RateLimit}, and the numbers in it. */
  private static final class Told {
    private final long[] numbers;
    private final String value;

    Told(long[] numbers, String value) {
      this.numbers = numbers;
      this.value = value;
    }

    /** Whether this tells of a standing under as many policies. */
    boolean isOf(Standing standing) {
      for (int i = 0; i < numbers.length; i += 2) {
        if (numbers[i] != standing.left(i / 2) || numbers[i + 1] != standing.seconds(i / 2)) {
          return false;
        }
      }
      return true;
    }
  }

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

  /** {@code RateLimit} with names, for a standing under these policies. */
  String told(Standing standing) {
    long mixed = 0;
    for (int i = 0; i < size(); i++) {
      mixed = 31 * (31 * mixed + standing.left(i)) + standing.seconds(i);
    }
    int place = (int) (mixed & (TOLD - 1));
    Told known = told.get(place);
    if (known == null || !known.isOf(standing)) {
      known = tell(standing);
      told.set(place, known);
    }
    return known.value;
  }

  private Told tell(Standing standing) {
    long[] numbers = new long[2 * size()];
    StringBuilder value = new StringBuilder(room);
    for (int i = 0; i < size(); i++) {
      numbers[2 * i] = standing.left(i);
      numbers[2 * i + 1] = standing.seconds(i);
      value
          .append(i == 0 ? "" : ", ")
          .append(get(i).prefix())
          .append(numbers[2 * i])
          .append(";t=")
          .append(numbers[2 * i + 1]);
    }
    return new Told(numbers, value.toString());
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

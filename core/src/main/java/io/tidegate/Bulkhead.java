package io.tidegate;

import io.tidegate.client.KeyBy;
import io.tidegate.overload.Priority;
import io.tidegate.overload.Slots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which requests take a slot while they run, and who goes first when there are not enough.
 *
 * <pre>{@code
 * Bulkhead bulkhead =
 *     Bulkhead.builder(Slots.builder(16).build())
 *         .match(Match.post("/v1/chat/completions").or(Match.post("/register")))
 *         .priority(Match.where(users::hasKey), Priority.ESTABLISHED)
 *         .build();
 * }</pre>
 *
 * <p>A request has the best class that its pass, its proof or a rule here gives it: members are
 * {@link Priority#ESTABLISHED}, visitors and those who have just paid {@link Priority#NEWCOMER},
 * all others {@link Priority#ANONYMOUS}. While the service is pressed, who has no better class than
 * {@link Priority#LOGIN} and has not paid gets no slot, not even an idle one, and is offered a
 * price if the gate has {@link Challenges}. Then it counts how much was paid: less than half of
 * what is asked now leaves the class as it was without, and a visitor's pass buys places in line
 * for the work that it cost, once at once and once more over its hour.
 *
 * <p>Configuration; immutable. The slots are closed by whoever built them.
 */
public final class Bulkhead {

  final Slots slots;
  final Match match;
  final List<Place> places;
  final @Nullable KeyBy tenants;
  final @Nullable Duration maxWait;

  private Bulkhead(Builder builder) {
    this.slots = builder.slots;
    this.match = builder.match;
    this.places = List.copyOf(builder.places);
    this.tenants = builder.tenants;
    this.maxWait = builder.maxWait;
  }

  /** Requests of one class. */
  record Place(Match match, Priority priority) {}

  /**
   * Starts a bulkhead.
   *
   * @param slots the slots, which several gates may share
   * @return a builder
   */
  public static Builder builder(Slots slots) {
    return new Builder(slots);
  }

  /** Builds a bulkhead; what is not said has the default that its method names. Not thread-safe. */
  public static final class Builder {

    private static final Duration DAY = Duration.ofDays(1);

    private final Slots slots;
    private Match match = Match.all();
    private final List<Place> places = new ArrayList<>();
    private @Nullable KeyBy tenants;
    private @Nullable Duration maxWait;

    private Builder(Slots slots) {
      this.slots = Objects.requireNonNull(slots, "slots");
    }

    /**
     * Which requests take a slot; all that the gate admits if not said.
     *
     * @param match what costs the service something
     * @return this builder
     */
    public Builder match(Match match) {
      this.match = Objects.requireNonNull(match, "match");
      return this;
    }

    /**
     * Puts requests into a class. Of several that match, and of what the pass says, the best
     * counts.
     *
     * @param match which requests; not what a client can claim for free
     * @param priority their class
     * @return this builder
     */
    public Builder priority(Match match, Priority priority) {
      places.add(
          new Place(
              Objects.requireNonNull(match, "match"),
              Objects.requireNonNull(priority, "priority")));
      return this;
    }

    /**
     * Who waits in turn inside a class: the tenant who was served least goes first. By pass if not
     * said; those without a key wait as one.
     *
     * @param tenants the key
     * @return this builder
     */
    public Builder tenants(KeyBy tenants) {
      this.tenants = Objects.requireNonNull(tenants, "tenants");
      return this;
    }

    /**
     * In what time a request must have got its slot and its answer; what the slots say if not said.
     *
     * @param maxWait more than zero, at most a day
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder maxWait(Duration maxWait) {
      if (maxWait.isNegative() || maxWait.isZero() || maxWait.compareTo(DAY) > 0) {
        throw new IllegalArgumentException(
            "maxWait: " + maxWait + " (expected: more than zero, at most " + DAY + ")");
      }
      this.maxWait = maxWait;
      return this;
    }

    /**
     * Builds the bulkhead.
     *
     * @return the bulkhead, for one gate
     */
    public Bulkhead build() {
      return new Bulkhead(this);
    }
  }
}

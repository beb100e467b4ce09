package io.tidegate.examples.drill.sim;

import io.tidegate.Verdict;
import io.tidegate.challenge.Solver;
import io.tidegate.client.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * People who come to register, each with a slow phone. They do what a browser does with the
 * library's script: post, solve what is asked, post again with the proof; and where the service is
 * busy, begin anew after the time that they are told.
 */
final class Humans {

  /** The least and the most of what the library tells those to wait whom it has no slot for. */
  private static final long LEAST_RETRY = Scenario.SECOND;

  private static final long MOST_RETRY = 4 * Scenario.SECOND;

  private final World world;
  private final Draws arrivals;
  private final Draws luck;
  private final Draws waits;
  private final double gap;

  /** How long each of those took who were counted and got in, in nanoseconds. */
  private final List<Long> times = new ArrayList<>();

  private int count;
  private int counted;
  private int countedIn;

  private Humans(World world) {
    long seed = world.scenario.seed();
    this.world = world;
    this.arrivals = new Draws(seed, "humans");
    this.luck = new Draws(seed, "humans' luck");
    this.waits = new Draws(seed, "humans' waits");
    this.gap = Scenario.SECOND / (Scenario.HUMANS * world.scenario.size());
  }

  static Humans begin(World world) {
    Humans humans = new Humans(world);
    humans.next();
    return humans;
  }

  private void next() {
    world.agenda.in(
        arrivals.exponential(gap),
        () -> {
          new Human(world.crowd.human(count++)).come();
          next();
        });
  }

  private final class Human {
    private final IpAddress address;
    private final long arrived = world.agenda.now();

    Human(IpAddress address) {
      this.address = address;
    }

    void come() {
      world.tally.humanCame(arrived);
      counted += Scenario.isCounted(arrived) ? 1 : 0;
      post(null);
    }

    private void post(@Nullable String proof) {
      if (world.agenda.now() - arrived < Scenario.HUMAN_PATIENCE) {
        world.send(new Post(this, address).proof(proof));
      }
    }

    void refused(Verdict verdict) {
      Told.Asked asked = Told.challenge(verdict);
      if (asked == null) {
        world.agenda.in(retry(verdict), () -> post(null));
        return;
      }
      double digests = (double) asked.work() * Scenario.DIGESTS_FOR_ONE * luck.luck();
      long solving = (long) (digests / Scenario.PHONE * Scenario.SECOND);
      world.agenda.in(solving, () -> post(Solver.solve(asked.token(), () -> false)));
    }

    /**
     * As told; but what is told where there is no slot is chance that no seed reaches, so that is
     * drawn again from the same range.
     */
    private long retry(Verdict verdict) {
      if (verdict.kind() != Verdict.Kind.OVERLOADED) {
        return Told.retryAfter(verdict);
      }
      long drawn = waits.between(LEAST_RETRY, MOST_RETRY);
      return (drawn + Scenario.SECOND - 1) / Scenario.SECOND * Scenario.SECOND;
    }

    void registered() {
      long took = world.agenda.now() - arrived;
      if (took > Scenario.HUMAN_PATIENCE) {
        return;
      }
      world.tally.humanIn(arrived, took);
      if (Scenario.isCounted(arrived)) {
        countedIn++;
        times.add(took);
      }
    }
  }

  private final class Post extends Sent {
    private final Human human;

    Post(Human human, IpAddress address) {
      super(world, Role.NEWCOMERS, REGISTER, address);
      this.human = human;
    }

    @Override
    void answered(Verdict verdict) {
      human.refused(verdict);
    }

    @Override
    void served() {
      human.registered();
    }
  }

  /** How many came whose patience ended within the attack. */
  int counted() {
    return counted;
  }

  /** How many of them were registered in time. */
  int countedIn() {
    return countedIn;
  }

  /** What the middle one of those took who were registered, in seconds; 0 if nobody was. */
  double medianSeconds() {
    List<Long> sorted = times.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2) / (double) Scenario.SECOND;
  }
}

package io.tidegate.examples.drill.sim;

import io.tidegate.Verdict;
import io.tidegate.challenge.Solver;
import io.tidegate.client.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Attackers who solve: many addresses, and one fixed number of digests a second for all of them
 * together. They always have work at hand, the cheapest first, and never wait as they are told.
 */
final class Solvers {

  /** How many challenges they keep at hand, beside a hundredth of a second's. */
  private static final int AT_HAND = 16;

  /** For how long hoarders gather; the price has risen by then. */
  private static final long GATHER = 2 * Scenario.SECOND;

  /** After which time a pass that was refused is shown again, at least. */
  private static final long AGAIN = 250 * Scenario.MILLI;

  /** How many requests a second come from all passes together, at most. */
  private static final double WITH_PASSES = 10_000;

  private final World world;
  private final Draws choices;
  private final Draws luck;
  private final double hashesPerSecond;
  private final Queue<Job> jobs =
      new PriorityQueue<>(Comparator.comparingLong(Job::work).thenComparingLong(Job::number));
  private final List<String> passes = new ArrayList<>();
  private final int most;
  private boolean isSolving;
  private long number;
  private long solved;
  private long registered;
  private double paidMillis;

  private record Job(String token, long work, IpAddress address, long number) {}

  Solvers(World world) {
    Scenario scenario = world.scenario;
    this.world = world;
    this.choices = new Draws(scenario.seed(), "solvers");
    this.luck = new Draws(scenario.seed(), "solvers' luck");
    this.hashesPerSecond = scenario.hashesPerSecond();
    double perSecond = scenario.size() * scenario.solvers() * scenario.times();
    this.most = (int) (perSecond * (Scenario.ATTACK_TO - Scenario.ATTACK_FROM));
  }

  void begin() {
    if (hashesPerSecond > 0) {
      world.agenda.at(Scenario.ATTACK_FROM * Scenario.SECOND, this::start);
    }
  }

  private void start() {
    double atHand = AT_HAND + world.scenario.solvers() * world.scenario.times() / 100;
    for (int i = 0; i < atHand; i++) {
      ask();
    }
  }

  private boolean isOver() {
    return world.agenda.now() >= Scenario.ATTACK_TO * Scenario.SECOND;
  }

  /** Gets a challenge, by a registration without a proof. */
  private void ask() {
    post(world.crowd.bot(choices.below(world.crowd.bots())), null);
  }

  private void post(IpAddress address, @Nullable String proof) {
    world.send(
        new Sent(world, Role.ATTACKERS, Sent.REGISTER, address) {
          @Override
          void answered(Verdict verdict) {
            Told.Asked asked = Told.challenge(verdict);
            if (asked != null) {
              add(asked, address);
            } else if (proof == null && !isOver()) {
              world.agenda.in(AGAIN, () -> ask());
            }
          }

          @Override
          void served() {
            registered++;
            if (proof == null && !isOver()) {
              ask();
            }
          }
        }.proof(proof));
  }

  /** What the flood is told: hoarders keep the challenges of the first moments, while cheap. */
  void see(Verdict verdict, IpAddress address) {
    boolean early = world.agenda.now() < Scenario.ATTACK_FROM * Scenario.SECOND + GATHER;
    if (world.scenario.hoard() && early && jobs.size() < most) {
      Told.Asked asked = verdict.kind() == Verdict.Kind.CHALLENGED ? Told.challenge(verdict) : null;
      if (asked != null) {
        add(asked, address);
      }
    }
  }

  private void add(Told.Asked asked, IpAddress address) {
    jobs.add(new Job(asked.token(), asked.work(), address, number++));
    if (!isSolving) {
      solveNext();
    }
  }

  private void solveNext() {
    Job job = isOver() ? null : jobs.poll();
    isSolving = job != null;
    if (job != null) {
      double digests = (double) job.work * Scenario.DIGESTS_FOR_ONE * luck.luck();
      long takes = (long) (digests / hashesPerSecond * Scenario.SECOND);
      world.agenda.in(takes, () -> solved(job));
    }
  }

  private void solved(Job job) {
    if (!isOver()) {
      solved++;
      paidMillis += job.work * Scenario.DIGESTS_FOR_ONE / Scenario.PHONE * 1_000;
      String proof = Solver.solve(job.token, () -> false);
      if (world.scenario.strategy() == Strategy.PROOF) {
        post(job.address, proof);
      } else {
        buyPass(job.address, proof);
      }
      ask();
      solveNext();
    }
  }

  private void buyPass(IpAddress address, String proof) {
    world.send(
        new Sent(world, Role.ATTACKERS, Sent.BUY_PASS, address) {
          @Override
          void answered(Verdict verdict) {
            String bought = Told.pass(verdict);
            if (bought != null) {
              passes.add(bought);
              if (world.scenario.strategy() == Strategy.PASS) {
                usePass(bought, address);
              }
            }
          }

          @Override
          void served() {
            // the gate answers this itself
          }
        }.proof(proof));
  }

  /** Registers with a pass, over and over. */
  private void usePass(String bought, IpAddress address) {
    if (isOver()) {
      return;
    }
    world.send(
        new Sent(world, Role.ATTACKERS, Sent.REGISTER, address) {
          @Override
          void answered(Verdict verdict) {
            boolean busy = verdict.kind() == Verdict.Kind.OVERLOADED;
            long wait = busy ? again() : Told.retryAfter(verdict);
            world.agenda.in(wait, () -> usePass(bought, address));
          }

          @Override
          void served() {
            registered++;
            usePass(bought, address);
          }
        }.pass(bought));
  }

  private long again() {
    double all = WITH_PASSES * world.scenario.size();
    return Math.max(AGAIN, (long) (passes.size() / all * Scenario.SECOND));
  }

  /** A pass for the flood to show; null if it has none. */
  @Nullable String anyPass() {
    return world.scenario.strategy() != Strategy.SHARED_PASS || passes.isEmpty()
        ? null
        : passes.get(choices.below(passes.size()));
  }

  /** How many challenges were solved. */
  long solved() {
    return solved;
  }

  /** How many accounts the solvers made. */
  long registered() {
    return registered;
  }

  int passes() {
    return passes.size();
  }

  /** What a challenge that was solved cost on average, in milliseconds on the reference phone. */
  double meanPaidMillis() {
    return solved == 0 ? 0 : paidMillis / solved;
  }
}

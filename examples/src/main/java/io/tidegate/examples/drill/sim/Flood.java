package io.tidegate.examples.drill.sim;

import io.tidegate.Verdict;
import io.tidegate.client.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Attackers who solve nothing: registrations and anonymous calls, half and half, each from any of
 * the bots' addresses. Half of those who are refused send once more at once.
 */
final class Flood implements Source {

  private final World world;
  private final Solvers solvers;
  private final Draws arrivals;
  private final Draws choices;
  private final double gap;
  private long next;

  Flood(World world, Solvers solvers) {
    this.world = world;
    this.solvers = solvers;
    this.arrivals = new Draws(world.scenario.seed(), "flood");
    this.choices = new Draws(world.scenario.seed(), "flood's choices");
    double rate = world.scenario.flood() * world.scenario.size();
    this.gap = Scenario.SECOND / rate;
    this.next = rate > 0 ? Scenario.ATTACK_FROM * Scenario.SECOND : Long.MAX_VALUE;
  }

  @Override
  public long next() {
    return next;
  }

  @Override
  public void run() {
    next += 1 + arrivals.exponential(gap);
    if (next >= Scenario.ATTACK_TO * Scenario.SECOND) {
      next = Long.MAX_VALUE;
    }
    IpAddress address = world.crowd.bot(choices.below(world.crowd.bots()));
    boolean registers = choices.isHeads();
    String path = registers ? Sent.REGISTER : Sent.CHAT;
    String pass = registers ? null : solvers.anyPass();
    world.send(new Attempt(path, address, choices.isHeads(), pass).pass(pass));
  }

  private final class Attempt extends Sent {
    private final String path;
    private final IpAddress address;
    private final boolean again;
    private final @Nullable String shown;

    Attempt(String path, IpAddress address, boolean again, @Nullable String shown) {
      super(world, Role.ATTACKERS, path, address);
      this.path = path;
      this.address = address;
      this.again = again;
      this.shown = shown;
    }

    @Override
    void answered(Verdict verdict) {
      solvers.see(verdict, address);
      if (again) {
        world.send(new Attempt(path, address, false, shown).pass(shown));
      }
    }

    @Override
    void served() {
      // the attacker has what he wanted: a slot's work
    }
  }
}

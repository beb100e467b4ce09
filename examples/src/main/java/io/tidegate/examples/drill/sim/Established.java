package io.tidegate.examples.drill.sim;

import io.tidegate.Verdict;

/** Users who were there before: an open stream of calls, none of which is tried again. */
final class Established {

  private final World world;
  private final Draws draws;
  private final double gap;

  private Established(World world) {
    this.world = world;
    this.draws = new Draws(world.scenario.seed(), "established");
    this.gap = Scenario.SECOND / (Scenario.ESTABLISHED * world.scenario.size());
  }

  static void begin(World world) {
    new Established(world).next();
  }

  private void next() {
    world.agenda.in(
        draws.exponential(gap),
        () -> {
          call(draws.below(world.crowd.established()), draws.isHeads());
          next();
        });
  }

  private void call(int user, boolean byKey) {
    long arrived = world.agenda.now();
    world.tally.establishedCame(arrived);
    world.send(
        new Sent(world, Role.ESTABLISHED, Sent.CHAT, world.crowd.home(user)) {
          @Override
          void answered(Verdict verdict) {
            // counted as not served
          }

          @Override
          void served() {
            world.tally.establishedServed(arrived, world.agenda.now());
          }
        }.authorization(byKey ? world.crowd.apiKey(user) : null)
            .cookie(byKey ? null : world.crowd.pass(user)));
  }
}

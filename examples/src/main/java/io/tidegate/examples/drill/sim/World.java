package io.tidegate.examples.drill.sim;

import io.tidegate.Verdict;
import java.util.List;

/** One run of a scenario: all who send, the server's front end, the library's gate, the slots. */
final class World {

  final Scenario scenario;
  final Crowd crowd;
  final Agenda agenda = new Agenda();
  final SimulatedGate gate;
  final FrontEnd frontEnd;
  final Tally tally = new Tally();

  private final Draws service;

  private World(Scenario scenario, Crowd crowd) {
    this.scenario = scenario;
    this.crowd = crowd;
    this.gate = new SimulatedGate(crowd, scenario);
    this.service = new Draws(scenario.seed(), "service");
    this.frontEnd =
        new FrontEnd(
            agenda, Scenario.CORES, Scenario.REQUEST_NANOS / scenario.size(), this::decide);
  }

  /** Runs it, from calm to calm. */
  static Result run(Scenario scenario, Crowd crowd) {
    World world = new World(scenario, crowd);
    try {
      return world.run();
    } finally {
      world.gate.close();
    }
  }

  private Result run() {
    var solvers = new Solvers(this);
    var flood = new Flood(this, solvers);
    Established.begin(this);
    Humans humans = Humans.begin(this);
    solvers.begin();
    for (int second = 1; second <= Scenario.SECONDS; second++) {
      int index = second - 1;
      agenda.at(second * Scenario.SECOND - 1, () -> tally.look(index, gate));
    }
    List<Source> sources = List.of(agenda, flood, frontEnd);
    long end = Scenario.SECONDS * Scenario.SECOND;
    for (Source next = first(sources); next.next() < end; next = first(sources)) {
      agenda.moveTo(next.next());
      gate.moveTo(agenda.now());
      next.run();
    }
    return new Result(scenario, tally, humans, solvers, frontEnd);
  }

  private static Source first(List<Source> sources) {
    Source first = sources.get(0);
    for (int i = 1; i < sources.size(); i++) {
      first = sources.get(i).next() < first.next() ? sources.get(i) : first;
    }
    return first;
  }

  void send(Sent request) {
    tally.sent(request.role, agenda.now());
    frontEnd.receive(request);
  }

  private void decide(Sent request) {
    Verdict verdict = gate.gate.enter(request, request);
    if (verdict != null) {
      decided(request, verdict);
    }
  }

  /** The gate's word, at once or later. */
  void decided(Sent request, Verdict verdict) {
    if (!verdict.admitted()) {
      tally.refused(request.role, verdict.kind(), agenda.now());
      request.answered(verdict);
      return;
    }
    long work = service.exponential(Scenario.SERVICE_NANOS);
    agenda.in(
        work,
        () -> {
          tally.worked(request.role, work, agenda.now());
          verdict.permit().close(200);
          request.served();
        });
  }
}

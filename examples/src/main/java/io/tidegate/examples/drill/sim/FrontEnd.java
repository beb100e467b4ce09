package io.tidegate.examples.drill.sim;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * What a request takes of the server's processors before it is decided, whatever the decision:
 * first come, first served on some cores. So refusals cost something, and a flood that is too large
 * has everybody wait.
 */
final class FrontEnd implements Source {

  private final Agenda agenda;
  private final Consumer<Sent> done;
  private final double cost;
  private final ArrayDeque<Sent> sent = new ArrayDeque<>();
  private final ArrayDeque<Long> ends = new ArrayDeque<>();
  private final long[] freeAt;
  private int core;
  private long handled;
  private long longestWait;

  FrontEnd(Agenda agenda, int cores, double cost, Consumer<Sent> done) {
    this.agenda = agenda;
    this.done = done;
    this.cost = cost;
    this.freeAt = new long[cores];
  }

  /** A request has come in. As all take as long, the cores come free in turn. */
  void receive(Sent request) {
    long now = agenda.now();
    long begin = Math.max(now, freeAt[core]);
    long end = begin + (long) cost;
    freeAt[core] = end;
    core = (core + 1) % freeAt.length;
    longestWait = Math.max(longestWait, begin - now);
    sent.add(request);
    ends.add(end);
  }

  @Override
  public long next() {
    Long first = ends.peek();
    return first == null ? Long.MAX_VALUE : first;
  }

  @Override
  public void run() {
    handled++;
    ends.remove();
    done.accept(sent.remove());
  }

  /** How many requests were decided so far. */
  long handled() {
    return handled;
  }

  /** The longest that a request waited for a core, in nanoseconds. */
  long longestWait() {
    return longestWait;
  }

  /** The share of all cores' time that so many requests take in some seconds. */
  double utilisation(long requests, double seconds) {
    return requests * cost / (freeAt.length * seconds * Scenario.SECOND);
  }
}

package io.tidegate.examples.drill.sim;

import java.util.PriorityQueue;

/** What is to be done at which time; of two at one time, the one that was noted first. */
final class Agenda implements Source {

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long now;
  private long noted;

  private record Entry(long at, long number, Runnable work) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /** The time, in nanoseconds from the start. */
  long now() {
    return now;
  }

  void moveTo(long time) {
    now = time;
  }

  void in(long nanos, Runnable work) {
    at(now + nanos, work);
  }

  void at(long time, Runnable work) {
    entries.add(new Entry(Math.max(now, time), noted++, work));
  }

  @Override
  public long next() {
    Entry first = entries.peek();
    return first == null ? Long.MAX_VALUE : first.at;
  }

  @Override
  public void run() {
    entries.remove().work.run();
  }
}

package io.tidegate.examples.drill;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What became of the requests of one role, by the second in which they were to be sent. */
final class Tally {

  private final int seconds;
  private final int[] sent;
  private final int[] ok;
  private final int[] timedOut;
  private final int[] unanswered;
  private final Map<Integer, int[]> refused = new TreeMap<>();
  private final Latencies[] latencies;

  Tally(int seconds) {
    this.seconds = seconds;
    this.sent = new int[seconds];
    this.ok = new int[seconds];
    this.timedOut = new int[seconds];
    this.unanswered = new int[seconds];
    this.latencies = new Latencies[seconds];
    Arrays.setAll(latencies, second -> new Latencies());
  }

  void sent(int second) {
    if (isIn(second)) {
      sent[second]++;
      unanswered[second]++;
    }
  }

  /**
   * An answer. Those that were served and those that nobody waited for longer have a latency; who
   * is refused has none.
   *
   * @param served whether the service did what it was asked
   */
  void answered(int second, Answer answer, boolean served, long nanos) {
    if (!isIn(second)) {
      return;
    }
    unanswered[second]--;
    if (served) {
      ok[second]++;
      latencies[second].add(nanos);
    } else if (answer.status() == Answer.TIMED_OUT || answer.status() == 504) {
      timedOut[second]++;
      latencies[second].add(nanos);
    } else {
      refused.computeIfAbsent(answer.status(), status -> new int[seconds])[second]++;
    }
  }

  private boolean isIn(int second) {
    return second >= 0 && second < seconds;
  }

  private static int sum(int[] series, int from, int to) {
    return Arrays.stream(series, from, to).sum();
  }

  double okPct(int from, int to) {
    int all = sum(sent, from, to);
    return all == 0 ? 100 : 100.0 * sum(ok, from, to) / all;
  }

  int sent(int from, int to) {
    return sum(sent, from, to);
  }

  /** Milliseconds; not a number if nobody was served. */
  double percentile(double share, int from, int to) {
    Latencies all = new Latencies();
    for (int i = from; i < to; i++) {
      all.add(latencies[i]);
    }
    return all.percentileMillis(share);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("sent", array(sent));
    json.set("ok", array(ok));
    int[] noAnswer = timedOut.clone();
    Arrays.setAll(noAnswer, i -> timedOut[i] + unanswered[i]);
    json.set("timedOut", array(noAnswer));
    ArrayNode p50 = json.putArray("p50Ms");
    ArrayNode p99 = json.putArray("p99Ms");
    for (Latencies second : latencies) {
      put(p50, second.percentileMillis(0.5));
      put(p99, second.percentileMillis(0.99));
    }
    ObjectNode byStatus = json.putObject("refused");
    refused.forEach(
        (status, counts) ->
            byStatus.set(
                status == Answer.BROKEN ? "broken" : Integer.toString(status), array(counts)));
    return json;
  }

  private static void put(ArrayNode to, double value) {
    if (Double.isNaN(value)) {
      to.addNull();
    } else {
      to.add(value);
    }
  }

  static ArrayNode array(int[] values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (int value : values) {
      array.add(value);
    }
    return array;
  }
}

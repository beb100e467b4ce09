package io.tidegate.redis;

import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls travel together: in a lane one script call is under way, and the calls that come meanwhile
 * share the next one, which decides them in their order. So a call may wait for the one before it,
 * a round trip at most; and the server, however many callers there are and however hot a key is,
 * has one script call a round trip from each node, which costs it less than one for each decision.
 *
 * <p>A server has one lane. On a cluster each slot has, since a script's keys must be in one.
 *
 * <p>A lane exists while a script call for it is under way. Its state is changed within {@link
 * ConcurrentMap#compute} only.
 */
final class Lanes {

  private static final class Lane {
    final Call first;
    final Queue<Call> waiting = new ArrayDeque<>();

    Lane(Call first) {
      this.first = first;
    }
  }

  /**
   * Of charges. A server does nothing else while a script runs: a quarter of a millisecond here.
   */
  static final int MOST_TOGETHER = 128;

  private static final int MOST_WAITING = 64 * MOST_TOGETHER;

  private final Link link;
  private final ConcurrentMap<Integer, Lane> lanes = new ConcurrentHashMap<>();

  Lanes(Link link) {
    this.link = link;
  }

  /** Sends a call, now or with others. */
  void enter(Call call) {
    Integer id = laneOf(call);
    boolean[] full = new boolean[1];
    Lane lane =
        lanes.compute(
            id,
            (key, old) -> {
              if (old == null) {
                return new Lane(call);
              }
              full[0] = old.waiting.size() >= MOST_WAITING;
              if (!full[0]) {
                old.waiting.add(call);
              }
              return old;
            });
    if (lane.first == call) {
      send(id, List.of(call));
    } else if (full[0]) {
      call.fallBack();
    } else {
      link.deadlines.add(call);
    }
  }

  private Integer laneOf(Call call) {
    return link.isCluster() ? SlotHash.getSlot(call.charges.get(0).serverKey) : 0;
  }

  private void send(Integer lane, List<Call> calls) {
    Together together = new Together(calls);
    link.run(Script.DECIDE, together.keys, together.args, new Batch(lane, calls));
  }

  /** Sends what came meanwhile, if anything. */
  private void next(Integer id) {
    List<Call> batch = new ArrayList<>();
    lanes.computeIfPresent(id, (key, lane) -> take(lane, batch));
    if (!batch.isEmpty()) {
      send(id, batch);
    }
  }

  /** Takes the calls that can travel together; returns null if there are none, to end the lane. */
  private static @Nullable Lane take(Lane lane, List<Call> batch) {
    int charges = 0;
    for (Call call = lane.waiting.peek(); call != null; call = lane.waiting.peek()) {
      if (!call.isDone()) {
        charges += call.charges.size();
        if (charges > MOST_TOGETHER) {
          break;
        }
        batch.add(call);
      }
      lane.waiting.remove();
    }
    return batch.isEmpty() ? null : lane;
  }

  /** The server is not there, so those that wait need not wait for it. */
  private void end(Integer id) {
    Lane ended = lanes.remove(id);
    if (ended != null) {
      ended.waiting.forEach(Call::fallBack);
    }
  }

  private final class Batch implements Link.Reply {
    private final Integer lane;
    private final List<Call> calls;

    Batch(Integer lane, List<Call> calls) {
      this.lane = lane;
      this.calls = calls;
    }

    @Override
    public void answered(List<Object> values) {
      next(lane);
      int from = 0;
      for (Call call : calls) {
        call.settle(values, from);
        from += call.charges.size();
      }
    }

    @Override
    public void failed(Throwable why) {
      if (why == Unavailable.LATE) {
        next(lane);
      } else {
        end(lane);
      }
      calls.forEach(Call::fallBack);
    }
  }
}

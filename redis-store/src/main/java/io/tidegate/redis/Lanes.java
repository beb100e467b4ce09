package io.tidegate.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls on the same keys travel together: one script call is under way for them, and those that
 * come meanwhile share the next one, which decides them in their order. So a hot key costs the
 * server one script call per round trip, however many callers there are.
 *
 * <p>A lane exists while a script call for it is under way, so there are no more of them than the
 * connection's queue holds. A lane's state is changed within {@link ConcurrentMap#compute} only.
 */
final class Lanes {

  private static final class Lane {
    final Call first;
    final Queue<Call> waiting = new ArrayDeque<>();

    Lane(Call first) {
      this.first = first;
    }
  }

  private static final int MOST_TOGETHER = 256;
  private static final int MOST_WAITING = 8 * MOST_TOGETHER;

  private final Link link;
  private final ConcurrentMap<String, Lane> lanes = new ConcurrentHashMap<>();

  Lanes(Link link) {
    this.link = link;
  }

  /** Sends a call, now or with others. */
  void enter(Call call) {
    boolean[] full = new boolean[1];
    Lane lane =
        lanes.compute(
            call.lane,
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
      send(List.of(call));
    } else if (full[0]) {
      call.fallBack();
    } else {
      link.deadlines.add(call);
    }
  }

  private void send(List<Call> calls) {
    Call first = calls.get(0);
    int limits = first.charges.size();
    String[] keys = new String[limits];
    String[] args = new String[limits + limits * calls.size()];
    int next = 0;
    for (RedisCharge charge : first.charges) {
      keys[next] = charge.serverKey;
      args[next++] = Long.toString(charge.limit.micros.tolerance());
    }
    for (Call call : calls) {
      for (int i = 0; i < limits; i++) {
        args[next++] = Long.toString(call.cost(i));
      }
    }
    link.run(Script.DECIDE, keys, args, new Batch(calls, limits));
  }

  /** Sends what came meanwhile, if anything. */
  private void next(String lane) {
    List<Call> batch = new ArrayList<>();
    lanes.computeIfPresent(lane, (key, old) -> take(old, batch));
    if (!batch.isEmpty()) {
      send(batch);
    }
  }

  /** Takes the calls that can travel together; returns null if there are none, to end the lane. */
  private static @Nullable Lane take(Lane lane, List<Call> batch) {
    while (batch.size() < MOST_TOGETHER) {
      Call call = lane.waiting.peek();
      if (call == null || (!batch.isEmpty() && !call.agreesWith(batch.get(0)))) {
        break;
      }
      lane.waiting.remove();
      if (!call.isDone()) {
        batch.add(call);
      }
    }
    return batch.isEmpty() ? null : lane;
  }

  /** The server is not there, so those that wait need not wait for it. */
  private void end(String lane) {
    Lane ended = lanes.remove(lane);
    if (ended != null) {
      ended.waiting.forEach(Call::fallBack);
    }
  }

  private final class Batch implements Link.Reply {
    private final List<Call> calls;
    private final int limits;

    Batch(List<Call> calls, int limits) {
      this.calls = calls;
      this.limits = limits;
    }

    @Override
    public void answered(List<Object> values) {
      next(calls.get(0).lane);
      for (int i = 0; i < calls.size(); i++) {
        calls.get(i).settle(values, i * limits);
      }
    }

    @Override
    public void failed(Throwable why) {
      if (why == Unavailable.LATE) {
        next(calls.get(0).lane);
      } else {
        end(calls.get(0).lane);
      }
      calls.forEach(Call::fallBack);
    }
  }
}

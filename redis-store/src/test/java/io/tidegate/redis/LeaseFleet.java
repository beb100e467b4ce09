package io.tidegate.redis;

import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.ManualTicker;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Some nodes and a server in virtual time: a hand-written script, and replies that take a while.
 */
final class LeaseFleet {

  static final Duration DEADLINE = Duration.ofMillis(5);

  private record Event(long at, long order, Runnable work) {}

  final ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - 1_000_000_000L);
  final List<Node> nodes = new ArrayList<>();
  final Quota quota;
  final WhenDown whenDown;
  final long lease;
  private final SplittableRandom random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong((Event e) -> e.at - Long.MIN_VALUE / 2)
              .thenComparingLong(Event::order));
  private final ServerKeys keys = new ServerKeys("model", Stores.SECRET);
  private final Map<String, Long> arrivals = new HashMap<>();
  private final long origin = ticker.read();
  private long order;

  /** How long a way takes at most, each way. */
  long longestWayNanos = 400_000;

  /** How many of a thousand calls get lost, on either way. */
  int lostOfAThousand;

  /** Whether the server does not run. */
  boolean dead;

  /** Whether nodes do not even ask. */
  boolean suspended;

  /** Whether nodes find out at once that they cannot reach the server. */
  boolean cutOff;

  /** Mistakes for tests to find. */
  enum Mistake {
    /** A node that hears nothing takes it for granted. */
    BELIEVES_IN_WHAT_IT_DID_NOT_HEAR,
    /** A node does not tell what it let pass. */
    FORGETS_TO_TELL,
    /** A node that starts again finds its last lease, used or not. */
    FINDS_LEASES_AGAIN,
    /** A node's share is a fresh one each time that it has lost the server. */
    STARTS_WITH_A_FRESH_SHARE,
    /** The server does not charge what it grants, and so grants it once more. */
    GRANTS_TWICE,
    /** Leases do not end. */
    FORGETS_THE_END
  }

  private @Nullable Mistake mistake;

  int calls;

  LeaseFleet(SplittableRandom random, int size, Quota quota, long lease, WhenDown whenDown) {
    this.random = random;
    this.quota = quota;
    this.lease = lease;
    this.whenDown = whenDown;
    for (int i = 0; i < size; i++) {
      nodes.add(new Node(size));
    }
  }

  /** Makes nodes or the server err, from the next start of a node on. */
  LeaseFleet with(@Nullable Mistake mistake) {
    this.mistake = mistake;
    nodes.forEach(Node::start);
    return this;
  }

  /** Nanoseconds since the start. */
  long now() {
    return ticker.read() - origin;
  }

  /** Lets time pass, and happen what is due in it. */
  void pass(long nanos) {
    long end = now() + nanos;
    while (!events.isEmpty() && events.peek().at <= end) {
      Event event = events.remove();
      ticker.advanceNanos(event.at - now());
      event.work.run();
    }
    ticker.advanceNanos(end - now());
  }

  private void after(long nanos, Runnable work) {
    events.add(new Event(now() + nanos, order++, work));
  }

  boolean isQuiet() {
    return events.isEmpty();
  }

  /** The server comes back without what it knew. */
  void loseMemory() {
    arrivals.clear();
  }

  /** What lease.lua does. */
  long[] script(String key, long burst, long permit, long back, long ahead, long wanted) {
    long micros = now() / 1_000;
    long owed = Math.max(arrivals.getOrDefault(key, 0L) - micros, 0);
    if (owed > 2 * burst) {
      owed = burst;
    }
    owed = Math.max(owed - back * permit, 0);
    long charged = Math.min(ahead, (2 * burst - owed) / permit);
    owed += charged * permit;
    long granted = Math.min(wanted, Math.max((burst - owed) / permit, 0));
    owed += mistake == Mistake.GRANTS_TWICE ? 0 : granted * permit;
    arrivals.put(key, micros + owed);
    return new long[] {charged, granted, owed};
  }

  final class Node implements LeaseServer {

    private final int size;
    KeyedRateLimiter<Long> limiter;
    private LeaseTable table;
    private LeaseRules rules;
    private Map<String, Long> lastGrants = new HashMap<>();
    private int life;
    private int failed;
    int underWay;

    Node(int size) {
      this.size = size;
      start();
    }

    private void start() {
      Fallback fallback = new Fallback(whenDown, quota, size, 1_000, ticker);
      LeaseRules right = LeaseRules.of(quota, lease, fallback);
      long times = mistake == Mistake.FORGETS_THE_END ? 1_000 : 1;
      rules =
          new LeaseRules(
              right.micros(), right.windowNanos() * times, right.inHand(), right.ahead(), fallback);
      table = new LeaseTable(name -> keys.of("m", name), 1_000, ticker);
      limiter = new LeasedLimiter(quota, rules, table, this, new Counts(), ticker, next -> limiter);
    }

    /** Ends this node with all it knows, and starts one in its place. */
    void crash(long key) {
      life++;
      failed = 0;
      underWay = 0;
      start();
      if (mistake == Mistake.FINDS_LEASES_AGAIN) {
        LeaseCall found = new LeaseCall(table.get(key), rules);
        found.begin(ticker.read());
        found.answered(0, lastGrants.getOrDefault(found.lease.serverKey, 0L), 0, ticker.read());
      }
    }

    @Override
    public boolean isDown(String serverKey) {
      return suspended || failed >= 8;
    }

    @Override
    public long deadlineNanos() {
      return DEADLINE.toNanos();
    }

    @Override
    public void forget(String serverKey) {
      arrivals.remove(serverKey);
    }

    @Override
    public void send(LeaseCall call) {
      calls++;
      call.begin(ticker.read());
      if (suspended || cutOff) {
        call.failed(false, ticker.read());
        return;
      }
      underWay++;
      int sentIn = life;
      long there = way();
      long back = way();
      boolean sent = !dead && random.nextInt(1_000) >= lostOfAThousand;
      boolean replied = random.nextInt(1_000) >= lostOfAThousand;
      long[][] answer = new long[1][];
      Micros micros = call.rules.micros();
      if (sent) {
        after(
            there,
            () ->
                answer[0] =
                    dead
                        ? null
                        : script(
                            call.lease.serverKey,
                            micros.tolerance(),
                            micros.interval(),
                            call.back(),
                            mistake == Mistake.FORGETS_TO_TELL ? 0 : call.ahead(),
                            call.wanted()));
      }
      boolean inTime = sent && replied && there + back < DEADLINE.toNanos();
      after(
          inTime ? there + back : DEADLINE.toNanos(),
          () -> {
            if (sentIn == life) {
              underWay--;
              end(call, inTime ? answer[0] : null);
            }
          });
    }

    private long way() {
      return random.nextInt(100) == 0
          ? random.nextLong(0, 10 * longestWayNanos + 1)
          : random.nextLong(0, longestWayNanos + 1);
    }

    private void end(LeaseCall call, long[] answer) {
      long now = ticker.read();
      if (answer == null && mistake != Mistake.BELIEVES_IN_WHAT_IT_DID_NOT_HEAR) {
        failed++;
        if (failed == 1 && mistake == Mistake.STARTS_WITH_A_FRESH_SHARE) {
          rules.fallback().forget(call.lease.serverKey);
        }
        call.failed(true, now);
        return;
      }
      failed = 0;
      if (answer == null) {
        call.answered(call.ahead(), call.wanted(), 0, now);
      } else {
        long charged = mistake == Mistake.FORGETS_TO_TELL ? call.ahead() : answer[0];
        if (answer[1] > 0) {
          lastGrants.put(call.lease.serverKey, answer[1]);
        }
        call.answered(charged, answer[1], answer[2] * 1_000, now);
      }
      LeaseCall more = call.lease.call(call.rules, now);
      if (more != null) {
        send(more);
      }
    }
  }
}

package io.tidegate.examples.drill;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.tidegate.challenge.Solver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * All clients, on one thread: what is due is sent, whether or not anything has come back, and
 * latency counts from when it was due. Proofs are calculated on a second thread.
 */
final class Load implements AutoCloseable {

  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final NioEventLoopGroup group = new NioEventLoopGroup(1);
  private final EventLoop loop = group.next();
  private final ExecutorService solver =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "drill-solver");
            thread.setDaemon(true);
            return thread;
          });
  private final Bootstrap bootstrap;
  private final InetSocketAddress server;
  private final Map<Role, Tally> tallies = new EnumMap<>(Role.class);
  private final Deque<Sent> waiting = new ArrayDeque<>();
  private final List<Due> schedule = new ArrayList<>();
  private final CompletableFuture<Boolean> over = new CompletableFuture<>();

  private final CpuWatch cpu = new CpuWatch();
  private final List<Double> cpus = new ArrayList<>();
  private int next;
  private long began = Long.MAX_VALUE;
  private int late;
  private long latest;

  private record Due(long atNanos, Consumer<Long> action) {}

  private record Sent(long until, Exchange exchange) {}

  Load(int port, int seconds) {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (Role role : Role.values()) {
      tallies.put(role, new Tally(seconds));
    }
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Settings.CLIENT_MILLIS)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new HttpClientCodec(), new HttpObjectAggregator(65_536));
                  }
                });
  }

  Peer peer(String address) {
    return new Peer(bootstrap, address, server);
  }

  Tally tally(Role role) {
    return java.util.Objects.requireNonNull(tallies.get(role));
  }

  /** Has something done so many nanoseconds after the beginning. Before {@link #run}. */
  void at(long nanos, Consumer<Long> action) {
    schedule.add(new Due(nanos, action));
  }

  /** Has something done later, by the load's thread. */
  void after(long nanos, Runnable action) {
    var unused = loop.schedule(guarded(action), Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }

  /** In which second of the load a moment lies. */
  int second(long nanoTime) {
    return (int) Math.floorDiv(nanoTime - began, 1_000_000_000L);
  }

  /** Sends; whoever asked is told by the exchange, at the latest when a client gives up. */
  void send(Peer peer, Exchange exchange) {
    peer.send(exchange);
    waiting.add(
        new Sent(exchange.due + TimeUnit.MILLISECONDS.toNanos(Settings.CLIENT_MILLIS), exchange));
  }

  /** A request that is counted for its role. */
  Exchange counted(
      Role role, String method, String path, String body, long due, Consumer<Answer> then) {
    int second = second(due);
    Tally tally = tally(role);
    tally.sent(second);
    return new Exchange(
        method,
        path,
        body,
        role,
        due,
        answer -> {
          // A guess that was looked at has been served, whatever came out.
          boolean served = answer.isOk() || (role == Role.ATTACKERS && answer.status() == 401);
          tally.answered(second, answer, served, System.nanoTime() - due);
          then.accept(answer);
        });
  }

  /** Makes a proof, as fast as it goes: whoever emulates the work has waited for it. */
  void solve(String token, Consumer<String> then) {
    solver.execute(
        () -> {
          String proof;
          try {
            proof = Solver.solve(token, Thread.currentThread()::isInterrupted);
          } catch (CancellationException e) {
            return; // the load has ended
          }
          loop.execute(guarded(() -> then.accept(proof)));
        });
  }

  /**
   * Plays the schedule.
   *
   * @param beginNanos when, on the nanosecond clock
   * @param endNanos for how long after that answers are waited for
   */
  void run(long beginNanos, long endNanos) {
    schedule.sort(Comparator.comparingLong(Due::atNanos));
    loop.execute(
        () -> {
          began = beginNanos;
          var unused =
              loop.scheduleAtFixedRate(guarded(() -> tick(endNanos)), 0, 1, TimeUnit.MILLISECONDS);
        });
    over.join();
  }

  /** What goes wrong ends the whole: half a load is none. */
  private Runnable guarded(Runnable action) {
    return () -> {
      try {
        action.run();
      } catch (RuntimeException e) {
        over.completeExceptionally(e);
      }
    };
  }

  private void tick(long endNanos) {
    long now = System.nanoTime();
    if (second(now) > cpus.size()) {
      cpus.add(cpu.percent());
    }
    while (next < schedule.size() && schedule.get(next).atNanos() <= now - began) {
      Due due = schedule.get(next++);
      long behind = now - began - due.atNanos();
      latest = Math.max(latest, behind);
      late += behind > LATE_NANOS ? 1 : 0;
      due.action().accept(began + due.atNanos());
      now = System.nanoTime();
    }
    giveUpUntil(now);
    if (now - began >= endNanos) {
      over.complete(true);
    }
  }

  private void giveUpUntil(long now) {
    Sent oldest = waiting.peek();
    while (oldest != null && (oldest.until() - now <= 0 || oldest.exchange().isAnswered())) {
      waiting.poll();
      oldest.exchange().giveUp();
      oldest = waiting.peek();
    }
  }

  /** How many requests were sent more than 10 ms after they were due, since the load was late. */
  int late() {
    return late;
  }

  /** What this process used of a core in each second, in percent. */
  List<Double> cpuPercents() {
    return List.copyOf(cpus);
  }

  /** By how many milliseconds the latest was late. */
  double latestMillis() {
    return Math.round(latest / 1e4) / 100.0;
  }

  @Override
  public void close() {
    solver.shutdownNow();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}

package io.tidegate.examples.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Everybody's part, by a seeded schedule that is the same for all columns: who comes when, from
 * where, and what for. Arrivals are random and independent (Poisson).
 */
final class Plays {

  private static final double SECOND = 1e9;

  /** Logins of those whose passwords are guessed, all together. */
  private static final double LOGINS_PER_SECOND = 4;

  private final Settings settings;
  private final Load load;
  final List<Established> users = new ArrayList<>();
  final List<Newcomer> newcomers = new ArrayList<>();
  final Attackers attackers;

  Plays(Settings settings, Load load, int compute) {
    this.settings = settings;
    this.load = load;
    List<Peer> bots = new ArrayList<>();
    for (int i = 0; i < settings.attackAddresses(); i++) {
      bots.add(load.peer(botAddress(i)));
    }
    for (int i = 0; i < settings.users(); i++) {
      // A fifth of them, in one office, one campus, one carrier's network with an attacker.
      Peer peer = i % 5 == 0 ? bots.get(i % bots.size()) : load.peer(userAddress(i));
      users.add(new Established(load, peer, userName(i)));
    }
    Farm farm = new Farm(load, Settings.TWO_CORES * compute);
    attackers = new Attackers(load, bots, settings.strategy(), farm);
    plan();
  }

  static String userName(int i) {
    return "user" + i;
  }

  /** In networks (a /24) of their own, as bots are. */
  private static String botAddress(int i) {
    return "127." + (16 + i / 256) + "." + i % 256 + "." + (1 + i % 200);
  }

  private static String userAddress(int i) {
    return "127." + (128 + i / 256) + "." + i % 256 + "." + (1 + i % 200);
  }

  private static String newcomerAddress(int i) {
    return "127." + (192 + i / 256) + "." + i % 256 + "." + (1 + i % 200);
  }

  private void plan() {
    SplittableRandom seeds = new SplittableRandom(settings.seed());
    double whole = settings.seconds() * SECOND;
    double from = settings.calmSeconds() * SECOND;
    double to = from + settings.attackSeconds() * SECOND;
    RandomGenerator chats = seeds.split();
    arrivals(chats, settings.perSecond().established(), 0, whole, this::planChat);
    arrivals(seeds.split(), LOGINS_PER_SECOND, 0, whole, this::planLogin);
    arrivals(seeds.split(), settings.perSecond().newcomers(), 0, whole, this::planNewcomer);
    arrivals(seeds.split(), settings.perSecond().attacks(), from, to, this::planAttack);
  }

  private interface Arrival {
    void at(double nanos, RandomGenerator random);
  }

  private static void arrivals(
      RandomGenerator random, double perSecond, double from, double to, Arrival arrival) {
    double at = from;
    while (perSecond > 0) {
      at += -Math.log(1 - random.nextDouble()) / perSecond * SECOND;
      if (at >= to) {
        return;
      }
      arrival.at(at, random);
    }
  }

  private void planChat(double at, RandomGenerator random) {
    Established user = users.get(random.nextInt(users.size()));
    load.at((long) at, user::chat);
  }

  private void planLogin(double at, RandomGenerator random) {
    Established user = users.get(random.nextInt(Math.min(users.size(), settings.guessed())));
    double from = settings.calmSeconds() * SECOND;
    boolean counts = at >= from && at < from + settings.attackSeconds() * SECOND;
    load.at((long) at, due -> user.login(due, counts));
  }

  private void planNewcomer(double at, RandomGenerator random) {
    int number = random.nextInt(16_000); // somebody from one of many networks
    load.at(
        (long) at,
        due -> {
          Newcomer newcomer =
              new Newcomer(load, load.peer(newcomerAddress(number)), "new" + number, due);
          newcomers.add(newcomer);
          newcomer.arrive();
        });
  }

  private void planAttack(double at, RandomGenerator random) {
    Attackers.Plan plan =
        Attackers.Plan.drawn(random, settings.attackAddresses(), settings.guessed());
    load.at((long) at, due -> attackers.attack(plan, due));
  }

  /** Once more if it fails, as where the other columns' processes have the machine still. */
  private void logIn(Established user, CountDownLatch done) {
    user.login(
        System.nanoTime(),
        answer -> {
          if (answer.isOk()) {
            done.countDown();
          } else {
            load.after(TimeUnit.MILLISECONDS.toNanos(1_000), () -> logIn(user, done));
          }
        });
  }

  /** Everybody who has been here before logs in once, in calm. */
  void logIn() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(users.size());
    for (int i = 0; i < users.size(); i++) {
      Established user = users.get(i);
      load.after(TimeUnit.MILLISECONDS.toNanos(5L * i), () -> logIn(user, done));
    }
    if (!done.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "logins: " + done.getCount() + " missing (expected: all answered in 30 s)");
    }
  }
}

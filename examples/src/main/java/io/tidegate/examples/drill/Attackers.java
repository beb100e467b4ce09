package io.tidegate.examples.drill;

import io.tidegate.examples.drill.Settings.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Those who attack, from many addresses: of ten requests four register, three guess passwords of
 * real users, three ask the API without a key. One address in ten sends what was refused again at
 * once, three times. Together they solve as many puzzles as their computers can, whoever of them is
 * asked, and use what that buys to the end.
 */
final class Attackers {

  private static final int AGAIN = 3;
  private static final int MOST_PASSES = 64;

  /** More than any pass is good for. */
  private static final int MOST_USES = 100;

  private static final Pattern PASS = Pattern.compile("\"pass\":\"([^\"]+)\"");

  private final Load load;
  private final List<Peer> peers;
  private final Strategy strategy;
  private final Farm farm;
  private final List<String> shared = new ArrayList<>();
  private long until = Long.MAX_VALUE;
  private int inFlight;
  private int heldBack;
  private int bought;
  private int paidRequests;

  Attackers(Load load, List<Peer> peers, Strategy strategy, Farm farm) {
    this.load = load;
    this.peers = peers;
    this.strategy = strategy;
    this.farm = farm;
  }

  /** What one request asks for. */
  record Plan(int address, String path, String body) {

    static Plan drawn(RandomGenerator random, int addresses, int guessed) {
      int address = random.nextInt(addresses);
      int kind = random.nextInt(10);
      if (kind < 4) {
        String name = "bot" + Long.toString(random.nextLong() >>> 1, 36);
        return new Plan(address, "/register", Forms.credentials(name, "low-tide"));
      }
      if (kind < 7) {
        String guess = Integer.toString(random.nextInt(1_000_000));
        String user = Plays.userName(random.nextInt(Math.max(1, guessed)));
        return new Plan(address, "/login", Forms.credentials(user, guess));
      }
      return new Plan(address, Established.CHAT, Established.QUESTION);
    }
  }

  /** When they stop. */
  void stopAt(long nanoTime) {
    until = nanoTime;
  }

  void attack(Plan plan, long due) {
    String pass = shared.isEmpty() ? "" : shared.get(Math.floorMod(plan.hashCode(), shared.size()));
    send(plan, due, plan.address() % 10 == 3 ? AGAIN : 0, "Tidegate-Pass", pass);
  }

  private void send(Plan plan, long due, int again, String field, String value) {
    if (inFlight >= Settings.MOST_ATTACKING) {
      heldBack++;
      return;
    }
    inFlight++;
    paidRequests += value.isEmpty() ? 0 : 1;
    Exchange exchange =
        load.counted(
            Role.ATTACKERS,
            "POST",
            plan.path(),
            plan.body(),
            due,
            answer -> answered(plan, answer, again));
    load.send(
        peers.get(plan.address()), exchange.with("Accept", "application/json").with(field, value));
  }

  private void answered(Plan plan, Answer answer, int again) {
    inFlight--;
    long now = System.nanoTime();
    if (!answer.isRefusal() || now - until >= 0) {
      return;
    }
    Asked asked = farm.isWilling(now) ? Asked.of(answer) : null;
    if (asked != null) {
      farm.solve(asked, now, proof -> spend(plan, proof));
    } else if (again > 0) {
      send(plan, now, again - 1, "Tidegate-Pass", "");
    }
  }

  private void spend(Plan plan, String proof) {
    long now = System.nanoTime();
    if (now - until >= 0) {
      return;
    }
    if (strategy == Strategy.PROOF) {
      send(plan, now, 0, "Tidegate-Proof", proof);
      return;
    }
    Exchange buying =
        new Exchange(
            "POST",
            "/.tidegate/pass-token",
            "",
            Role.ATTACKERS,
            now,
            answer -> {
              String pass = Forms.found(PASS, answer.body());
              if (!pass.isEmpty()) {
                bought++;
                use(plan, pass);
              }
            });
    load.send(peers.get(plan.address()), buying.with("Tidegate-Proof", proof));
  }

  private void use(Plan plan, String pass) {
    if (strategy == Strategy.PASS) {
      useUp(plan, pass, MOST_USES, false);
      return;
    }
    if (shared.size() == MOST_PASSES) {
      shared.remove(0);
    }
    shared.add(pass);
  }

  /** One request after the other, registering and asking in turn, until both are refused. */
  private void useUp(Plan plan, String pass, int left, boolean oneRefused) {
    long now = System.nanoTime();
    if (left == 0 || now - until >= 0) {
      return;
    }
    paidRequests++;
    boolean registers = left % 2 == 0;
    Exchange exchange =
        load.counted(
            Role.ATTACKERS,
            "POST",
            registers ? "/register" : Established.CHAT,
            registers ? Forms.credentials("bot" + now, "low-tide") : Established.QUESTION,
            now,
            answer -> {
              if (answer.isOk() || !oneRefused) {
                useUp(plan, pass, left - 1, !answer.isOk());
              }
            });
    load.send(
        peers.get(plan.address()),
        exchange.with("Accept", "application/json").with("Tidegate-Pass", pass));
  }

  int solved() {
    return farm.solved();
  }

  int bought() {
    return bought;
  }

  /** How many requests went out with a proof or a pass. */
  int paidRequests() {
    return paidRequests;
  }

  /** How many attacks were not sent, since too many were unanswered. */
  int heldBack() {
    return heldBack;
  }
}

package io.tidegate.examples.drill;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/**
 * What is played. Each can be set by a system property {@code drill.} and the name.
 *
 * @param seed of the schedule, which is the same for all columns
 * @param warmSeconds of load before each column, on another instance, for the compiler of the JVM
 * @param perSecond requests of established users, arrivals of newcomers, and attacks
 * @param guessed how many of the users have their passwords guessed
 * @param strategy what attackers do with proofs
 * @param dir where the report goes
 */
record Settings(
    long seed,
    int warmSeconds,
    int calmSeconds,
    int attackSeconds,
    int afterSeconds,
    Rates perSecond,
    int users,
    int guessed,
    int attackAddresses,
    Strategy strategy,
    List<Column> columns,
    Path dir) {

  /** How many requests run at once in the service. */
  static final int SLOTS = 16;

  static final int WORK_MILLIS = 40;

  /** After this a client closes the connection. */
  static final int CLIENT_MILLIS = 10_000;

  /**
   * After this the server answers 504. The work stays in the queue, and is done when its turn
   * comes. It bounds the open connections of 3,000 requests a second that nobody answers.
   */
  static final int SERVER_MILLIS = 4_000;

  /** Digests a second of a slow phone, the unit that {@link io.tidegate.challenge.Price} is in. */
  static final long PHONE = 4_000_000;

  /**
   * Digests a second of two server cores, which are those of all attackers together: 1.5 GH/s, as
   * measured natively on the 16 cores of a Ryzen 9 7950X, are 94 million for one. Optimistic for
   * the attackers: a core of a cloud server makes about half of that.
   */
  static final long TWO_CORES = Long.getLong("drill.attackHashes", 2 * 94_000_000L);

  /**
   * One digest stands for so many: the gate asks for a 4,000th of the work, and who solves waits
   * for as long as the whole would have taken.
   */
  static final long SCALE = 4_000;

  /**
   * As many connections attackers hold at once, all together: a process may often open no more than
   * 20,000 files. What is due beyond that is held back, and counted.
   */
  static final int MOST_ATTACKING = 15_000;

  /** How often everybody acts. */
  record Rates(int established, int newcomers, int attacks) {}

  /** What attackers do with the work that they can afford. */
  enum Strategy {
    /** A proof for each request. */
    PROOF,
    /** A visitor's pass for each proof, and with it as many requests as it is good for. */
    PASS,
    /** Passes as well, each shown by all addresses. */
    SHARED
  }

  static Settings fromProperties() {
    return new Settings(
        Long.getLong("drill.seed", 1),
        Integer.getInteger("drill.warm", 4),
        Integer.getInteger("drill.calm", 10),
        Integer.getInteger("drill.attack", 30),
        Integer.getInteger("drill.after", 10),
        new Rates(
            Integer.getInteger("drill.established", 200),
            Integer.getInteger("drill.newcomers", 10),
            Integer.getInteger("drill.attacks", 3_000)),
        Integer.getInteger("drill.users", 400),
        Integer.getInteger("drill.guessed", 40),
        Integer.getInteger("drill.addresses", 2_000),
        Strategy.valueOf(System.getProperty("drill.strategy", "PASS")),
        Column.listed(
            System.getProperty("drill.columns", "none,closed,perAddress,tidegate,tidegate20x")),
        Path.of(System.getProperty("drill.dir", "target/drill")));
  }

  int seconds() {
    return calmSeconds + attackSeconds + afterSeconds;
  }

  /** The same for the compiler: shorter, another schedule, and no less load. */
  Settings toWarmUp() {
    return new Settings(
        seed + 1,
        0,
        1,
        Math.max(1, warmSeconds - 1),
        0,
        perSecond,
        users,
        guessed,
        attackAddresses,
        strategy,
        columns,
        dir);
  }

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("seed", seed)
        .put("calmSeconds", calmSeconds)
        .put("attackSeconds", attackSeconds)
        .put("afterSeconds", afterSeconds)
        .put("warmUpSeconds", warmSeconds)
        .put("slots", SLOTS)
        .put("workMs", WORK_MILLIS)
        .put("clientTimeoutMs", CLIENT_MILLIS)
        .put("serverTimeoutMs", SERVER_MILLIS)
        .put("establishedPerSecond", perSecond.established())
        .put("establishedUsers", users)
        .put("establishedBesideAttackersPct", 20)
        .put("guessedUsers", guessed)
        .put("newcomersPerSecond", perSecond.newcomers())
        .put("attacksPerSecond", perSecond.attacks())
        .put("attackAddresses", attackAddresses)
        .put("attackStrategy", strategy.name().toLowerCase(java.util.Locale.ROOT))
        .put("phoneHashesPerSecond", PHONE)
        .put("attackersHashesPerSecond", TWO_CORES)
        .put("digestsStoodForByOne", SCALE)
        .put("perAddressPerMinute", PerAddressFilter.PER_MINUTE)
        .put("perAddressBurst", PerAddressFilter.BURST);
  }
}

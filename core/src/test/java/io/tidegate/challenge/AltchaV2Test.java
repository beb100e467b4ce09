package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.challenge.Verification.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ALTCHA's protocol 2, from the issue of a challenge to the end of its payload. */
class AltchaV2Test {

  private static final byte[] SECRET =
      "a secret of thirty-two bytes ...".getBytes(StandardCharsets.US_ASCII);
  private static final Terms TERMS = Terms.of(6_000).action("register").subject("203.0.113.7");
  private static final int COST = 200;

  private final WallClock clock = new WallClock();
  private final KeyRing keys = KeyRing.of("k1", SECRET);
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final AltchaPool pool = pool(AltchaAlgorithm.PBKDF2_SHA_256);
  private final ProofOfWork work = builder().altchaPool(pool).build();
  private final ProofOfWork poolless = builder().build();

  private ProofOfWork.Builder builder() {
    return ProofOfWork.builder(keys).clock(clock);
  }

  private AltchaPool pool(AltchaAlgorithm algorithm) {
    return AltchaPool.builder()
        .algorithm(algorithm)
        .cost(COST)
        .puzzles(8)
        .executor(tasks::add)
        .build();
  }

  /** A challenge of protocol 2; the first one of a size finds none, and has the size filled. */
  private String issued(ProofOfWork work, Terms terms) {
    String challenge = work.issueAltcha2(terms);
    while (!challenge.contains("keySignature")) {
      assertThat(tasks).isNotEmpty();
      tasks.remove().run();
      challenge = work.issueAltcha2(terms);
    }
    return challenge;
  }

  private ObjectNode solved() {
    return Widget.solve(issued(work, TERMS));
  }

  private Outcome redeem(ObjectNode payload) {
    return redeem(payload, TERMS);
  }

  private Outcome redeem(ObjectNode payload, Terms terms) {
    return work.redeemAltcha(Widget.base64(payload), terms).outcome();
  }

  private static ObjectNode parameters(ObjectNode payload) {
    return (ObjectNode) payload.at("/challenge/parameters");
  }

  private static ObjectNode data(ObjectNode payload) {
    return (ObjectNode) payload.at("/challenge/parameters/data");
  }

  private static ObjectNode solution(ObjectNode payload) {
    return (ObjectNode) payload.get("solution");
  }

  /** Signs what a payload says now, with our own key: what an error of ours might sign. */
  private static ObjectNode resigned(ObjectNode payload) {
    byte[] derived =
        new MacPool(SECRET).tag("tidegate altcha 2".getBytes(StandardCharsets.US_ASCII));
    java.util.Map<String, Object> read =
        StrictJson.read(parameters(payload).toString().getBytes(StandardCharsets.US_ASCII));
    String canonical = CanonicalJson.of(read);
    byte[] tag = new MacPool(Hex.ascii(derived)).tag(canonical.getBytes(StandardCharsets.US_ASCII));
    ((ObjectNode) payload.get("challenge")).put("signature", HexFormat.of().formatHex(tag));
    return payload;
  }

  @Test
  void solved_isAcceptedOnce() {
    ObjectNode payload = solved();
    clock.advance(Duration.ofSeconds(3));
    Verification verified = work.redeemAltcha(Widget.base64(payload), TERMS);
    assertThat(verified.accepted()).isTrue();
    assertThat(verified.work()).isBetween(6_000L, 6_000L + COST + 1);
    assertThat(verified.issued()).isEqualTo(clock.instant().minusSeconds(3));
    assertThat(redeem(payload)).isEqualTo(Outcome.REPLAYED);
  }

  @ParameterizedTest
  @EnumSource(AltchaAlgorithm.class)
  void solved_byAnyAlgorithm_isAccepted(AltchaAlgorithm algorithm) {
    ProofOfWork work = builder().altchaPool(pool(algorithm)).build();
    ObjectNode payload = Widget.solve(issued(work, TERMS));
    assertThat(parameters(payload).get("algorithm").asText()).isEqualTo(algorithm.wireName());
    assertThat(parameters(payload).get("keyPrefix").asText()).hasSize(algorithm.keyBytes());
    assertThat(work.redeemAltcha(Widget.base64(payload), TERMS).accepted()).isTrue();
  }

  /** An odd spelling of the same object: languages print members in orders of their own. */
  @Test
  void solved_inAnyOrder_isAccepted() {
    ObjectNode payload = solved();
    ObjectNode parameters = parameters(payload);
    for (String name : List.of("data", "algorithm", "keyPrefix")) {
      parameters.set(name, parameters.remove(name));
    }
    payload.set("challenge", payload.remove("challenge"));
    solution(payload).remove("time");
    payload.put("time", 7);
    assertThat(redeem(payload)).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void work_isWhatItTakes() {
    for (long asked : new long[] {1, 402, 403, 10_000, 123_456, 1_000_000}) {
      ObjectNode challenge = Widget.json(issued(work, Terms.of(asked)));
      long told = challenge.at("/parameters/data/work").asLong();
      assertThat(told).isBetween(asked, Math.max(2 * (COST + 1), asked + COST));
      assertThat(told % (COST + 1)).as("half tries of cost + 1 iterations").isZero();
    }
  }

  @Test
  void keys_rotate_withoutLosingWhatIsOut() {
    ObjectNode first = solved();
    keys.add("k2", "another secret of some length".getBytes(StandardCharsets.US_ASCII));
    keys.sign("k2");
    ObjectNode second = solved();
    assertThat(data(second).get("key").asText()).isEqualTo("k2");
    assertThat(redeem(first)).isEqualTo(Outcome.ACCEPTED);
    assertThat(redeem(second)).isEqualTo(Outcome.ACCEPTED);
    ObjectNode third = solved();
    keys.sign("k1");
    keys.remove("k2");
    assertThat(redeem(third)).isEqualTo(Outcome.FORGED);
  }

  /** P1: all that we go by is signed. */
  @Test
  void p1_anyChangeOfTheParameters_isForged() {
    ObjectNode payload = solved();
    List<Consumer<ObjectNode>> changes =
        List.of(
            p -> parameters(p).put("algorithm", "SHA-256"),
            p -> parameters(p).put("cost", 1),
            p -> parameters(p).put("expiresAt", 4_102_444_800L),
            p -> parameters(p).remove("expiresAt"),
            p -> parameters(p).put("keyLength", 16),
            p -> parameters(p).put("keyPrefix", ""),
            p -> parameters(p).put("keyPrefix", "00"),
            p -> parameters(p).put("keySignature", "00".repeat(32)),
            p -> parameters(p).remove("keySignature"),
            p -> parameters(p).put("nonce", "00".repeat(16)),
            p -> parameters(p).put("salt", "00".repeat(16)),
            p -> parameters(p).put("memoryCost", 1),
            p -> parameters(p).remove("data"),
            p -> data(p).put("binding", "00".repeat(16)),
            p -> data(p).put("issued", 1),
            p -> data(p).put("key", "k2"),
            p -> data(p).put("key", "longer than any"),
            p -> data(p).put("work", 1L << 39),
            p -> data(p).put("more", "x"),
            p -> data(p).remove("work"),
            p -> ((ObjectNode) p.get("challenge")).put("signature", "00".repeat(32)));
    for (int i = 0; i < changes.size(); i++) {
      ObjectNode changed = payload.deepCopy();
      changes.get(i).accept(changed);
      assertThat(redeem(changed)).as("change %d", i).isEqualTo(Outcome.FORGED);
    }
    assertThat(redeem(payload)).isEqualTo(Outcome.ACCEPTED);
  }

  /** P2: no type stands for another, and nothing is there that is not expected. */
  @Test
  void p2_otherForms_areMalformed() {
    ObjectNode payload = solved();
    long counter = solution(payload).get("counter").asLong();
    String key = solution(payload).get("derivedKey").asText();
    List<Consumer<ObjectNode>> changes =
        List.of(
            p -> solution(p).put("counter", Long.toString(counter)),
            p -> solution(p).put("counter", counter + 0.5),
            p -> solution(p).put("counter", -1),
            p -> solution(p).put("counter", 1L << 32),
            p -> solution(p).putNull("counter"),
            p -> solution(p).remove("counter"),
            p -> solution(p).put("derivedKey", key.toUpperCase(java.util.Locale.ROOT)),
            p -> solution(p).put("derivedKey", key.substring(1)),
            p -> solution(p).put("derivedKey", "g" + key.substring(1)),
            p -> solution(p).put("derivedKey", 7),
            p -> solution(p).remove("derivedKey"),
            p -> solution(p).put("time", "1"),
            p -> solution(p).put("more", 1),
            p -> p.remove("solution"),
            p -> p.putNull("solution"),
            p -> p.put("more", 1),
            p -> p.put("number", 1),
            p -> ((ObjectNode) p.get("challenge")).remove("signature"),
            p -> ((ObjectNode) p.get("challenge")).put("signature", ""),
            p -> ((ObjectNode) p.get("challenge")).put("signature", "0".repeat(63)),
            p -> ((ObjectNode) p.get("challenge")).putObject("configuration"),
            p -> parameters(p).put("cost", 200.5),
            p -> parameters(p).putNull("cost"),
            p -> parameters(p).putArray("data"),
            p -> data(p).put("9", "x"),
            p -> data(p).put("name", "\u00e9"),
            p -> data(p).putObject("a").putObject("b"));
    for (int i = 0; i < changes.size(); i++) {
      ObjectNode changed = payload.deepCopy();
      changes.get(i).accept(changed);
      assertThat(redeem(changed)).as("change %d", i).isEqualTo(Outcome.MALFORMED);
    }
    String text = payload.toString();
    for (String other :
        List.of(
            text.replace("\"cost\":", "\"cost\":200,\"cost\":"),
            text.replace("\"counter\":", "\"counter\":0"),
            text.replace("\"counter\"", "\"c\\u006funter\""),
            text.replace("{\"challenge\"", "{,\"challenge\""),
            text + "{}",
            text + ",",
            "[" + text + "]",
            "{\"challenge\":null,\"solution\":null,\"test\":true}",
            "{\"challenge\":{},\"solution\":{}}",
            text.substring(0, text.length() - 1))) {
      assertThat(work.redeemAltcha(Widget.base64(other), TERMS).outcome())
          .as(other)
          .isEqualTo(Outcome.MALFORMED);
    }
    assertThat(redeem(payload)).isEqualTo(Outcome.ACCEPTED);
  }

  /** P3: the price is signed, and is asked again. */
  @Test
  void p3_lessWorkThanIsAskedNow_isTooCheap() {
    ObjectNode payload = solved();
    long told = data(payload).get("work").asLong();
    assertThat(redeem(payload, new Terms(told + 1, "register", "203.0.113.7")))
        .isEqualTo(Outcome.TOO_CHEAP);
    assertThat(redeem(payload, new Terms(told, "register", "203.0.113.7")))
        .isEqualTo(Outcome.ACCEPTED);
  }

  /** P3: not even under our own signature is a prefix empty, or does it tell all of the key. */
  @Test
  void p3_emptyOrWholePrefix_isMalformed() {
    ObjectNode payload = solved();
    String key = solution(payload).get("derivedKey").asText();
    for (String prefix : List.of("", key, key.substring(0, 33), "XY", key.substring(0, 31) + "G")) {
      ObjectNode changed = payload.deepCopy();
      parameters(changed).put("keyPrefix", prefix);
      assertThat(redeem(resigned(changed))).as(prefix).isEqualTo(Outcome.MALFORMED);
    }
    assertThat(redeem(resigned(payload)))
        .as("the test's own signature")
        .isEqualTo(Outcome.ACCEPTED);
  }

  /** P4: what is told of the key, with a guess of the rest, is no solution. */
  @Test
  void p4_anotherKey_isUnsolved() {
    ObjectNode payload = solved();
    String key = solution(payload).get("derivedKey").asText();
    String told = parameters(payload).get("keyPrefix").asText();
    String otherEnd = key.substring(0, 63) + (key.endsWith("0") ? "1" : "0");
    for (String other : List.of(otherEnd, told + "00".repeat(16), told, key + "00", "", "00")) {
      ObjectNode changed = payload.deepCopy();
      solution(changed).put("derivedKey", other);
      assertThat(redeem(changed)).as(other).isEqualTo(Outcome.UNSOLVED);
    }
    ObjectNode first = payload.deepCopy();
    solution(first).put("counter", 0).put("derivedKey", Widget.key(parameters(first), 1L << 31));
    assertThat(redeem(first)).isEqualTo(Outcome.UNSOLVED);
    assertThat(redeem(payload)).isEqualTo(Outcome.ACCEPTED);
  }

  /** P4: a key that does not begin as told is no solution, though it is the counter's. */
  @Test
  void p4_withoutPool_keyAndPrefixAreChecked() {
    Terms terms = Terms.of(20_000);
    ObjectNode payload;
    long counter;
    do { // 0 must not solve it, or this tests nothing
      payload = Widget.solve(poolless.issueAltcha2(terms));
      counter = solution(payload).get("counter").asLong();
    } while (counter == 0);
    assertThat(parameters(payload).has("keySignature")).isFalse();
    ObjectNode first = payload.deepCopy();
    solution(first).put("counter", 0).put("derivedKey", Widget.key(parameters(payload), 0));
    assertThat(poolless.redeemAltcha(Widget.base64(first), terms).outcome())
        .isEqualTo(Outcome.UNSOLVED);
    ObjectNode invented = payload.deepCopy();
    solution(invented).put("derivedKey", "0".repeat(64));
    assertThat(poolless.redeemAltcha(Widget.base64(invented), terms).outcome())
        .isEqualTo(Outcome.UNSOLVED);
    ObjectNode otherCounter = payload.deepCopy();
    solution(otherCounter).put("counter", counter + 1);
    assertThat(poolless.redeemAltcha(Widget.base64(otherCounter), terms).outcome())
        .isEqualTo(Outcome.UNSOLVED);
    assertThat(poolless.redeemAltcha(Widget.base64(payload), terms).accepted()).isTrue();
  }

  @Test
  void withoutPool_workIsAskedInFineSteps_atASmallCost() {
    for (long asked = 1; asked < Terms.MOST_WORK; asked += 1 + (asked / 7)) {
      ObjectNode challenge = Widget.json(poolless.issueAltcha2(Terms.of(asked)));
      long cost = challenge.at("/parameters/cost").asLong();
      int digits = challenge.at("/parameters/keyPrefix").asText().length();
      long told = challenge.at("/parameters/data/work").asLong();
      assertThat(cost).isBetween(1L, 100L);
      assertThat(digits).isPositive();
      assertThat(told).isEqualTo((2 * cost + 2) << (4 * digits));
      assertThat(told)
          .as("%d", asked)
          .isBetween(asked, Math.max(64, asked + Math.max(32, asked / 5)));
    }
  }

  /** P6: of many at once, one wins. */
  @Test
  void p6_tenThousandAtOnce_oneWins() throws InterruptedException {
    String payload = Widget.base64(solved());
    Crowd.oneWins(() -> work.redeemAltcha(payload, TERMS).outcome());
  }

  /** P6: another spelling of a payload is the same payload. */
  @Test
  void p6_otherSpellings_areReplayed() {
    ObjectNode payload = solved();
    assertThat(redeem(payload)).isEqualTo(Outcome.ACCEPTED);
    assertThat(work.redeemAltcha(Widget.base64(payload.toPrettyString()), TERMS).outcome())
        .isEqualTo(Outcome.REPLAYED);
    solution(payload).put("counter", 4_294_967_295L).put("time", 1);
    assertThat(redeem(payload)).as("nobody looks at the counter").isEqualTo(Outcome.REPLAYED);
  }

  @Test
  void p6_unsolved_claimsNothing() {
    ObjectNode payload = solved();
    ObjectNode wrong = payload.deepCopy();
    solution(wrong)
        .put("derivedKey", parameters(wrong).get("keyPrefix").asText() + "00".repeat(16));
    assertThat(redeem(wrong)).isEqualTo(Outcome.UNSOLVED);
    assertThat(redeem(payload)).isEqualTo(Outcome.ACCEPTED);
  }

  /** P7: everything expires, and what says nothing of it is not ours. */
  @Test
  void p7_expiryAndSkew_areExact() {
    ObjectNode early = solved();
    ObjectNode late = solved();
    clock.advance(Duration.ofSeconds(305));
    assertThat(redeem(early)).isEqualTo(Outcome.ACCEPTED);
    clock.advance(Duration.ofSeconds(1));
    assertThat(redeem(late)).isEqualTo(Outcome.EXPIRED);
    ObjectNode ahead = solved();
    clock.advance(Duration.ofSeconds(-6));
    assertThat(redeem(ahead)).isEqualTo(Outcome.FROM_THE_FUTURE);
    clock.advance(Duration.ofSeconds(6));
    ObjectNode forever = ahead.deepCopy();
    parameters(forever).remove("expiresAt");
    assertThat(redeem(resigned(forever))).isEqualTo(Outcome.MALFORMED);
  }

  /** P14: whatever comes, a verdict goes out. */
  @Test
  void p14_junk_leadsToAVerdict() {
    String text = solved().toString();
    long seed = 20_261_125;
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder junk = new StringBuilder(text);
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = random.nextInt(junk.length());
        switch (random.nextInt(4)) {
          case 0 -> junk.setCharAt(at, (char) random.nextInt(256));
          case 1 -> junk.deleteCharAt(at);
          case 2 -> junk.insert(at, "{}\",:0e".charAt(random.nextInt(7)));
          default -> junk.insert(at, junk.substring(at, Math.min(junk.length(), at + 20)));
        }
      }
      work.redeemAltcha(Widget.base64(junk.toString()), TERMS);
    }
    for (String junk :
        List.of(
            Widget.base64("{\"challenge\":".repeat(100)),
            Widget.base64("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}"),
            "A".repeat(1 << 20))) {
      assertThat(work.redeemAltcha(junk, TERMS).outcome()).isEqualTo(Outcome.MALFORMED);
    }
  }

  /** P18: what a client says of its own time moves nothing. */
  @Test
  void p18_time_meansNothing() {
    for (String time : List.of("0", "-1", "1e99", "0.5", "999999999999999999999999")) {
      String text = solved().toString().replace("123.4", time);
      assertThat(text).contains(time);
      Verification verified = work.redeemAltcha(Widget.base64(text), TERMS);
      assertThat(verified.outcome()).as(time).isEqualTo(Outcome.ACCEPTED);
      assertThat(verified.issued()).isEqualTo(clock.instant());
    }
  }

  /** P19: attackers start where counters start, so they start at 0. */
  @Test
  void p19_counters_areSpreadEvenlyFromZero() {
    AltchaPool cheap = AltchaPool.builder().cost(1).puzzles(1_000).executor(tasks::add).build();
    ProofOfWork work = builder().altchaPool(cheap).build();
    int counters = 75; // of a size of 128, so that some are thrown away
    int[] seen = new int[5];
    double sum = 0;
    int count = 600;
    for (int i = 0; i < count; i++) {
      ObjectNode payload = Widget.solve(issued(work, Terms.of(2 * (counters + 1))));
      long counter = solution(payload).get("counter").asLong();
      assertThat(counter).isLessThan(counters);
      seen[(int) counter / 15]++;
      sum += counter + 1;
    }
    assertThat(sum / count).isBetween(34.0, 42.0);
    for (int fifth : seen) {
      assertThat(fifth).isBetween(70, 170);
    }
  }

  /** P20: for the longest life that can be said. */
  @Test
  void p20_challenge_isSafeForWidgets() {
    ProofOfWork lasting = builder().altchaPool(pool).lifetime(Duration.ofDays(1)).build();
    for (String challenge : List.of(issued(lasting, TERMS), poolless.issueAltcha2(TERMS))) {
      assertThat(challenge).isPrintable().isASCII();
      ObjectNode parameters = (ObjectNode) Widget.json(challenge).get("parameters");
      long expires = parameters.get("expiresAt").longValue();
      assertThat(parameters.get("expiresAt").isIntegralNumber()).isTrue();
      assertThat(expires - clock.instant().getEpochSecond()).isBetween(1L, 24 * 86_400L);
      parameters
          .get("data")
          .properties()
          .forEach(
              field -> {
                assertThat(field.getKey()).doesNotContainPattern("^[0-9]");
                assertThat(field.getValue().isTextual() || field.getValue().isIntegralNumber())
                    .isTrue();
              });
    }
  }
}

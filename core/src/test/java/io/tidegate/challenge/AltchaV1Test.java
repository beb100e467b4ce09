package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.challenge.Verification.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.altcha.altcha.Altcha;
import org.junit.jupiter.api.Test;

/** ALTCHA's protocol 1: its published forms, its library, and what it must not be talked into. */
class AltchaV1Test {

  private static final byte[] SECRET =
      "a secret of thirty-two bytes ...".getBytes(StandardCharsets.US_ASCII);
  private static final Terms TERMS = Terms.of(500).action("register").subject("203.0.113.7");

  private final WallClock clock = new WallClock();
  private final ProofOfWork work =
      ProofOfWork.builder(KeyRing.of("k1", SECRET)).clock(clock).build();

  private static String field(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
    assertThat(matcher.find()).as("%s in %s", name, json).isTrue();
    return matcher.group(1);
  }

  /** What a widget does. */
  private static long solve(String challenge) {
    byte[] wanted = HexFormat.of().parseHex(field(challenge, "challenge"));
    String salt = field(challenge, "salt");
    for (long number = 0; number <= Long.parseLong(field(challenge, "maxnumber")); number++) {
      if (java.util.Arrays.equals(AltchaV1.digest(salt, number), wanted)) {
        return number;
      }
    }
    throw new AssertionError("no solution of " + challenge);
  }

  private static String base64(String json) {
    return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String json(String challenge, String number, String salt) {
    return "{\"algorithm\":\"SHA-256\",\"challenge\":\""
        + field(challenge, "challenge")
        + "\",\"number\":"
        + number
        + ",\"salt\":\""
        + salt
        + "\",\"signature\":\""
        + field(challenge, "signature")
        + "\",\"took\":12.5}";
  }

  private static String solved(String challenge) {
    return json(challenge, Long.toString(solve(challenge)), field(challenge, "salt"));
  }

  private Outcome redeem(String json) {
    return work.redeemAltcha(base64(json), TERMS).outcome();
  }

  @Test
  void publishedVector_isWhatWeCompute() {
    String salt = "00112233445566778899aabb?form=login&expires=4102444800&";
    String challenge = HexFormat.of().formatHex(AltchaV1.digest(salt, 4242));
    assertThat(challenge)
        .isEqualTo("9dff7385dc4a0513673ecc61a9cbc683bb4c4437debd062f7d7dc7099ae09240");
    byte[] tag =
        new MacPool("test key".getBytes(StandardCharsets.US_ASCII))
            .tag(challenge.getBytes(StandardCharsets.US_ASCII));
    assertThat(HexFormat.of().formatHex(tag))
        .isEqualTo("f8d93ea0e2700a99999108b65cdc6fb82f92947a858d81cdbaef125301f6594c");
    String published =
        "eyJhbGdvcml0aG0iOiJTSEEtMjU2IiwiY2hhbGxlbmdlIjoiOWRmZjczODVkYzRhMDUxMzY3M2VjYzYxYTljYmM2"
            + "ODNiYjRjNDQzN2RlYmQwNjJmN2Q3ZGM3MDk5YWUwOTI0MCIsIm51bWJlciI6NDI0Miwic2FsdCI6IjAwMTEy"
            + "MjMzNDQ1NTY2Nzc4ODk5YWFiYj9mb3JtPWxvZ2luJmV4cGlyZXM9NDEwMjQ0NDgwMCYiLCJzaWduYXR1cmUi"
            + "OiJmOGQ5M2VhMGUyNzAwYTk5OTk5MTA4YjY1Y2RjNmZiODJmOTI5NDdhODU4ZDgxY2RiYWVmMTI1MzAxZjY1"
            + "OTRjIiwidG9vayI6MTJ9";
    assertThat(AltchaPayload.of(StrictJson.readBase64(published, 1_024)))
        .isEqualTo(
            new AltchaPayload(
                "SHA-256",
                challenge,
                4242,
                salt,
                "f8d93ea0e2700a99999108b65cdc6fb82f92947a858d81cdbaef125301f6594c"));
  }

  @Test
  void solved_isAcceptedOnce() {
    String payload = solved(work.issueAltcha(TERMS));
    Verification verified = work.redeemAltcha(base64(payload), TERMS);
    assertThat(verified.accepted()).isTrue();
    assertThat(verified.work()).isEqualTo(500);
    assertThat(verified.issued()).isEqualTo(clock.instant());
    assertThat(redeem(payload)).isEqualTo(Outcome.REPLAYED);
    assertThat(redeem(payload.replace("12.5", "13"))).as("took").isEqualTo(Outcome.REPLAYED);
  }

  @Test
  void expiredBorrowedAndCheap_areToldApart() {
    String payload = solved(work.issueAltcha(TERMS));
    assertThat(work.redeemAltcha(base64(payload), TERMS.action("login")).outcome())
        .isEqualTo(Outcome.FOR_ANOTHER);
    assertThat(work.redeemAltcha(base64(payload), TERMS.subject("203.0.113.8")).outcome())
        .isEqualTo(Outcome.FOR_ANOTHER);
    assertThat(
            work.redeemAltcha(base64(payload), new Terms(501, "register", "203.0.113.7")).outcome())
        .isEqualTo(Outcome.TOO_CHEAP);
    clock.advance(Duration.ofSeconds(306));
    assertThat(redeem(payload)).isEqualTo(Outcome.EXPIRED);
  }

  /** P2, and CVE-2025-68113: digits and parameters must not change sides. */
  @Test
  void p2_splices_areMalformed() {
    String challenge = work.issueAltcha(TERMS);
    String salt = field(challenge, "salt");
    String number = Long.toString(solve(challenge));
    int expires = salt.indexOf("&expires=");
    for (String json :
        List.of(
            json(
                challenge,
                "\"" + salt.substring(expires + 1) + number + "\"",
                salt.substring(0, expires)),
            json(challenge, "\"" + number + "\"", salt),
            json(
                challenge,
                number.substring(1).isEmpty() ? "0" : number.substring(1),
                salt + number.charAt(0)),
            json(challenge, number, salt.substring(0, salt.length() - 1)),
            json(challenge, "0" + number, salt),
            json(challenge, number + ".0", salt),
            json(challenge, number + "e0", salt),
            json(challenge, "-" + number, salt),
            json(challenge, "9999999999999999999", salt),
            json(challenge, number, salt + "x=1&"),
            json(challenge, number, salt.replace("?b=", "?a=1&b=")),
            json(challenge, number, salt.replace("&m=", "&m=0")),
            json(challenge, number, salt.toUpperCase(java.util.Locale.ROOT)),
            json(challenge, number, salt).replace("\"took\"", "\"number\":1,\"took\""),
            json(challenge, number, salt).replace("SHA-256", "SHA-512"),
            json(challenge, number, salt).replace("salt", "sa\\u006ct"),
            json(challenge, number, salt) + "{}",
            json(challenge, number, salt).replace(",\"took\":12.5", ",\"other\":1"),
            "[]",
            "{}",
            "")) {
      assertThat(redeem(json)).as(json).isEqualTo(Outcome.MALFORMED);
    }
    assertThat(redeem(json(challenge, number, salt))).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void p4_otherNumber_isUnsolved() {
    String challenge = work.issueAltcha(TERMS);
    long number = solve(challenge);
    String salt = field(challenge, "salt");
    assertThat(redeem(json(challenge, Long.toString(number + 1), salt)))
        .isEqualTo(Outcome.UNSOLVED);
    String dearer = salt.replaceAll("&m=\\d+", "&m=999999");
    assertThat(redeem(json(challenge, Long.toString(number), dearer))).isEqualTo(Outcome.UNSOLVED);
  }

  /** P6: of many at once, one wins. */
  @Test
  void p6_tenThousandAtOnce_oneWins() throws InterruptedException {
    String payload = base64(solved(work.issueAltcha(TERMS)));
    Crowd.oneWins(() -> work.redeemAltcha(payload, TERMS).outcome());
  }

  /** P2: the forms that other servers sign or send, which we do not. */
  @Test
  void p2_otherAlgorithmsAndForms_areMalformed() {
    String payload = solved(work.issueAltcha(TERMS));
    for (String json :
        List.of(
            payload.replace("SHA-256", "SHA-1"),
            payload.replace("SHA-256", "sha-256"),
            payload.replace("\"took\":12.5", "\"took\":\"12.5\""),
            payload.replace("\"took\":12.5", "\"took\":{\"a\":1}"),
            payload.replace("\"took\":12.5", "\"maxnumber\":1000"),
            "{\"algorithm\":\"SHA-256\",\"signature\":\"00\",\"verificationData\":\"verified=true\","
                + "\"verified\":1}")) {
      assertThat(redeem(json)).as(json).isEqualTo(Outcome.MALFORMED);
    }
    assertThat(redeem(payload)).isEqualTo(Outcome.ACCEPTED);
  }

  /** P7: everything expires, and what says nothing of it is not ours. */
  @Test
  void p7_expiryAndSkew_areExact() {
    String early = solved(work.issueAltcha(TERMS));
    String late = solved(work.issueAltcha(TERMS));
    clock.advance(Duration.ofSeconds(305));
    assertThat(redeem(early)).isEqualTo(Outcome.ACCEPTED);
    clock.advance(Duration.ofSeconds(1));
    assertThat(redeem(late)).isEqualTo(Outcome.EXPIRED);
    String ahead = solved(work.issueAltcha(TERMS));
    assertThat(redeem(ahead.replaceAll("&expires=[0-9]+", ""))).isEqualTo(Outcome.MALFORMED);
    clock.advance(Duration.ofSeconds(-6));
    assertThat(redeem(ahead)).isEqualTo(Outcome.FROM_THE_FUTURE);
  }

  @Test
  void p14_junk_leadsToAVerdict() {
    String payload = base64(solved(work.issueAltcha(TERMS)));
    Random random = new Random(20_250_127);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder junk = new StringBuilder(payload);
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = random.nextInt(junk.length());
        switch (random.nextInt(3)) {
          case 0 -> junk.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
          case 1 -> junk.deleteCharAt(at);
          default -> junk.insert(at, (char) (32 + random.nextInt(96)));
        }
      }
      work.redeemAltcha(junk.toString(), TERMS);
    }
    assertThat(work.redeemAltcha("A".repeat(1 << 20), TERMS).outcome())
        .isEqualTo(Outcome.MALFORMED);
  }

  /** P19: attackers start where numbers start, so they start at 0. */
  @Test
  void p19_numbers_areSpreadFromZeroToTwiceTheWork() {
    double sum = 0;
    for (int i = 0; i < 300; i++) {
      String challenge = work.issueAltcha(Terms.of(50));
      assertThat(field(challenge, "maxnumber")).isEqualTo("100");
      sum += solve(challenge);
    }
    assertThat(sum / 300).isBetween(43.0, 57.0);
  }

  @Test
  void theirLibrary_takesOurs() throws Exception {
    byte[] derived =
        new MacPool(SECRET).tag("tidegate altcha 1".getBytes(StandardCharsets.US_ASCII));
    String key = HexFormat.of().formatHex(derived);
    ProofOfWork now = ProofOfWork.builder(KeyRing.of("k1", SECRET)).build();
    String payload = base64(solved(now.issueAltcha(TERMS)));
    assertThat(Altcha.verifySolution(payload, key, true)).isTrue();
    assertThat(Altcha.verifySolution(payload, key + "0", true)).isFalse();
  }
}

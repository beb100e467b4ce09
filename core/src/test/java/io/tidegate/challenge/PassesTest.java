package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tidegate.challenge.Pass.Level;
import io.tidegate.challenge.Verification.Outcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes, from their issue to their end. */
class PassesTest {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final byte[] SECRET =
      "a secret of thirty-two bytes ...".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SECOND =
      "another secret of some length ..".getBytes(StandardCharsets.US_ASCII);
  private static final String HOME = "203.0.113.0/24";
  private static final long WORK = 400_000;
  private static final String AWAY = "198.51.100.0/24";

  private final WallClock clock = new WallClock();
  private final KeyRing keys = KeyRing.of("k1", SECRET);
  private final Map<String, Long> epochs = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final Passes passes = builder().build();

  private Passes.Builder builder() {
    return Passes.builder(keys)
        .clock(clock)
        .epochs(
            account -> {
              asked.add(account);
              return epochs.getOrDefault(account, 0L);
            });
  }

  private Pass read(String token) {
    return read(token, HOME);
  }

  private Pass read(String token, String network) {
    Pass pass = passes.read(token, network);
    assertThat(pass).as("%s", token).isNotNull();
    return pass;
  }

  private static byte[] decoded(String token) {
    return Base64.getUrlDecoder().decode(token);
  }

  private static String encoded(byte[] token) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  private static byte[] id(Pass pass) {
    return ByteBuffer.allocate(16).putLong(pass.idHigh()).putLong(pass.idLow()).array();
  }

  @Test
  void visitor_readBack_saysWhatWasIssued() {
    String token = passes.visitor(HOME, WORK);
    Pass pass = read(token);
    assertThat(token).hasSize(134);
    assertThat(pass.level()).isEqualTo(Level.VISITOR);
    assertThat(pass.issued()).isEqualTo(clock.instant());
    assertThat(pass.expires()).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
    assertThat(pass.account()).isNull();
    assertThat(pass.epoch()).isZero();
    assertThat(pass.work()).isEqualTo(WORK);
    assertThat(pass.isHome()).isTrue();
    assertThat(asked).isEmpty();
  }

  @Test
  void member_readBack_saysWhatWasIssued() {
    epochs.put("user-17", 7L);
    Pass pass = read(passes.member("user-17", HOME));
    assertThat(pass.level()).isEqualTo(Level.MEMBER);
    assertThat(pass.issued()).isEqualTo(clock.instant());
    assertThat(pass.expires()).isEqualTo(clock.instant().plus(Duration.ofDays(30)));
    assertThat(pass.account()).isEqualTo("user-17");
    assertThat(pass.epoch()).isEqualTo(7);
    assertThat(pass.work()).isZero();
    assertThat(pass.isHome()).isTrue();
  }

  @Test
  void visitor_whoPaidLessThanNothing_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> passes.visitor(HOME, -1))
        .withMessage("work: -1 (expected: at least 0)");
  }

  @Test
  void lifetimes_areTheConfigured() {
    Passes brief =
        builder()
            .visitorLifetime(Duration.ofSeconds(1))
            .memberLifetime(Duration.ofDays(400))
            .build();
    assertThat(read(brief.visitor(HOME, WORK)).expires()).isEqualTo(clock.instant().plusSeconds(1));
    assertThat(read(brief.member("a", HOME)).expires())
        .isEqualTo(clock.instant().plus(Duration.ofDays(400)));
  }

  @Test
  void member_withoutEpochs_hasEpochZero() {
    Passes plain = Passes.builder(keys).clock(clock).build();
    Pass pass = plain.read(plain.member("a", HOME), HOME);
    assertThat(pass).isNotNull();
    assertThat(pass.epoch()).isZero();
  }

  @Test
  void ids_ofManyPasses_neverRepeat() {
    Set<ByteBuffer> ids = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertThat(ids.add(ByteBuffer.wrap(id(read(passes.visitor(HOME, WORK)))))).isTrue();
      assertThat(ids.add(ByteBuffer.wrap(id(read(passes.member("a", HOME)))))).isTrue();
    }
  }

  /** What another implementation would do, by the description of the layout alone. */
  @Test
  void layout_isWhatItsDescriptionSays() {
    epochs.put("u\u00e9", 3L);
    String token = passes.member("u\u00e9", HOME);
    Pass pass = read(token);
    byte[] bytes = decoded(token);
    ByteBuffer fields = ByteBuffer.wrap(bytes);
    byte[] keyId = {'k', '1', 0, 0, 0, 0, 0, 0};
    assertThat(bytes).hasSize(68 + 3 + 32);
    assertThat(Arrays.copyOf(bytes, 8)).isEqualTo(keyId);
    assertThat(Arrays.copyOfRange(bytes, 8, 12)).isEqualTo(new byte[] {1, 2, 3, 0});
    assertThat(fields.getLong(12)).isEqualTo(clock.instant().getEpochSecond());
    assertThat(fields.getLong(20)).isEqualTo(pass.expires().getEpochSecond());
    assertThat(Arrays.copyOfRange(bytes, 28, 44)).isEqualTo(id(pass));
    assertThat(Arrays.copyOfRange(bytes, 44, 52)).isEqualTo(keyId);
    byte[] label = HOME.getBytes(StandardCharsets.US_ASCII);
    byte[] bound = ByteBuffer.allocate(16 + label.length).put(id(pass)).put(label).array();
    assertThat(Arrays.copyOfRange(bytes, 52, 60))
        .isEqualTo(Arrays.copyOf(mac("tidegate pass network 1", bound), 8));
    assertThat(fields.getLong(60)).isEqualTo(3);
    assertThat(Arrays.copyOfRange(bytes, 68, 71))
        .isEqualTo("u\u00e9".getBytes(StandardCharsets.UTF_8));
    assertThat(Arrays.copyOfRange(bytes, 71, 103))
        .isEqualTo(mac("tidegate pass 1", Arrays.copyOf(bytes, 71)));
  }

  private static byte[] mac(String purpose, byte[] data) {
    byte[] key = new MacPool(SECRET).tag(purpose.getBytes(StandardCharsets.US_ASCII));
    return new MacPool(key).tag(data);
  }

  @Test
  void otherNetwork_isAwayAndNotRefused() {
    for (String token : List.of(passes.visitor(HOME, WORK), passes.member("a", HOME))) {
      assertThat(read(token, HOME).isHome()).isTrue();
      for (String other : List.of(AWAY, "", HOME + " ", "203.0.113.0/2", "x".repeat(10_000))) {
        assertThat(read(token, other).isHome()).as("%s", other).isFalse();
      }
    }
  }

  /** What a pass carries of a network tells neither the network nor who shares it. */
  @Test
  void network_ofTwoPasses_looksDifferent() {
    byte[] one = decoded(passes.visitor(HOME, WORK));
    byte[] two = decoded(passes.visitor(HOME, WORK));
    assertThat(Arrays.copyOfRange(one, 52, 60)).isNotEqualTo(Arrays.copyOfRange(two, 52, 60));
  }

  /** P1: every field is under the MAC. */
  @Test
  void p1_anyChangeOfTheToken_isNull() {
    for (String token : List.of(passes.visitor(HOME, WORK), passes.member("user-17", HOME))) {
      for (int at = 0; at < token.length(); at++) {
        for (int other = 0; other < ALPHABET.length(); other++) {
          char c = ALPHABET.charAt(other);
          String changed = token.substring(0, at) + c + token.substring(at + 1);
          if (c != token.charAt(at)) {
            assertThat(passes.read(changed, HOME)).as("%c at %d", c, at).isNull();
          }
        }
      }
      read(token);
    }
  }

  /** P1: the end of the account cannot be moved, not even by whoever could sign. */
  @Test
  void p1_accountOfAnotherLength_isNoPass() {
    byte[] member = decoded(passes.member("user-17", HOME));
    for (int length = -1; length <= 70; length++) {
      byte[] changed = member.clone();
      changed[10] = (byte) length;
      assertThat(passes.read(resealed(changed), HOME) != null)
          .as("length %d", length)
          .isEqualTo(length == 7);
    }
  }

  private String resealed(byte[] token) {
    new Signer(keys, "tidegate pass 1").seal(token, token.length - 32);
    return encoded(token);
  }

  static Stream<byte[]> flaws() {
    // place, value: of a visitor's pass
    return Stream.of(
        new byte[] {8, 0},
        new byte[] {8, 2},
        new byte[] {9, 0},
        new byte[] {9, 2},
        new byte[] {9, 3},
        new byte[] {10, 1},
        new byte[] {10, -1},
        new byte[] {11, 1},
        new byte[] {60, -1});
  }

  /** A form that we never issue is none, whoever has signed it. */
  @ParameterizedTest
  @MethodSource("flaws")
  void otherForms_evenIfSigned_areNoPass(byte[] flaw) {
    byte[] token = decoded(passes.visitor(HOME, WORK));
    assertThat(passes.read(resealed(token.clone()), HOME)).isNotNull();
    token[flaw[0]] = flaw[1];
    assertThat(passes.read(resealed(token), HOME)).isNull();
  }

  /** P2: one pass has one spelling. */
  @Test
  void p2_otherSpellings_areNull() {
    for (String token : List.of(passes.visitor(HOME, WORK), passes.member("a", HOME))) {
      for (String other :
          List.of(
              "",
              "=",
              token + "A",
              token + "==",
              token + "=",
              token + "\n",
              token + " ",
              " " + token,
              "\"" + token + "\"",
              token + token,
              token.substring(1),
              token.substring(0, token.length() - 1),
              token.substring(0, 60) + "+" + token.substring(61),
              token.substring(0, 60) + "/" + token.substring(61),
              token.substring(0, 60) + "\u00e9" + token.substring(61),
              token.substring(0, 60) + (char) (0x100 + token.charAt(60)) + token.substring(61),
              token.substring(0, 60) + "%41" + token.substring(61),
              "\u0000".repeat(134),
              "A".repeat(134),
              "_".repeat(208),
              "A".repeat(1 << 20))) {
        assertThat(passes.read(other, HOME)).as("%.300s", other).isNull();
      }
      assertThat(token.length() % 4).as("has bits to spare").isNotZero();
      int last = ALPHABET.indexOf(token.charAt(token.length() - 1));
      String sameBytes = token.substring(0, token.length() - 1) + ALPHABET.charAt(last | 1);
      assertThat(decoded(sameBytes)).isEqualTo(decoded(token));
      assertThat(sameBytes).isNotEqualTo(token);
      assertThat(passes.read(sameBytes, HOME)).isNull();
      read(token);
    }
  }

  /** P5: only our own key, under its own id. */
  @Test
  void p5_otherKeys_areNull() {
    byte[] almost = SECRET.clone();
    almost[31] ^= 1;
    for (KeyRing ring :
        List.of(KeyRing.of("k1", almost), KeyRing.of("k2", SECRET), KeyRing.random())) {
      Passes elsewhere = Passes.builder(ring).clock(clock).build();
      assertThat(passes.read(elsewhere.visitor(HOME, WORK), HOME)).as("%s", ring).isNull();
      assertThat(passes.read(elsewhere.member("a", HOME), HOME)).as("%s", ring).isNull();
      assertThat(elsewhere.read(passes.visitor(HOME, WORK), HOME)).as("%s", ring).isNull();
    }
    assertThat(Passes.builder(KeyRing.of("k1", SECRET)).clock(clock).build())
        .satisfies(node -> assertThat(node.read(passes.visitor(HOME, WORK), HOME)).isNotNull());
  }

  @Test
  void keys_rotate_withoutLosingWhatIsOut() {
    String first = passes.visitor(HOME, WORK);
    keys.add("k2", SECOND);
    String second = passes.member("a", HOME);
    keys.sign("k2");
    String third = passes.visitor(HOME, WORK);
    for (String token : List.of(first, second, third)) {
      assertThat(read(token).isHome()).isTrue();
    }
    keys.remove("k1");
    assertThat(passes.read(first, HOME)).isNull();
    assertThat(passes.read(second, HOME)).isNull();
    assertThat(read(third).isHome()).isTrue();
  }

  /** P7: everything ends, and clocks may differ by the skew only. */
  @Test
  void p7_expiryAndSkew_areExact() {
    String visitor = passes.visitor(HOME, WORK);
    clock.advance(Duration.ofSeconds(3_605));
    read(visitor);
    clock.advance(Duration.ofSeconds(1));
    assertThat(passes.read(visitor, HOME)).isNull();

    String ahead = passes.visitor(HOME, WORK);
    clock.advance(Duration.ofSeconds(-5));
    read(ahead);
    clock.advance(Duration.ofSeconds(-1));
    assertThat(passes.read(ahead, HOME)).isNull();
  }

  @Test
  void p7_withoutSkew_endsWithItsLastSecond() {
    Passes exact = builder().skew(Duration.ZERO).build();
    String token = exact.visitor(HOME, WORK);
    clock.advance(Duration.ofHours(1));
    assertThat(exact.read(token, HOME)).isNotNull();
    clock.advance(Duration.ofSeconds(1));
    assertThat(exact.read(token, HOME)).isNull();
    clock.advance(Duration.ofSeconds(-3_602));
    assertThat(exact.read(token, HOME)).isNull();
  }

  /** None of our tokens can be taken for another's, though one ring signs all. */
  @Test
  void purposes_areApart() {
    ProofOfWork work = ProofOfWork.builder(keys).clock(clock).build();
    WaitingTickets tickets =
        WaitingTickets.of(keys, clock, Duration.ofMillis(1), Duration.ofHours(1));
    String challenge = work.issue(Terms.of(1)).token();
    String ticket = tickets.issue(HOME);
    String pass = passes.visitor(HOME, WORK);
    clock.advance(Duration.ofSeconds(1));
    assertThat(passes.read(challenge, HOME)).isNull();
    assertThat(passes.read(ticket, HOME)).isNull();
    assertThat(tickets.redeem(pass, HOME, ReplayGuard.inMemory(10)).accepted()).isFalse();
    assertThat(tickets.redeem(challenge, HOME, ReplayGuard.inMemory(10)).accepted()).isFalse();
    for (String other : List.of(pass, ticket)) {
      assertThat(work.redeem(other + "." + "A".repeat(11), Terms.of(1)).outcome())
          .isEqualTo(Outcome.MALFORMED);
    }
    // Not the form alone: the very bytes of a pass, signed for another purpose.
    for (String purpose :
        List.of("tidegate challenge 1", "tidegate waiting 1", "tidegate pass network 1", "")) {
      byte[] bytes = decoded(pass);
      new Signer(keys, purpose).seal(bytes, bytes.length - 32);
      assertThat(passes.read(encoded(bytes), HOME)).as("%s", purpose).isNull();
    }
  }

  @Test
  void epoch_raised_revokes() {
    epochs.put("a", 5L);
    String token = passes.member("a", HOME);
    String other = passes.member("b", HOME);
    read(token);
    epochs.put("a", 4L);
    read(token);
    epochs.put("a", 6L);
    assertThat(passes.read(token, HOME)).isNull();
    read(other);
    assertThat(read(passes.member("a", HOME)).epoch()).isEqualTo(6);
  }

  @Test
  void epoch_isAskedOnceAndOnlyForGoodPassesOfMembers() {
    String member = passes.member("a", HOME);
    String visitor = passes.visitor(HOME, WORK);
    asked.clear();
    passes.read(visitor, HOME);
    passes.read(forged(member), HOME);
    passes.read("junk", HOME);
    assertThat(asked).isEmpty();
    passes.read(member, AWAY);
    assertThat(asked).containsExactly("a");
    asked.clear();
    clock.advance(Duration.ofDays(31));
    assertThat(passes.read(member, HOME)).isNull();
    assertThat(asked).isEmpty();
  }

  @Test
  void epochsThatThrow_makeStrangersOfMembersAlone() {
    String member = passes.member("a", HOME);
    String visitor = passes.visitor(HOME, WORK);
    for (Throwable failure :
        List.of(
            new IllegalStateException("no store"),
            new StackOverflowError(),
            new java.io.IOException())) {
      Passes failing = builder().epochs(account -> sneaky(failure)).build();
      assertThat(failing.read(member, HOME)).as("%s", failure).isNull();
      assertThat(failing.fromCookies(List.of("__Host-tidegate=" + member), true, HOME)).isNull();
      assertThat(failing.read(visitor, HOME)).isNotNull();
    }
    Passes failing =
        builder()
            .epochs(
                account -> {
                  throw new IllegalStateException("no store");
                })
            .build();
    assertThatIllegalStateException()
        .as("a login hears of it")
        .isThrownBy(() -> failing.member("a", HOME))
        .withMessage("no store");
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> long sneaky(Throwable failure) throws E {
    throw (E) failure;
  }

  private @Nullable String renewed(String token, String readAt, String renewedAt) {
    return passes.renewed(read(token, readAt), renewedAt);
  }

  private String renewedNow(String token, String network) {
    String renewed = renewed(token, network, network);
    assertThat(renewed).isNotNull();
    return renewed;
  }

  @Test
  void renewed_pastHalfOfItsLife_keepsAllButTheDates() {
    epochs.put("a", 2L);
    String token = passes.member("a", HOME);
    Pass before = read(token);
    clock.advance(Duration.ofDays(15).minusSeconds(1));
    assertThat(renewed(token, HOME, HOME)).isNull();
    clock.advance(Duration.ofSeconds(1));
    Pass after = read(renewedNow(token, HOME));
    assertThat(id(after)).isEqualTo(id(before));
    assertThat(after.account()).isEqualTo("a");
    assertThat(after.level()).isEqualTo(Level.MEMBER);
    assertThat(after.epoch()).isEqualTo(2);
    assertThat(after.isHome()).isTrue();
    assertThat(after.issued()).isEqualTo(clock.instant());
    assertThat(after.expires()).isEqualTo(clock.instant().plus(Duration.ofDays(30)));
    assertThat(passes.renewed(after, HOME)).isNull();
    read(token); // the old one lives on, under the same id
  }

  @Test
  void renewed_ofVisitorsAndTheDead_isNull() {
    String visitor = passes.visitor(HOME, WORK);
    Pass member = read(passes.member("a", HOME));
    clock.advance(Duration.ofMinutes(59));
    assertThat(renewed(visitor, HOME, HOME)).isNull();
    clock.advance(Duration.ofDays(30).minusMinutes(59).plusSeconds(5));
    assertThat(passes.renewed(member, HOME)).isNotNull();
    clock.advance(Duration.ofSeconds(1));
    assertThat(passes.renewed(member, HOME)).isNull();
  }

  /** Whoever has stolen a pass cannot make himself at home by renewing it. */
  @Test
  void renewed_elsewhere_keepsItsFirstHome() {
    String token = passes.member("a", HOME);
    for (int renewal = 0; renewal < 5; renewal++) {
      clock.advance(Duration.ofDays(16));
      token = renewedNow(token, AWAY);
      assertThat(read(token, AWAY).isHome()).as("renewal %d", renewal).isFalse();
      assertThat(read(token, HOME).isHome()).as("renewal %d", renewal).isTrue();
    }
  }

  /** It is the network of the renewal that counts, not that of the reading. */
  @Test
  void renewed_elsewhereThanRead_keepsItsFirstHome() {
    String token = passes.member("a", HOME);
    clock.advance(Duration.ofDays(16));
    String renewed = renewed(token, HOME, AWAY);
    assertThat(renewed).isNotNull();
    assertThat(read(renewed, AWAY).isHome()).isFalse();
    assertThat(read(renewed, HOME).isHome()).isTrue();
  }

  @Test
  void renewed_afterTheKeyHasChanged_isHomeUnderTheNewKey() {
    String token = passes.member("a", HOME);
    keys.add("k2", SECOND);
    keys.sign("k2");
    clock.advance(Duration.ofDays(16));
    String renewed = renewedNow(token, HOME);
    keys.remove("k1");
    assertThat(passes.read(token, HOME)).isNull();
    assertThat(read(renewed, HOME).isHome()).isTrue();
    assertThat(read(renewed, AWAY).isHome()).isFalse();
  }

  @Test
  void renewed_elsewhereAfterTheKeyHasChanged_isHomeAsLongAsTheOldKeyIs() {
    String token = passes.member("a", HOME);
    keys.add("k2", SECOND);
    keys.sign("k2");
    clock.advance(Duration.ofDays(16));
    String renewed = renewedNow(token, AWAY);
    assertThat(read(renewed, AWAY).isHome()).isFalse();
    assertThat(read(renewed, HOME).isHome()).isTrue();
    keys.remove("k1");
    assertThat(read(renewed, AWAY).isHome()).isFalse();
    assertThat(read(renewed, HOME).isHome()).isFalse();
  }

  /** A revoked account cannot renew its way out. */
  @Test
  void renewed_thenRevoked_isNull() {
    epochs.put("a", 1L);
    Pass pass = read(passes.member("a", HOME));
    clock.advance(Duration.ofDays(16));
    epochs.put("a", 2L);
    String renewed = passes.renewed(pass, HOME);
    assertThat(renewed).isNotNull();
    assertThat(passes.read(renewed, HOME)).isNull();
  }

  /** P8: junk is cheap. */
  @Test
  void p8_macs_areCounted() {
    try (CountedMacs macs = new CountedMacs()) {
      Passes fresh = builder().build();
      String visitor = fresh.visitor(HOME, WORK);
      String member = fresh.member("a", HOME);
      byte[] other = decoded(visitor);
      other[0] = 'x';
      byte[] form = decoded(visitor);
      form[9] = 2;
      assertThat(macs.during(() -> fresh.read(visitor, HOME))).as("good").isEqualTo(2);
      assertThat(macs.during(() -> fresh.read(member, AWAY))).as("away").isEqualTo(2);
      assertThat(macs.during(() -> fresh.read(forged(visitor), HOME))).isEqualTo(1);
      assertThat(macs.during(() -> fresh.read(forged(member), HOME))).isEqualTo(1);
      assertThat(macs.during(() -> fresh.read(encoded(other), HOME))).as("no key").isZero();
      assertThat(macs.during(() -> fresh.read(encoded(form), HOME))).as("no form").isZero();
      assertThat(macs.during(() -> fresh.read("A".repeat(134), HOME))).isZero();
      assertThat(macs.during(() -> fresh.read("x".repeat(5_000), HOME))).isZero();
      clock.advance(Duration.ofDays(31));
      assertThat(macs.during(() -> fresh.read(visitor, HOME))).as("expired").isEqualTo(1);
    }
  }

  private static String forged(String token) {
    byte[] bytes = decoded(token);
    bytes[bytes.length - 1] ^= 1;
    return encoded(bytes);
  }

  /** P14: whatever comes, nothing is thrown, and nothing but a pass is read. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 20_250_127})
  void p14_junk_isNull(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      String token = round % 2 == 0 ? VISITOR.token : MEMBER.token;
      StringBuilder junk = new StringBuilder(token);
      for (int change = random.nextInt(4); change >= 0 && junk.length() > 0; change--) {
        int at = random.nextInt(junk.length());
        switch (random.nextInt(4)) {
          case 0 -> junk.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
          case 1 -> junk.deleteCharAt(at);
          case 2 -> junk.setLength(at + 1);
          default -> junk.insert(at, ALPHABET.charAt(random.nextInt(64)));
        }
      }
      Pass pass = FIXED.read(junk, HOME);
      assertThat(pass != null)
          .as("seed %d, round %d: %s", seed, round, junk)
          .isEqualTo(junk.toString().equals(token));
    }
  }

  private record Issued(String token) {}

  private static final Passes FIXED = Passes.builder(KeyRing.of("k1", SECRET)).build();
  private static final Issued VISITOR = new Issued(FIXED.visitor(HOME, WORK));
  private static final Issued MEMBER = new Issued(FIXED.member("user-17", HOME));

  /** P16: a pass that is handed around stays one pass, and its id is nobody's choice. */
  @Test
  void p16_id_isTheSameWhereverItIsReadAndRenewed() {
    String token = passes.member("a", HOME);
    byte[] id = id(read(token));
    clock.advance(Duration.ofDays(16));
    assertThat(id(read(token, AWAY))).isEqualTo(id);
    assertThat(id(read(renewedNow(token, AWAY), AWAY))).isEqualTo(id);
    assertThat(id(read(passes.member("a", HOME)))).isNotEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "0", "\u0000", "a b;c=d", "\u00e9\u4e2d\ud83c\udf0a", "../x", " a ", "\n"})
  void account_isGivenBackAsItWas(String account) {
    assertThat(read(passes.member(account, HOME)).account()).isEqualTo(account);
    assertThat(asked).containsOnly(account);
  }

  @Test
  void account_upTo64Bytes_fits() {
    for (int length = 1; length <= 64; length++) {
      String account = "x".repeat(length);
      assertThat(read(passes.member(account, HOME)).account()).isEqualTo(account);
    }
    assertThat(passes.member("x".repeat(64), HOME)).hasSize(219);
    String wide = "\u4e2d".repeat(21) + "x";
    assertThat(read(passes.member(wide, HOME)).account()).isEqualTo(wide);
  }

  @Test
  void account_thatDoesNotFit_isRefusedByName() {
    Map<String, String> refused =
        Map.of(
            "",
            "account: 0 bytes of UTF-8 (expected: 1 to 64; give an id rather than a name)",
            "x".repeat(65),
            "account: 65 bytes of UTF-8 (expected: 1 to 64; give an id rather than a name)",
            "\u4e2d".repeat(22),
            "account: 66 bytes of UTF-8 (expected: 1 to 64; give an id rather than a name)",
            "a\ud83c",
            "account: half a character (expected: Unicode text)",
            "\udf0a",
            "account: half a character (expected: Unicode text)");
    refused.forEach(
        (account, message) ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> passes.member(account, HOME))
                .withMessage(message));
    assertThat(asked).isEmpty();
  }

  @Test
  void text_ofAPass_tellsNeitherIdNorAccount() {
    Pass pass = read(passes.member("user-17", HOME), AWAY);
    assertThat(pass).hasToString("Pass[MEMBER, expires " + pass.expires() + ", away]");
    assertThat(read(passes.visitor(HOME, WORK)).toString()).startsWith("Pass[VISITOR, expires ");
  }

  @Test
  void builder_refusesNonsenseByName() {
    Passes.Builder builder = Passes.builder(keys);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.skew(Duration.ofSeconds(301)))
        .withMessage("skew: PT5M1S (expected: PT0S to PT5M)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.skew(Duration.ofNanos(-1)))
        .withMessage("skew: PT-0.000000001S (expected: PT0S to PT5M)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.visitorLifetime(Duration.ZERO))
        .withMessage("visitorLifetime: PT0S (expected: PT1S to PT9600H)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.memberLifetime(Duration.ofDays(401)))
        .withMessage("memberLifetime: PT9624H (expected: PT1S to PT9600H)");
  }

  /** A clock that is far off gives no pass, and no exception. */
  @Test
  void clocks_farApart_areNull() {
    String token = passes.visitor(HOME, WORK);
    for (Instant now :
        List.of(Instant.EPOCH, Instant.MIN, Instant.MAX, Instant.parse("1969-01-01T00:00:00Z"))) {
      assertThat(builderAt(now).read(token, HOME)).as("%s", now).isNull();
    }
  }

  private Passes builderAt(Instant now) {
    return Passes.builder(keys).clock(() -> now).build();
  }
}

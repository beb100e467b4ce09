package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.challenge.ReplayGuard.Claim;
import io.tidegate.challenge.Verification.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tickets for those who wait, from their issue to their end. */
class WaitingTicketsTest {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final byte[] SECRET =
      "a secret of thirty-two bytes ...".getBytes(StandardCharsets.US_ASCII);
  private static final String HOME = "203.0.113.0/24";
  private static final long WORK = 400_000;
  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final Duration GOOD_FOR = Duration.ofSeconds(60);

  private final WallClock clock = new WallClock();
  private final KeyRing keys = KeyRing.of("k1", SECRET);
  private final ReplayGuard guard = new MemoryReplayGuard(1_000, clock);
  private final WaitingTickets tickets = WaitingTickets.of(keys, clock, WAIT, GOOD_FOR);

  private Outcome redeem(CharSequence ticket) {
    return tickets.redeem(ticket, HOME, guard).outcome();
  }

  private static byte[] decoded(String token) {
    return Base64.getUrlDecoder().decode(token);
  }

  private static String encoded(byte[] token) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  @Test
  void ticket_afterItsWait_isAcceptedOnce() {
    Instant issued = clock.instant();
    String ticket = tickets.issue(HOME);
    assertThat(ticket).hasSize(134);
    assertThat(tickets.waitingTime()).isEqualTo(WAIT);
    clock.advance(WAIT);
    assertThat(tickets.redeem(ticket, HOME, guard))
        .isEqualTo(new Verification(Outcome.ACCEPTED, 0, issued));
    assertThat(redeem(ticket)).isEqualTo(Outcome.REPLAYED);
    clock.advance(GOOD_FOR);
    assertThat(redeem(ticket)).as("remembered as long as it counts").isEqualTo(Outcome.REPLAYED);
  }

  /** To the millisecond, and whoever asks too early may ask again. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 400, 999})
  void ticket_tooEarly_isNotClaimed(long millisOfSecond) {
    clock.advance(Duration.ofMillis(millisOfSecond));
    String ticket = tickets.issue(HOME);
    assertThat(redeem(ticket)).isEqualTo(Outcome.TOO_EARLY);
    clock.advance(WAIT.minusMillis(1));
    assertThat(redeem(ticket)).isEqualTo(Outcome.TOO_EARLY);
    clock.advance(Duration.ofMillis(1));
    assertThat(redeem(ticket)).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void ticket_withinItsTime_isAcceptedAndThenExpires() {
    String last = tickets.issue(HOME);
    String late = tickets.issue(HOME);
    clock.advance(WAIT.plus(GOOD_FOR));
    assertThat(redeem(last)).isEqualTo(Outcome.ACCEPTED);
    clock.advance(Duration.ofMillis(1));
    assertThat(redeem(late)).isEqualTo(Outcome.EXPIRED);
    assertThat(redeem(last)).isEqualTo(Outcome.EXPIRED);
  }

  /** A clock that was set back makes nobody's wait shorter. */
  @Test
  void ticket_fromTheFuture_isTooEarly() {
    String ticket = tickets.issue(HOME);
    clock.advance(Duration.ofDays(-3));
    assertThat(redeem(ticket)).isEqualTo(Outcome.TOO_EARLY);
  }

  @Test
  void ticket_inAnotherNetwork_isForAnother() {
    String ticket = tickets.issue(HOME);
    clock.advance(WAIT);
    for (String other : List.of("", "203.0.113.0/2", HOME + " ", "198.51.100.0/24")) {
      assertThat(tickets.redeem(ticket, other, guard).outcome())
          .as("%s", other)
          .isEqualTo(Outcome.FOR_ANOTHER);
    }
    assertThat(redeem(ticket)).isEqualTo(Outcome.ACCEPTED);
  }

  /** P8: the flaw that is cheapest to see is the one that is told. */
  @Test
  void p8_order_isOfCost() {
    String ticket = tickets.issue(HOME);
    assertThat(tickets.redeem(ticket, "elsewhere", guard).outcome()).isEqualTo(Outcome.FOR_ANOTHER);
    clock.advance(Duration.ofDays(1));
    assertThat(tickets.redeem(ticket, "elsewhere", guard).outcome()).isEqualTo(Outcome.EXPIRED);
    byte[] forged = decoded(ticket);
    forged[99] ^= 1;
    assertThat(redeem(encoded(forged))).isEqualTo(Outcome.FORGED);
  }

  @Test
  void p8_macs_areCounted() {
    try (CountedMacs macs = new CountedMacs()) {
      WaitingTickets fresh = WaitingTickets.of(keys, clock, WAIT, GOOD_FOR);
      String ticket = fresh.issue(HOME);
      byte[] forged = decoded(ticket);
      forged[99] ^= 1;
      assertThat(macs.during(() -> fresh.redeem(ticket, HOME, guard))).isEqualTo(2);
      assertThat(macs.during(() -> fresh.redeem(encoded(forged), HOME, guard))).isEqualTo(1);
      assertThat(macs.during(() -> fresh.redeem("A".repeat(134), HOME, guard))).isZero();
      assertThat(macs.during(() -> fresh.redeem("x".repeat(9_999), HOME, guard))).isZero();
      clock.advance(Duration.ofDays(1));
      assertThat(macs.during(() -> fresh.redeem(ticket, HOME, guard))).isEqualTo(1);
    }
  }

  /** P1: every field is under the MAC. */
  @Test
  void p1_anyChangeOfTheTicket_isNotAccepted() {
    String ticket = tickets.issue(HOME);
    clock.advance(WAIT);
    for (int at = 0; at < ticket.length(); at++) {
      for (int other = 0; other < ALPHABET.length(); other++) {
        char c = ALPHABET.charAt(other);
        if (c != ticket.charAt(at)) {
          String changed = ticket.substring(0, at) + c + ticket.substring(at + 1);
          assertThat(redeem(changed)).as("%c at %d", c, at).isIn(Outcome.FORGED, Outcome.MALFORMED);
        }
      }
    }
    assertThat(redeem(ticket)).isEqualTo(Outcome.ACCEPTED);
  }

  /** P2: one ticket has one spelling. */
  @Test
  void p2_otherSpellings_areMalformed() {
    String ticket = tickets.issue(HOME);
    clock.advance(WAIT);
    int last = ALPHABET.indexOf(ticket.charAt(133));
    for (String other :
        List.of(
            "",
            ticket + "A",
            ticket + "==",
            ticket + "\n",
            " " + ticket,
            ticket.substring(1),
            ticket.substring(0, 133),
            ticket.substring(0, 133) + "=",
            ticket.substring(0, 133) + "\u00e9",
            ticket.substring(0, 133) + ALPHABET.charAt(last | 1),
            ticket + "." + ticket,
            "\u0000".repeat(134),
            "A".repeat(134),
            "x".repeat(1 << 20))) {
      assertThat(redeem(other)).as("%.300s", other).isEqualTo(Outcome.MALFORMED);
    }
    assertThat(redeem(ticket)).isEqualTo(Outcome.ACCEPTED);
  }

  /** A form that we never issue is none, whoever has signed it. */
  @Test
  void otherForms_evenIfSigned_areMalformed() {
    Signer signer = new Signer(keys, "tidegate waiting 1");
    for (byte[] flaw : new byte[][] {{8, 0}, {8, 2}, {9, 1}, {10, 1}, {11, 1}, {11, -128}}) {
      byte[] bytes = decoded(tickets.issue(HOME));
      bytes[flaw[0]] = flaw[1];
      signer.seal(bytes, 68);
      assertThat(redeem(encoded(bytes))).isEqualTo(Outcome.MALFORMED);
    }
  }

  /** P5: only our own key, under its own id. */
  @Test
  void p5_otherKeys_areForged() {
    byte[] almost = SECRET.clone();
    almost[0] ^= 1;
    for (KeyRing ring : List.of(KeyRing.of("k1", almost), KeyRing.of("k2", SECRET))) {
      assertThat(redeem(WaitingTickets.of(ring, clock, WAIT, GOOD_FOR).issue(HOME)))
          .isEqualTo(Outcome.FORGED);
    }
  }

  @Test
  void keys_rotate_withoutLosingWhatIsOut() {
    String first = tickets.issue(HOME);
    String second = tickets.issue(HOME);
    keys.add("k2", "another secret of some length".getBytes(StandardCharsets.US_ASCII));
    keys.sign("k2");
    String third = tickets.issue(HOME);
    clock.advance(WAIT);
    assertThat(redeem(first)).isEqualTo(Outcome.ACCEPTED);
    keys.remove("k1");
    assertThat(redeem(second)).isEqualTo(Outcome.FORGED);
    assertThat(redeem(third)).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void purposes_areApart() {
    ProofOfWork work = ProofOfWork.builder(keys).clock(clock).build();
    Passes passes = Passes.builder(keys).clock(clock).build();
    assertThat(redeem(work.issue(Terms.of(1)).token())).isIn(Outcome.MALFORMED, Outcome.FORGED);
    assertThat(redeem(passes.visitor(HOME, WORK))).isIn(Outcome.MALFORMED, Outcome.FORGED);
    for (String purpose : List.of("tidegate challenge 1", "tidegate pass 1", "")) {
      byte[] bytes = decoded(tickets.issue(HOME));
      new Signer(keys, purpose).seal(bytes, 68);
      assertThat(redeem(encoded(bytes))).as("%s", purpose).isEqualTo(Outcome.FORGED);
    }
  }

  /** P6: an id is remembered for longer than any clock would take its ticket. */
  @Test
  void p6_claim_outlivesTheTicket() {
    List<Long> asked = new ArrayList<>();
    ReplayGuard recording =
        (high, low, seconds) -> {
          asked.add(seconds);
          return Claim.FIRST;
        };
    String ticket = tickets.issue(HOME);
    clock.advance(WAIT);
    assertThat(tickets.redeem(ticket, HOME, recording).accepted()).isTrue();
    clock.advance(GOOD_FOR);
    assertThat(tickets.redeem(ticket, HOME, recording).accepted()).isTrue();
    assertThat(asked).containsExactly(60L + 1 + 300, 0L + 1 + 300);
  }

  @Test
  void p6_fullGuard_isOverloaded() {
    String ticket = tickets.issue(HOME);
    clock.advance(WAIT);
    assertThat(tickets.redeem(ticket, HOME, (high, low, seconds) -> Claim.FULL).outcome())
        .isEqualTo(Outcome.OVERLOADED);
    assertThat(redeem(ticket)).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void p7_tickets_neverRepeat() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertThat(ids.add(tickets.issue(HOME).substring(48, 69))).isTrue();
    }
  }

  /** P14: whatever comes, a verdict goes out. */
  @ParameterizedTest
  @ValueSource(longs = {1, 20_250_127})
  void p14_junk_leadsToAVerdict(long seed) {
    String ticket = tickets.issue(HOME);
    clock.advance(WAIT);
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder junk = new StringBuilder(ticket);
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(junk.length());
        switch (random.nextInt(3)) {
          case 0 -> junk.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
          case 1 -> junk.deleteCharAt(at);
          default -> junk.insert(at, ALPHABET.charAt(random.nextInt(64)));
        }
      }
      if (!junk.toString().equals(ticket)) {
        assertThat(redeem(junk))
            .as("seed %d, round %d: %s", seed, round, junk)
            .isIn(Outcome.FORGED, Outcome.MALFORMED);
      }
    }
    assertThat(redeem(ticket)).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void of_refusesNonsenseByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WaitingTickets.of(keys, clock, Duration.ZERO, GOOD_FOR))
        .withMessage("wait: PT0S (expected: PT0.001S to PT24H)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WaitingTickets.of(keys, clock, WAIT, Duration.ofDays(2)))
        .withMessage("goodFor: PT48H (expected: PT0.001S to PT24H)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WaitingTickets.of(keys, clock, Duration.ofSeconds(-1), GOOD_FOR))
        .withMessage("wait: PT-1S (expected: PT0.001S to PT24H)");
  }
}

package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.challenge.Pass.Level;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes as cookies: what is set, and what is taken for one. */
class PassCookiesTest {

  private static final byte[] SECRET =
      "a secret of thirty-two bytes ...".getBytes(StandardCharsets.US_ASCII);
  private static final String HOME = "203.0.113.0/24";
  private static final long WORK = 400_000;
  private static final String HOST = "__Host-tidegate";
  private static final String SECURE = "__Secure-tidegate";
  private static final String PLAIN = "tidegate";

  private final WallClock clock = new WallClock();
  private final KeyRing keys = KeyRing.of("k1", SECRET);
  private final Passes passes = builder().build();
  private final Passes domain = builder().cookieDomain("example.org").build();
  private final String visitor = passes.visitor(HOME, WORK);
  private final String member = passes.member("user-17", HOME);

  private Passes.Builder builder() {
    return Passes.builder(keys).clock(clock);
  }

  private @Nullable Pass secure(String... fields) {
    return passes.fromCookies(List.of(fields), true, HOME);
  }

  private @Nullable Pass plain(String... fields) {
    return passes.fromCookies(List.of(fields), false, HOME);
  }

  private static void assertIs(@Nullable Pass pass, Level level) {
    assertThat(pass).isNotNull();
    assertThat(pass.level()).isEqualTo(level);
  }

  @Test
  void setCookie_overHttps_belongsToTheHost() {
    assertThat(passes.setCookie(visitor, true))
        .isEqualTo(
            "__Host-tidegate="
                + visitor
                + "; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax");
    assertThat(passes.setCookie(member, true))
        .isEqualTo(
            "__Host-tidegate="
                + member
                + "; Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax");
  }

  @Test
  void setCookie_withDomain_namesIt() {
    assertThat(domain.setCookie(member, true))
        .isEqualTo(
            "__Secure-tidegate="
                + member
                + "; Domain=example.org; Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax");
  }

  @Test
  void setCookie_overPlainHttp_isForVisitorsOnly() {
    for (Passes any : List.of(passes, domain)) {
      assertThat(any.setCookie(visitor, false))
          .isEqualTo("tidegate=" + visitor + "; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> any.setCookie(member, false))
          .withMessage(
              "secure: false (expected: true for the pass of a member, since anybody could read"
                  + " it)");
    }
  }

  @Test
  void setCookie_later_lastsForTheRestOfThePass() {
    clock.advance(Duration.ofMinutes(50));
    assertThat(passes.setCookie(visitor, true)).contains("; Max-Age=600; ");
    clock.advance(Duration.ofMinutes(50));
    assertThat(passes.setCookie(visitor, true)).as("dead").contains("; Max-Age=0; ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "junk", "a=b; Domain=evil.example", "\r\nSet-Cookie: a=b"})
  void setCookie_ofNoPass_isRefused(String token) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> passes.setCookie(token, true))
        .withMessage(
            "token: " + token.length() + " characters (expected: a pass as it was issued)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> passes.setCookie(visitor + token + "\n", true));
  }

  @Test
  void cookie_thatWasSet_isReadBack() {
    for (Passes any : List.of(passes, domain)) {
      for (String token : List.of(visitor, member)) {
        String cookie = any.setCookie(token, true);
        String sent = cookie.substring(0, cookie.indexOf(';'));
        assertThat(any.fromCookies(List.of(sent), true, HOME)).as("%s", sent).isNotNull();
        assertThat(any.fromCookies(List.of(sent), false, HOME)).as("%s", sent).isNull();
      }
      String cookie = any.setCookie(visitor, false);
      String sent = cookie.substring(0, cookie.indexOf(';'));
      assertThat(any.fromCookies(List.of(sent), false, HOME)).isNotNull();
      assertThat(any.fromCookies(List.of(sent), true, HOME)).isNull();
    }
  }

  @Test
  void cookie_whereverItStands_isFound() {
    String cookie = HOST + "=" + member;
    for (String field :
        List.of(
            cookie,
            cookie + ";",
            cookie + " ",
            " \t" + cookie + "\t ; x=y",
            "a=b; " + cookie,
            "a=b;" + cookie + ";c=d",
            ";;; ;" + cookie,
            "a; =; =b; a==; " + cookie,
            "a=\"b; " + cookie + "; \"",
            "tidegate=" + visitor + "; " + cookie,
            "x=" + "y".repeat(8_192 - 4 - cookie.length()) + "; " + cookie)) {
      assertIs(secure(field), Level.MEMBER);
      assertIs(secure("q=r", field, "s=t"), Level.MEMBER);
      assertIs(secure("", field), Level.MEMBER);
    }
  }

  @Test
  void cookie_inTheNetworkOfItsIssue_isHome() {
    Pass pass = secure(HOST + "=" + visitor);
    assertThat(pass).isNotNull();
    assertThat(pass.isHome()).isTrue();
    Pass away = passes.fromCookies(List.of(HOST + "=" + visitor), true, "elsewhere");
    assertThat(away).isNotNull();
    assertThat(away.isHome()).isFalse();
  }

  @Test
  void mustReject_notOurCookie_isNull() {
    String cookie = HOST + "=" + member;
    for (String field :
        List.of(
            "",
            "=",
            ";",
            HOST,
            HOST + ";",
            HOST + "=",
            HOST + "=;",
            HOST + " =" + member,
            HOST + "= " + member,
            HOST + "=\"" + member + "\"",
            HOST + "=" + member + "=",
            HOST + "=" + member + ", a=b",
            HOST + "==" + member,
            HOST + "2=" + member,
            HOST + "." + member,
            "x" + cookie,
            "a=" + cookie,
            "a=b " + cookie,
            "a=b," + cookie,
            "a=\"" + cookie + "\"",
            "$Version=1, " + cookie,
            member,
            "\u00a0" + cookie,
            "\u0000" + cookie,
            "__host-tidegate=" + member,
            "__HOST-TIDEGATE=" + member,
            "__Host-Tidegate=" + member,
            SECURE + "=" + member,
            PLAIN + "=" + member,
            PLAIN + "=" + visitor,
            Passes.FIELD + "=" + member,
            "x=" + "y".repeat(8_193 - 4 - cookie.length()) + "; " + cookie)) {
      assertThat(secure(field)).as("%.200s", field).isNull();
    }
    assertIs(secure(cookie), Level.MEMBER);
  }

  @Test
  void mustReject_withDomain_isTheHostsCookie() {
    for (String name : List.of(HOST, PLAIN, "__secure-tidegate")) {
      assertThat(domain.fromCookies(List.of(name + "=" + member), true, HOME)).isNull();
    }
    assertIs(domain.fromCookies(List.of(SECURE + "=" + member), true, HOME), Level.MEMBER);
  }

  /** Over plain http anybody on the way can set a cookie, and has seen those that were sent. */
  @Test
  void mustReject_memberOverPlainHttp_isNull() {
    AtomicInteger asked = new AtomicInteger();
    Passes any = builder().epochs(account -> asked.incrementAndGet()).build();
    for (String name : List.of(HOST, SECURE, PLAIN)) {
      assertThat(any.fromCookies(List.of(name + "=" + member), false, HOME))
          .as("%s", name)
          .isNull();
    }
    assertThat(asked).hasValue(0);
    assertIs(plain(PLAIN + "=" + member + "; " + PLAIN + "=" + visitor), Level.VISITOR);
    assertThat(plain(HOST + "=" + visitor)).isNull();
  }

  /** P17: a name proves nothing. */
  @Test
  void p17_nameWithoutPass_isNull() {
    for (String value :
        List.of("1", "true", "A".repeat(134), "A".repeat(219), "x".repeat(4_097), visitor + "A")) {
      assertThat(secure(HOST + "=" + value)).isNull();
      assertThat(plain(PLAIN + "=" + value)).isNull();
    }
  }

  /** P12: a neighbour's cookie of the same name does not hide ours. */
  @Test
  void p12_fourOfOneName_areTried() {
    String junk = HOST + "=" + "A".repeat(134) + "; ";
    String ours = HOST + "=" + visitor;
    for (int others = 0; others <= 3; others++) {
      assertIs(secure(junk.repeat(others) + ours), Level.VISITOR);
    }
    assertThat(secure(junk.repeat(4) + ours)).isNull();
    assertThat(secure(junk, junk, junk, junk, ours)).isNull();
    assertIs(secure(junk, junk, junk, ours), Level.VISITOR);
    String noPass = HOST + "=x; " + HOST + "; " + HOST + "=; ";
    assertIs(secure(noPass.repeat(100) + ours), Level.VISITOR);
  }

  @Test
  void p12_ofManyForged_fourCostAMac() {
    try (CountedMacs macs = new CountedMacs()) {
      Passes fresh = builder().build();
      String token = fresh.visitor(HOME, WORK);
      String forged = token.substring(0, 60) + (token.charAt(60) == 'A' ? 'B' : 'A');
      String field = (HOST + "=" + forged + token.substring(61) + "; ").repeat(50);
      assertThat(macs.during(() -> fresh.fromCookies(List.of(field, field), true, HOME)))
          .isEqualTo(4);
      String members = PLAIN + "=" + member;
      assertThat(macs.during(() -> fresh.fromCookies(List.of(members), false, HOME))).isZero();
    }
  }

  @Test
  void p12_memberGoesBeforeVisitors_whereverItStands() {
    String first = HOST + "=" + visitor;
    String second = HOST + "=" + passes.visitor(HOME, WORK);
    String good = HOST + "=" + member;
    assertIs(secure(first + "; " + good), Level.MEMBER);
    assertIs(secure(good + "; " + first), Level.MEMBER);
    assertIs(secure(first, second, good), Level.MEMBER);
    Pass one = secure(first, second);
    Pass known = passes.read(visitor, HOME);
    assertThat(one).isNotNull();
    assertThat(known).isNotNull();
    assertThat(one.idHigh()).as("the most specific path comes first").isEqualTo(known.idHigh());
  }

  @Test
  void p12_revokedMember_leavesTheVisitor() {
    Passes revoking = builder().epochs(account -> 9).build();
    Pass pass =
        revoking.fromCookies(
            List.of(HOST + "=" + member + "; " + HOST + "=" + visitor), true, HOME);
    assertIs(pass, Level.VISITOR);
  }

  /** What is found is what a slow reader finds that cuts fields into pieces. */
  @ParameterizedTest
  @ValueSource(longs = {3, 4, 20_250_127})
  void randomFields_leadToWhatASlowReaderFinds(long seed) {
    Random random = new Random(seed);
    String[] pieces = {
      HOST,
      PLAIN,
      SECURE,
      "=",
      "=",
      ";",
      "; ",
      " ",
      "\t",
      ",",
      "\"",
      "a",
      "\u0000",
      "\ud83c",
      visitor,
      member,
      HOST + "=" + visitor,
      HOST + "=" + member,
      "A".repeat(134),
      "x".repeat(300)
    };
    int found = 0;
    for (int round = 0; round < 20_000; round++) {
      List<String> fields = new ArrayList<>();
      for (int field = random.nextInt(4); field > 0; field--) {
        StringBuilder text = new StringBuilder();
        for (int piece = random.nextInt(9); piece > 0; piece--) {
          text.append(pieces[random.nextInt(pieces.length)]);
        }
        fields.add(text.toString());
      }
      Level expected = slowly(fields);
      Pass pass = passes.fromCookies(fields, true, HOME);
      assertThat(pass == null ? null : pass.level())
          .as("seed %d, round %d: %s", seed, round, fields)
          .isEqualTo(expected);
      found += pass == null ? 0 : 1;
    }
    assertThat(found).as("passes found of seed %d", seed).isGreaterThan(500);
  }

  private @Nullable Level slowly(List<String> fields) {
    List<String> values = new ArrayList<>();
    for (String field : fields) {
      for (String pair : field.split(";")) {
        String bare = pair.replaceAll("^[ \t]+|[ \t]+$", "");
        String value = bare.startsWith(HOST + "=") ? bare.substring(HOST.length() + 1) : "";
        if (value.length() >= 134 && value.length() <= 219) {
          values.add(value);
        }
      }
    }
    List<String> tried = values.subList(0, Math.min(4, values.size()));
    if (tried.contains(member)) {
      return Level.MEMBER;
    }
    return tried.contains(visitor) ? Level.VISITOR : null;
  }

  /** P14: junk of any kind. */
  @ParameterizedTest
  @ValueSource(longs = {5, 20_250_128})
  void p14_junk_throwsNothing(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder junk = new StringBuilder(HOST + "=" + visitor + "; a=b; tidegate=" + visitor);
      for (int change = random.nextInt(6); change >= 0; change--) {
        int at = random.nextInt(junk.length());
        switch (random.nextInt(3)) {
          case 0 -> junk.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
          case 1 -> junk.deleteCharAt(at);
          default -> junk.insert(at, ";= \t\"A".charAt(random.nextInt(6)));
        }
      }
      String field = junk.toString();
      Pass pass = passes.fromCookies(List.of(field, field), random.nextBoolean(), HOME);
      assertThat(pass == null || field.contains(visitor))
          .as("seed %d, round %d: %s", seed, round, field)
          .isTrue();
    }
  }

  /** One iterator for all rounds, so that what is measured is the search. */
  private static final class Again implements Iterable<String>, Iterator<String> {
    private final String[] fields;
    private int at;

    Again(String... fields) {
      this.fields = fields;
    }

    @Override
    public Iterator<String> iterator() {
      at = 0;
      return this;
    }

    @Override
    public boolean hasNext() {
      return at < fields.length;
    }

    @Override
    public String next() {
      return fields[at++];
    }
  }

  private double bytesPerCall(Iterable<String> fields) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    double least = Double.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int call = 0; call < 1_000; call++) {
        passes.fromCookies(fields, true, HOME);
      }
      least = Math.min(least, (threads.getThreadAllocatedBytes(id) - before) / 1_000.0);
    }
    return least;
  }

  @Test
  void fieldsWithoutOurName_allocateNothing() {
    double found = bytesPerCall(new Again(HOST + "=" + visitor));
    assumeTrue(found > 100, "a virtual machine that counts what is allocated");
    String many = "session=0123456789abcdef; theme=dark; tidegate2=" + visitor + "; ";
    assertThat(bytesPerCall(new Again(many.repeat(20), "a", "", ";;", HOST, HOST + "=short")))
        .isLessThan(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.org", "a.b-c.example", "localhost", "EXAMPLE.org", "1.a2"})
  void cookieDomain_thatIsOne_isTaken(String name) {
    assertThat(builder().cookieDomain(name).build().setCookie(visitor, true))
        .contains("; Domain=" + name + "; ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        ".example.org",
        "example.org.",
        "example..org",
        "-a.org",
        "a-.org",
        "203.0.113.7",
        "example.org;x",
        "a b",
        "a_b.org",
        "a\r\nb",
        "\u00e9.org",
        "[2001:db8::1]"
      })
  void cookieDomain_thatIsNone_isRefusedByName(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().cookieDomain(name))
        .withMessage(
            "cookieDomain: "
                + name.replaceAll("[^!-~]", "?")
                + " (expected: a domain such as example.org)");
  }

  @Test
  void cookieDomain_thatIsTooLong_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().cookieDomain("a".repeat(64) + ".org"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().cookieDomain("a.".repeat(126) + "org"));
    builder().cookieDomain("a".repeat(63) + ".org");
  }
}

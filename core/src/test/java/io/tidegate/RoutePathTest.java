package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a path is read as. */
class RoutePathTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        "/register                | /register",
        "/register/               | /register",
        "/register///             | /register",
        "//register               | /register",
        "/register;jsessionid=1   | /register",
        "/register;a=b;c/;d       | /register",
        "/;x/register             | /register",
        "/%72egister              | /register",
        "/regi%73te%72            | /register",
        "/register?x=/../y        | /register",
        "/register#x              | /register",
        "/%2572egister            | /%72egister",
        "/a%252f..                | /a%2f..",
        "/register%3Bx            | /register;x",
        "/regis%ter               | /regis%ter",
        "/register%               | /register%",
        "/register%2              | /register%2",
        "/register%zz             | /register%zz",
        "/caf%C3%A9               | /café",
        "/café                    | /café",
        "/%F0%9F%8C%8A            | /\uD83C\uDF0A",
        "/a%20b                   | \"/a b\"",
        "/a+b                     | /a+b",
        "/...                     | /...",
        "/.well-known/x           | /.well-known/x",
        "/..x/y                   | /..x/y",
        "*                        | /*",
        "\"\"                     | /",
        "/                        | /",
        "//                       | /",
        ";x                       | /",
        "register                 | /register",
      })
  void of_pathWithOneReading_isThat(String sent, String reading) {
    assertThat(RoutePath.of(sent).readings()).containsExactly(reading);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a/../register           | /register",
        "/a/..;/register          | /register",
        "/a/%2e%2E/register       | /register",
        "/a/.%2e;x=y/register     | /register",
        "/a/..\\register          | /register",
        "/a%5c..%5Cregister       | /register",
        "/a%2f..%2Fregister       | /register",
        "/a\\b%2f..%2fregister    | /register",
        "/a%2fb\\..\\register     | /register",
        "/b//../register          | /register",
        "/b//../register          | /b/register",
        "/a/../register           | /a/../register",
        "/a%2fregister            | /a%2Fregister",
        "/a%2fregister            | /a/register",
        "/a%5cregister            | /a%5Cregister",
        "/a%5cregister            | /a/register",
        "/a\\register             | /a\\register",
        "/a\\register             | /a/register",
        "/../register             | /register",
        "/../../..                | /",
        "/register/.              | /register",
        "/./register              | /register",
        "/a%2f%2e%2e/register     | /a%2F../register"
      })
  void of_pathThatRoutersReadInSeveralWays_hasThatReading(String sent, String reading) {
    assertThat(RoutePath.of(sent).readings()).contains(reading).doesNotHaveDuplicates();
  }

  @Test
  void of_digitsOfOtherScripts_areNoEncoding() {
    String fullWidth = "/a/%\uFF12\uFF45%\uFF12\uFF45";
    assertThat(RoutePath.of(fullWidth).readings()).containsExactly(fullWidth);
  }

  @Test
  void of_octetsThatAreNoUtf8_areReplaced() {
    assertThat(RoutePath.of("/%FF").readings()).containsExactly("/\uFFFD");
    assertThat(RoutePath.of("/a%C0%AFb").readings())
        .as("an overlong slash is none")
        .containsExactly("/a\uFFFD\uFFFDb");
  }

  @Test
  void of_encodedCharacterBesideHalfASurrogatePair_isKept() {
    assertThat(RoutePath.of("/\uD83C%2e\uDF0A%F0%90%80%80").readings().get(0))
        .endsWith("\uDF0A\uD800\uDC00");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/shop/register           | /shop     | /register",
        "/shop                    | /shop     | /",
        "/shop/                   | /shop/    | /",
        "/sh%6Fp/register         | /sh%6Fp   | /register",
        "/shop;v=1/register       | /shop;v=1 | /register",
        "/x/../shop/register      | /x/../shop | /register",
        "//shop/register          | //shop    | /register",
        "/shop/search/..          | /shop     | /search/..",
        "/x/../shop/search/..     | /x/../shop | /search/..",
        "/shop/a%2fb              | /shop     | /a/b",
        "/shop/a%2fb              | /shop     | /a%2Fb",
        "/shopping/register       | /shop     | /shopping/register",
        "/register                | /shop     | /register",
        "/shop/../register        | /shop     | /register",
        "/shop/shop/register      | /shop     | /shop/register",
        "/shop/register           | /         | /shop/register"
      })
  void below_base_isCutOff(String sent, String base, String reading) {
    assertThat(RoutePath.of(sent).below(base).readings()).contains(reading);
  }

  @Test
  void of_plainPath_isTheSameString() {
    String plain = "/v1/chat/completions";
    assertThat(RoutePath.of(plain).readings().get(0)).isSameAs(plain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "/", "%2f", "%", "..;/", "/..", "\\", ";", "%C3", "\uD800", "/."})
  void of_megabyte_isReadInLinearTime(String piece) {
    String sent = "/" + piece.repeat(1_000_000 / piece.length());
    assertThat(RoutePath.of(sent).readings())
        .isNotEmpty()
        .allMatch(reading -> reading.length() <= 3 * sent.length());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void of_anyText_neverThrowsAndEachReadingIsAbsolute(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    String nasty = "//..%%;\\25cCfFaA?#*\u0000\r\n\u00e9\ud83c\udf0a\uffff";
    for (int round = 0; round < 10_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(24); i > 0; i--) {
        text.append(
            random.nextInt(8) == 0
                ? (char) random.nextInt(0x1_0000)
                : nasty.charAt(random.nextInt(nasty.length())));
      }
      String sent = text.toString();
      assertThatCode(
              () ->
                  assertThat(RoutePath.of(sent).below("/%2e").readings())
                      .isNotEmpty()
                      .allMatch(reading -> reading.startsWith("/"))
                      .noneMatch(reading -> reading.contains("//")))
          .as("seed %d, round %d: %s", seed, round, sent)
          .doesNotThrowAnyException();
    }
  }
}

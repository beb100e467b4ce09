package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Request targets, well-formed and not. */
class RequestTargetTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "/a/b, /a/b,",
        "/a?b=/c, /a,",
        "/a#b?c, /a,",
        "/, /,",
        "*, *,",
        "http://host/a?b, /a, host",
        "HTTPS://Host:8443/a;b/, /a;b/, Host:8443",
        "http://host, /, host",
        "http://host?a=/b, /, host",
        "http://host#/b, /, host",
        "http://user:pass@host/a, /a, host",
        "http://[::1]:80/a, /a, [::1]:80",
        "http:///a, /a,",
        "http://host\\a, \\a, host",
        "a+b-c.1://host//a, //a, host",
        "host:443, host:443,",
        "//host/a, //host/a,",
        "http:/host/a, http:/host/a,",
        "1http://host/a, 1http://host/a,",
        "://host/a, ://host/a,",
        "a b://host/a, a b://host/a,",
        "%2fa, %2fa,"
      })
  void target_isTakenApart(String target, String path, String host) {
    assertThat(RequestTarget.path(target)).isEqualTo(path);
    assertThat(RequestTarget.host(target)).isEqualTo(host);
  }

  @Test
  void emptyTarget_isAnEmptyPath() {
    assertThat(RequestTarget.path("")).isEmpty();
    assertThat(RequestTarget.host("")).isNull();
  }

  @Test
  void anyText_isTaken() {
    long seed = 7;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    String alphabet = "a:/?#@[]%\\ \u00e9\ud83d*.";
    for (int i = 0; i < 100_000; i++) {
      StringBuilder target = new StringBuilder(random.nextBoolean() ? "http://" : "");
      for (int length = random.nextInt(12); length > 0; length--) {
        target.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String text = target.toString();
      String path = RequestTarget.path(text);
      assertThat(path).as("seed %d: %s", seed, text).doesNotContain("?", "#");
      assertThat(text.contains(path) || path.equals("/")).as("seed %d: %s", seed, text).isTrue();
      String host = RequestTarget.host(text);
      assertThat(host == null || text.contains(host)).as("seed %d: %s", seed, text).isTrue();
    }
  }
}

package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Routers.Router;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No way to write a path leads a router to an endpoint, and past the rule that guards it. */
class RouterPromiseTest {

  private static final String[] PIECES = {
    "/",
    "//",
    "/..",
    "/.",
    "/register",
    "/a",
    ";x",
    "..;/",
    "%2e",
    "%2E%2e",
    "%2f",
    "%2F..%2F",
    "%5c",
    "\\",
    "..\\",
    "%72egister",
    "register",
    "%252e",
    "%"
  };

  private static final List<Router> ROUTERS = Routers.all();

  @Test
  void pathMatch_everyShortSpellingThatARouterLeadsThere_matches() {
    var led = new TreeMap<String, Integer>();
    try (MatchProbe probe = new MatchProbe(Match.post("/register"))) {
      for (String one : PIECES) {
        for (String two : PIECES) {
          for (String three : PIECES) {
            check("/" + one + two + three, probe, led);
            check("/b" + one + two + three + "/register", probe, led);
          }
        }
      }
    }
    assertThat(led).as("spellings, by router").hasSize(ROUTERS.size());
    assertThat(led.values()).as("spellings, by router").allMatch(count -> count > 30);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void pathMatch_anyLongSpellingThatARouterLeadsThere_matches(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    var led = new TreeMap<String, Integer>();
    try (MatchProbe probe = new MatchProbe(Match.post("/register"))) {
      for (int round = 0; round < 8_000; round++) {
        StringBuilder path = new StringBuilder("/");
        int length = 3 + random.nextInt(7);
        for (int i = 0; i < length; i++) {
          path.append(PIECES[random.nextInt(PIECES.length)]);
        }
        check(path + (random.nextBoolean() ? "/register" : ""), probe, led);
      }
    }
    assertThat(led).as("spellings by router, seed %d", seed).hasSize(ROUTERS.size());
  }

  private static void check(String path, MatchProbe probe, TreeMap<String, Integer> led) {
    for (Router router : ROUTERS) {
      if (router.leadsTo("/register", path)) {
        led.merge(router.name(), 1, Integer::sum);
        assertThat(probe.matches(FakeRequest.post(path)))
            .as("%s leads %s to /register", router, path)
            .isTrue();
      }
    }
  }

  @Test
  void excludedPath_everyShortSpellingThatARouterLeadsElsewhere_isLimited() {
    var led = new TreeMap<String, Integer>();
    try (MatchProbe probe = new MatchProbe(Match.path("/a/**").not())) {
      for (String one : PIECES) {
        for (String two : PIECES) {
          for (String three : PIECES) {
            check("/a/x" + one + two + three + "/register", probe, led);
          }
        }
      }
      assertThat(probe.matches(FakeRequest.post("/a/x"))).isFalse();
    }
    assertThat(led).as("ways out, by router").hasSizeGreaterThan(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/search/..",
        "/search/.",
        "/search/%2e%2e",
        "/search/..;v=1",
        "/search/%2E",
        "/search//.."
      })
  void placeholder_dotsThatARouterTakesForAName_match(String path) {
    FakeRequest request = FakeRequest.get(path);
    assertThat(MatchProbe.matches(Match.path("/search/{query}"), request)).isTrue();
    assertThat(MatchProbe.matches(Match.path("/search/**"), request)).isTrue();
  }

  @Test
  void routers_disagree() {
    List<String> forms =
        ROUTERS.stream().map(router -> router.route().apply("/a//../b%2f../register")).toList();
    assertThat(forms).contains(null, "/register", "/a/register", "/a/../b/../register");
  }
}

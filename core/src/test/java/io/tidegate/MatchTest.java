package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests a rule is about. */
class MatchTest {

  private static boolean matches(Match match, GateRequest request) {
    return MatchProbe.matches(match, request);
  }

  @ParameterizedTest
  @CsvSource({
    "/, /, true",
    "/, /a, false",
    "/register, /register, true",
    "/register, /register/, true",
    "/register, /registers, false",
    "/register, /regist, false",
    "/register, /register/x, false",
    "/register, /Register, false",
    "/a b, /a%20b, true",
    "/caf\u00e9, /caf%c3%a9, true",
    "/a+b, /a+b, true",
    "/users/{id}, /users/7, true",
    "/users/{id}, /users/, false",
    "/users/{id}, /users, false",
    "/users/{id}, /users/7/x, false",
    "/users/{id}, /users//7, true",
    "/users/*, /users/7, true",
    "/users/{id}/posts, /users/7/posts, true",
    "/users/{id}/posts, /users/7/post, false",
    "/users/{id}/posts, /users/7, false",
    "/users/{id}/posts, /users/7/8/posts, false",
    "/users/{id}/posts, /users/posts, false",
    "/{a}/{b}, /x/y, true",
    "/{a}/{b}, /x, false",
    "/{a}, /, false",
    "/files/{name}, /files/a%2fb, true",
    "/v1/**, /v1, true",
    "/v1/**, /v1/, true",
    "/v1/**, /v1/a/b/c, true",
    "/v1/**, /v11, false",
    "/v1/**, /v, false",
    "/v1/**, /, false",
    "/v1/{x}/**, /v1, false",
    "/v1/{x}/**, /v1/a, true",
    "/v1/{x}/**, /v1/a/b/c, true",
    "/**, /, true",
    "/**, /a/b, true",
    "/**, *, true",
    "/a, *, false"
  })
  void path_template_matches(String template, String path, boolean expected) {
    assertThat(matches(Match.path(template), FakeRequest.get(path))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a", "v1/**", "/a/", "/a//b", "//", "/a/../b", "/./a", "/a;x", "/a%20b", "/a\\b",
        "/a/**/b", "/**/b", "/a**", "/a*", "/{a}b", "/{}", "/{a b}", "/{a", "/a}", "/a?", "/a?b=c",
        "/a#b", "/a\n*", "//**"
      })
  void path_badTemplate_isRefusedWithItsName(String template) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Match.path(template))
        .withMessageStartingWith("path: " + template + " (expected: ");
    assertThatIllegalArgumentException().isThrownBy(() -> Match.get(template));
    assertThatIllegalArgumentException().isThrownBy(() -> Match.post(template));
  }

  @Test
  void basePath_isNotNamedByRules() {
    FakeRequest below = FakeRequest.get("/sh%6fp;v=1/register").basePath("/sh%6fp;v=1");
    assertThat(matches(Match.path("/register"), below)).isTrue();
    assertThat(matches(Match.path("/shop/register"), below)).isFalse();
    FakeRequest beside = FakeRequest.get("/shopping").basePath("/shop");
    assertThat(matches(Match.path("/ping"), beside)).isFalse();
  }

  @Test
  void getAndPost_askForTheMethodAsSent() {
    assertThat(matches(Match.get("/a"), FakeRequest.get("/a"))).isTrue();
    assertThat(matches(Match.get("/a"), FakeRequest.of("HEAD", "/a"))).isTrue();
    assertThat(matches(Match.get("/a"), FakeRequest.post("/a"))).isFalse();
    assertThat(matches(Match.post("/a"), FakeRequest.post("/a"))).isTrue();
    assertThat(matches(Match.post("/a"), FakeRequest.of("post", "/a"))).isFalse();
    assertThat(matches(Match.method("M-SEARCH"), FakeRequest.of("M-SEARCH", "/a"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "post", "Post", "POst"})
  void method_notInCapitals_isRefused(String method) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Match.method(method))
        .withMessage("method: %s (expected: a name in capitals)", method);
  }

  @ParameterizedTest
  @CsvSource({
    "api.example.com, true",
    "API.Example.COM, true",
    "api.example.com:8080, true",
    "api.example.com:, true",
    "api.example.com., true",
    "api.example.com.:443, true",
    "api.example.com.evil, false",
    "api.example.comx, false",
    "api.example.co, false",
    "xapi.example.com, false",
    "'', false"
  })
  void host_whateverPortAndCase_matches(String asked, boolean expected) {
    Match match = Match.host("api.example.com");
    assertThat(matches(match, FakeRequest.get("/").host(asked))).isEqualTo(expected);
  }

  @Test
  void host_none_doesNotMatch() {
    assertThat(matches(Match.host("example.com"), FakeRequest.get("/").host(null))).isFalse();
  }

  @Test
  void host_ipv6Literal_matches() {
    Match match = Match.host("[2001:db8::1]");
    assertThat(matches(match, FakeRequest.get("/").host("[2001:DB8::1]:443"))).isTrue();
    assertThat(matches(match, FakeRequest.get("/").host("[2001:db8::12]"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "example.com:80", "2001:db8::1"})
  void host_withPortOrEmpty_isRefused(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Match.host(host))
        .withMessage("host: %s (expected: a host without a port)", host);
  }

  @Test
  void header_anyOrThisValue_matches() {
    FakeRequest request = FakeRequest.get("/").header("X-Mode", "a").header("X-Mode", "b");
    assertThat(matches(Match.header("x-mode"), request)).isTrue();
    assertThat(matches(Match.header("x-mode", "a"), request)).isTrue();
    assertThat(matches(Match.header("x-mode", "b"), request)).as("first line only").isFalse();
    assertThat(matches(Match.header("x-mode", "A"), request)).isFalse();
    assertThat(matches(Match.header("x-other"), request)).isFalse();
  }

  @Test
  void andOrNot_joinAsInLogic() {
    FakeRequest request = FakeRequest.get("/a");
    Match yes = Match.all();
    Match no = Match.all().not();
    assertThat(matches(no, request)).isFalse();
    assertThat(matches(no.not(), request)).isTrue();
    assertThat(matches(yes.and(no), request)).isFalse();
    assertThat(matches(yes.and(yes), request)).isTrue();
    assertThat(matches(no.or(yes), request)).isTrue();
    assertThat(matches(no.or(no), request)).isFalse();
    Match mustNotBeAsked =
        Match.where(
            asked -> {
              throw new AssertionError("asked");
            });
    assertThat(matches(no.and(mustNotBeAsked), request)).isFalse();
    assertThat(matches(yes.or(mustNotBeAsked), request)).isTrue();
  }

  @Test
  void where_asksThePredicate() {
    Match match = Match.where(request -> request.principal() != null);
    assertThat(matches(match, FakeRequest.get("/").principal("ann"))).isTrue();
    assertThat(matches(match, FakeRequest.get("/"))).isFalse();
  }

  @Test
  void notOfAPath_pathWithTwoReadings_canSatisfyBoth() {
    FakeRequest request = FakeRequest.get("/static/x%2f..%2f..%2flogin");
    Match guarded = Match.path("/static/**").not();
    assertThat(matches(Match.path("/static/**"), request)).isTrue();
    assertThat(matches(guarded, request)).as("it may lead to /login").isTrue();
    assertThat(matches(guarded.and(Match.path("/login")), request)).isTrue();
    assertThat(matches(Match.path("/login").and(Match.path("/static/**")), request))
        .as("no reading is both")
        .isFalse();
  }

  @Test
  void parts_null_areNamed() {
    assertThatNullPointerException().isThrownBy(() -> Match.path(null)).withMessage("template");
    assertThatNullPointerException().isThrownBy(() -> Match.method(null)).withMessage("method");
    assertThatNullPointerException().isThrownBy(() -> Match.host(null)).withMessage("host");
    assertThatNullPointerException().isThrownBy(() -> Match.header(null)).withMessage("name");
    assertThatNullPointerException().isThrownBy(() -> Match.header("a", null)).withMessage("value");
    assertThatNullPointerException().isThrownBy(() -> Match.where(null)).withMessage("predicate");
    assertThatNullPointerException().isThrownBy(() -> Match.all().and(null)).withMessage("other");
    assertThatNullPointerException().isThrownBy(() -> Match.all().or(null)).withMessage("other");
  }
}

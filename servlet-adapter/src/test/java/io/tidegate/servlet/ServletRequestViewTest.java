package io.tidegate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.IpAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Servlet API allows a request to answer, as a gate sees it. */
class ServletRequestViewTest {

  private static ServletRequestView view(Map<String, Stub.Answer> answers) {
    return new ServletRequestView(Stub.of(HttpServletRequest.class, answers));
  }

  private static ServletRequestView view(String method, Object answer) {
    return view(Map.of(method, arguments -> answer));
  }

  private static Object fail() {
    throw new IllegalStateException("broken on purpose");
  }

  @Test
  void everything_thatMayBeNull_isEmptyOrNull() {
    ServletRequestView view = view(Map.of());
    assertThat(view.method()).isEmpty();
    assertThat(view.path()).isEmpty();
    assertThat(view.basePath()).isEmpty();
    assertThat(view.host()).isNull();
    assertThat(view.peer()).isNull();
    assertThat(view.principal()).isNull();
    assertThat(view.header("Origin")).isNull();
    assertThat(view.headers("Origin")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "2001:db8::1, 2001:db8::1",
    "[2001:db8::1], 2001:db8::1",
    "[0:0:0:0:0:0:0:1], ::1",
    "fe80:0:0:0:0:0:0:1%eth0, fe80::1",
    "::ffff:192.0.2.1, 192.0.2.1"
  })
  void peer_inTheSpellingOfAnyContainer_isRead(String spelling, String address) {
    assertThat(view("getRemoteAddr", spelling).peer()).isEqualTo(IpAddress.parse(address));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[", "[]", "]", "unknown", "localhost", "192.0.2.1:80", "/tmp/sock"})
  void peer_thatIsNoAddress_isNull(String text) {
    assertThat(view("getRemoteAddr", text).peer()).isNull();
  }

  @Test
  void peer_ofAContainerThatThrows_isNull() {
    assertThat(view(Map.of("getRemoteAddr", arguments -> fail())).peer()).isNull();
  }

  @Test
  void principal_isTheNameElseTheUserElseNull() {
    Principal principal = () -> "ada";
    assertThat(view("getUserPrincipal", principal).principal()).isEqualTo("ada");
    assertThat(view("getRemoteUser", "bob").principal()).isEqualTo("bob");
    assertThat(view(Map.of("getUserPrincipal", arguments -> fail())).principal()).isNull();
  }

  @Test
  void host_isThatByWhichTheContainerRoutes() {
    Stub.Answer header = arguments -> arguments[0].equals("Host") ? "header.example:80" : null;
    assertThat(view(Map.of("getServerName", arguments -> "a.example", "getHeader", header)).host())
        .isEqualTo("a.example");
    assertThat(view(Map.of("getHeader", header)).host()).isEqualTo("header.example:80");
    assertThat(view(Map.of("getServerName", arguments -> "", "getHeader", header)).host())
        .isEqualTo("header.example:80");
  }

  @Test
  void headers_areAllLinesInOrder() {
    ServletRequestView view =
        view(Map.of("getHeaders", arguments -> Collections.enumeration(List.of("b", "a", "b"))));
    assertThat(view.headers("X")).containsExactly("b", "a", "b");
  }
}

package io.tidegate.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;

/** Which Servlet API the tests run on: the build compiles against 6.0, whatever it runs on. */
final class ServletApi {

  private ServletApi() {}

  static String version() {
    // Servlet 6.1 added redirects with a status.
    boolean newer =
        Arrays.stream(HttpServletResponse.class.getMethods())
            .anyMatch(
                method ->
                    method.getName().equals("sendRedirect") && method.getParameterCount() == 2);
    return newer ? "6.1" : "6.0";
  }
}

package io.tidegate.examples;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code GET /v1/models}: the one there is. */
@SuppressWarnings("serial") // no servlet is ever serialised
final class ModelsServlet extends HttpServlet {

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    JsonBodies.write(response, HttpServletResponse.SC_OK, "application/json", OpenAi.models());
  }
}

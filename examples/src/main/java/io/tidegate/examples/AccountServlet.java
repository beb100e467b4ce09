package io.tidegate.examples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.http.Problem;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.eclipse.jetty.http.HttpStatus;

/** What registration and login have in common: credentials, hard work, problem documents. */
@SuppressWarnings("serial") // no servlet is ever serialised
abstract class AccountServlet extends HttpServlet {

  private final Slots hashing;

  AccountServlet(Slots hashing) {
    this.hashing = hashing;
  }

  /** Does the work, in a slot. */
  abstract void serve(Credentials credentials, HttpServletResponse response)
      throws HttpError, IOException;

  @Override
  protected final void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      Credentials credentials = Credentials.of(JsonBodies.read(request));
      Slots.Slot slot = hashing.take();
      try {
        serve(credentials, response);
      } finally {
        slot.close();
      }
    } catch (HttpError e) {
      e.writeFields(response);
      JsonBodies.write(response, e.status, Problem.CONTENT_TYPE, problem(e));
    }
  }

  private static ObjectNode problem(HttpError error) {
    return JsonBodies.object()
        .put("type", "about:blank")
        .put("title", HttpStatus.getMessage(error.status))
        .put("status", error.status)
        .put("detail", error.text);
  }
}

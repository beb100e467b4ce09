package io.tidegate.examples;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code POST /register}: 201, 400, 409 if the name is taken, 503 if there is no room. */
@SuppressWarnings("serial") // no servlet is ever serialised
final class RegisterServlet extends AccountServlet {

  private final Users users;

  RegisterServlet(Users users, Slots hashing) {
    super(hashing);
    this.users = users;
  }

  @Override
  void serve(Credentials credentials, HttpServletResponse response) throws HttpError, IOException {
    users.register(credentials);
    JsonBodies.write(
        response,
        HttpServletResponse.SC_CREATED,
        "application/json",
        JsonBodies.object().put("user", credentials.user()));
  }
}

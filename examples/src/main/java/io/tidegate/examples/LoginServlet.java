package io.tidegate.examples;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code POST /login}: 200 with the user's API key, 400, or 401 if name or password is wrong. */
@SuppressWarnings("serial") // no servlet is ever serialised
final class LoginServlet extends AccountServlet {

  private final Users users;

  LoginServlet(Users users, Slots hashing) {
    super(hashing);
    this.users = users;
  }

  @Override
  void serve(Credentials credentials, HttpServletResponse response) throws HttpError, IOException {
    String apiKey = users.logIn(credentials);
    JsonBodies.write(
        response,
        HttpServletResponse.SC_OK,
        "application/json",
        JsonBodies.object().put("user", credentials.user()).put("api_key", apiKey));
  }
}

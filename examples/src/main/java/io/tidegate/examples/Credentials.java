package io.tidegate.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** A user's name, in lower case, and password, as sent. */
record Credentials(String user, String password) {

  /**
   * Reads {@code {"user": "...", "password": "..."}}, or a form's fields of these names.
   *
   * @throws HttpError 400 if one is missing or out of its range
   */
  static Credentials of(JsonNode body) throws HttpError {
    String user = body.path("user").asText("");
    String password = body.path("password").asText("");
    if (!user.matches("[A-Za-z0-9._-]{3,32}")) {
      throw HttpError.badInput("user: expected 3 to 32 letters, digits, dots, _ and -");
    }
    if (password.length() < 8 || password.length() > 128) {
      throw HttpError.badInput("password: expected 8 to 128 characters");
    }
    return new Credentials(user.toLowerCase(Locale.ROOT), password);
  }

  /** Without the password: this may end in a log. */
  @Override
  public String toString() {
    return "Credentials[" + user + "]";
  }
}

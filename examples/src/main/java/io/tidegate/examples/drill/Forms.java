package io.tidegate.examples.drill;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The few texts that clients and service exchange. */
final class Forms {

  private Forms() {}

  /** A value of a form whose values need no escapes; empty if there is none. */
  static String value(String form, String name) {
    for (String pair : form.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return "";
  }

  /** What a pattern's group finds; empty if nothing. */
  static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  static String credentials(String user, String password) {
    return "user=" + user + "&password=" + password;
  }
}

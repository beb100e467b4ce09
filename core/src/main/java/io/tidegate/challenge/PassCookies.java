package io.tidegate.challenge;

import org.jspecify.annotations.Nullable;

/**
 * Names and attributes of the cookies of passes, and where they stand in {@code Cookie} fields (RFC
 * 6265, section 4; RFC 6265bis for the prefixes of names). Immutable.
 */
final class PassCookies {

  /** Longer fields are not looked at, in characters. */
  static final int MOST_FIELD = 8_192;

  /** How many cookies of one name are tried. */
  static final int MOST_TRIED = 4;

  private static final String HOST = "__Host-tidegate";
  private static final String DOMAIN = "__Secure-tidegate";
  private static final String PLAIN = "tidegate";

  private static final String MEMBER_SAME_SITE = "; SameSite=Lax";

  /**
   * Of visitors: the one place that says it. Empty would leave the attribute out; {@code None}
   * would need {@code Secure}, so browsers would drop the cookie over plain http.
   */
  private static final String VISITOR_SAME_SITE = "; SameSite=Lax";

  private final @Nullable String domain;

  PassCookies(@Nullable String domain) {
    this.domain = domain;
  }

  /** The only name that is read or set; what a cookie of another name says is nobody's word. */
  String name(boolean secure) {
    if (!secure) {
      return PLAIN;
    }
    return domain == null ? HOST : DOMAIN;
  }

  /** A value of {@code Set-Cookie}. */
  String set(PassToken token, boolean secure, long maxAge) {
    StringBuilder out = new StringBuilder(320);
    out.append(name(secure)).append('=').append(token);
    if (secure && domain != null) {
      out.append("; Domain=").append(domain);
    }
    out.append("; Path=/; Max-Age=").append(maxAge);
    if (secure) {
      out.append("; Secure");
    }
    out.append("; HttpOnly").append(token.isMember() ? MEMBER_SAME_SITE : VISITOR_SAME_SITE);
    return out.toString();
  }

  /**
   * Where the value of the next cookie of a name begins; -1 if there is none. Names are told apart
   * by case, as browsers do: a prefix in other letters has not been checked by them.
   */
  static int valueIn(String field, String name, int from) {
    int at = from;
    while (at < field.length()) {
      at = skipSpace(field, at);
      int value = at + name.length() + 1;
      if (field.startsWith(name, at) && value <= field.length() && field.charAt(value - 1) == '=') {
        return value;
      }
      int semicolon = field.indexOf(';', at);
      at = semicolon < 0 ? field.length() : semicolon + 1;
    }
    return -1;
  }

  /** Where a value that begins at a place ends, without the spaces behind it. */
  static int endOfValue(String field, int from) {
    int semicolon = field.indexOf(';', from);
    int end = semicolon < 0 ? field.length() : semicolon;
    while (end > from && isSpace(field.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private static int skipSpace(String field, int from) {
    int at = from;
    while (at < field.length() && isSpace(field.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  static String checkedDomain(String domain) {
    boolean fits = domain.length() <= 253;
    String last = "";
    for (String label : domain.split("\\.", -1)) {
      fits = fits && isLabel(label);
      last = label;
    }
    // An address has no domain; browsers would drop the cookie.
    if (!fits || last.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(
          "cookieDomain: " + shown(domain) + " (expected: a domain such as example.org)");
    }
    return domain;
  }

  private static boolean isLabel(String label) {
    if (label.isEmpty() || label.length() > 63 || label.startsWith("-") || label.endsWith("-")) {
      return false;
    }
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      boolean fits =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** A text without what could break a line of a log. */
  private static String shown(String text) {
    StringBuilder out = new StringBuilder();
    text.chars().limit(300).forEach(c -> out.append(c > ' ' && c < 0x7F ? (char) c : '?'));
    return out.toString();
  }
}

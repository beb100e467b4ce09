package io.tidegate.netty;

import org.jspecify.annotations.Nullable;

/**
 * Takes request targets apart (RFC 9112, section 3.2). Any text is taken; what is no target is a
 * path as a whole, for the gate to bring into form.
 */
final class RequestTarget {

  private static final String AUTHORITY_FOLLOWS = "://";

  private RequestTarget() {}

  /** The path without query and fragment; also that of a target with scheme and authority. */
  static String path(String target) {
    int start = 0;
    int authority = authority(target);
    if (authority >= 0) {
      start = endOfAuthority(target, authority);
      if (start == target.length() || "?#".indexOf(target.charAt(start)) >= 0) {
        return "/";
      }
    }
    int end = start;
    while (end < target.length() && target.charAt(end) != '?' && target.charAt(end) != '#') {
      end++;
    }
    return target.substring(start, end);
  }

  /** The authority of a target that names one, without user information; else null. */
  static @Nullable String host(String target) {
    int start = authority(target);
    if (start < 0) {
      return null;
    }
    int end = endOfAuthority(target, start);
    int user = target.lastIndexOf('@', end - 1);
    String host = target.substring(user >= start ? user + 1 : start, end);
    return host.isEmpty() ? null : host;
  }

  /** Where the authority begins; -1 if the target has none, as nearly all have. */
  private static int authority(String target) {
    if (target.isEmpty() || !isLetter(target.charAt(0))) {
      return -1;
    }
    int i = 1;
    while (i < target.length() && isSchemeCharacter(target.charAt(i))) {
      i++;
    }
    return target.startsWith(AUTHORITY_FOLLOWS, i) ? i + AUTHORITY_FOLLOWS.length() : -1;
  }

  private static int endOfAuthority(String target, int start) {
    int end = start;
    while (end < target.length() && "/?#\\".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  private static boolean isLetter(char c) {
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'z';
  }

  private static boolean isSchemeCharacter(char c) {
    return isLetter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  }
}

package io.tidegate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A path in the form in which applications route: parameters cut off each segment, percent-encoding
 * undone once, dot segments resolved, empty segments dropped, no slash at the end.
 *
 * <p>An encoded slash is where routers disagree: some take it as a part of a segment, some as a
 * separator. Such a path has both readings, and a rule that matches either matches. A path can thus
 * only fall under more rules by being written oddly, never under fewer.
 *
 * @param path the reading in which an encoded slash stays encoded
 * @param other the reading in which it separates, if it differs
 */
record RoutePath(String path, @Nullable String other) {

  static RoutePath of(String raw) {
    String sent = withoutQuery(raw);
    if (isPlain(sent)) {
      return new RoutePath(sent, null);
    }
    String path = resolve(decode(sent, false));
    if (!hasEncodedSlash(sent)) {
      return new RoutePath(path, null);
    }
    String other = resolve(decode(sent, true));
    return new RoutePath(path, other.equals(path) ? null : other);
  }

  /** A request's path has no query; cut it if an adapter left it there. */
  private static String withoutQuery(String raw) {
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) == '?' || raw.charAt(i) == '#') {
        return raw.substring(0, i);
      }
    }
    return raw;
  }

  private static boolean hasEncodedSlash(String raw) {
    if (raw.indexOf('\\') >= 0) {
      return true;
    }
    for (int i = raw.indexOf('%'); i >= 0; i = raw.indexOf('%', i + 1)) {
      int octet = octet(raw, i);
      if (octet == '/' || octet == '\\') {
        return true;
      }
    }
    return false;
  }

  /** Whether a path is in its routing form already, as nearly all are. */
  static boolean isPlain(String raw) {
    int length = raw.length();
    if (length == 0 || raw.charAt(0) != '/') {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = raw.charAt(i);
      if (c == '%' || c == ';' || c == '\\' || c == '?' || c == '#') {
        return false;
      }
      if (c == '/' && i + 1 < length && (raw.charAt(i + 1) == '/' || raw.charAt(i + 1) == '.')) {
        return false;
      }
    }
    return length == 1 || raw.charAt(length - 1) != '/';
  }

  /** Undoes percent-encoding, and cuts parameters, which end at the next slash that was sent. */
  private static String decode(String raw, boolean slashes) {
    StringBuilder out = new StringBuilder(raw.length());
    boolean inParameters = false;
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      inParameters = c == ';' || (inParameters && c != '/');
      if (inParameters) {
        i++;
      } else if (octet(raw, i) >= 0) {
        i = appendDecoded(raw, i, out, slashes);
      } else {
        out.append(slashes && c == '\\' ? '/' : c);
        i++;
      }
    }
    return out.toString();
  }

  /** Decodes a run of encoded octets, which may together be UTF-8; returns where it ends. */
  private static int appendDecoded(String raw, int start, StringBuilder out, boolean slashes) {
    int end = start;
    while (octet(raw, end) >= 0) {
      end += 3;
    }
    byte[] octets = new byte[(end - start) / 3];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) octet(raw, start + 3 * i);
    }
    String decoded = new String(octets, StandardCharsets.UTF_8);
    for (int i = 0; i < decoded.length(); i++) {
      char c = decoded.charAt(i);
      if (c != '/' && c != '\\') {
        out.append(c);
      } else if (slashes) {
        out.append('/');
      } else {
        out.append(c == '/' ? "%2F" : "%5C");
      }
    }
    return end;
  }

  /** The octet that is encoded at {@code i}, or -1 if what stands there is no encoding. */
  private static int octet(String raw, int i) {
    if (i + 2 >= raw.length() || raw.charAt(i) != '%') {
      return -1;
    }
    int high = Character.digit(raw.charAt(i + 1), 16);
    int low = Character.digit(raw.charAt(i + 2), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static String resolve(String path) {
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : path.split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    return "/" + String.join("/", segments);
  }

  /** The same path below a base, if it lies there. */
  RoutePath below(String base) {
    return base.isEmpty() || base.equals("/")
        ? this
        : new RoutePath(below(base, path), other == null ? null : below(base, other));
  }

  private static String below(String base, String path) {
    if (!path.startsWith(base)) {
      return path;
    }
    if (path.length() == base.length()) {
      return "/";
    }
    return path.charAt(base.length()) == '/' ? path.substring(base.length()) : path;
  }
}

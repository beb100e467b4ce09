package io.tidegate;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A path in the form in which applications route: parameters cut off each segment, percent-encoding
 * undone once, dot segments resolved, empty segments dropped, no slash at the end.
 *
 * <p>Routers disagree about a few spellings: whether an encoded slash separates segments, whether a
 * backslash does, and what dot segments do ({@link Dots}) and when. Such a path has all readings
 * that known routers give it, and a rule applies if it matches one of them. A path can thus only
 * fall under more rules by being written oddly, never under fewer.
 *
 * @param readings all that differ, at most 14 and nearly always one; the first keeps encoded
 *     slashes and resolves dots
 */
record RoutePath(List<String> readings) {

  /** What routers make of dot segments. */
  private enum Dots {
    /** {@code ..} takes away a segment, after empty ones were dropped: Tomcat. */
    COMPACT,
    /** {@code ..} takes away a segment, be it empty: RFC 3986, section 5.2.4; Jetty. */
    STRICT,
    /** They are names like any other: routers that split what was sent, Spring's for one. */
    KEPT
  }

  static RoutePath of(String raw) {
    String sent = withoutQuery(raw);
    if (isPlain(sent)) {
      return new RoutePath(List.of(sent));
    }
    Set<String> readings = new LinkedHashSet<>();
    addReadings(sent, false, readings);
    if (has(sent, '/')) {
      addReadings(sent, true, readings);
    }
    return new RoutePath(List.copyOf(readings));
  }

  private static void addReadings(String sent, boolean slashes, Set<String> readings) {
    String decoded = decode(sent, slashes, false);
    readings.add(resolve(decoded, Dots.COMPACT));
    if (has(sent, '\\')) {
      readings.add(resolve(decode(sent, slashes, true), Dots.COMPACT));
    }
    if (hasDots(decoded)) {
      readings.add(resolve(decoded, Dots.STRICT));
      readings.add(resolve(decoded, Dots.KEPT));
    }
    if (hasDots(
        sent)) { // some resolve what was sent: parameters and encoded dots are names to them
      readings.add(resolve(decode(resolve(sent, Dots.COMPACT), slashes, false), Dots.KEPT));
      readings.add(resolve(decode(resolve(sent, Dots.STRICT), slashes, false), Dots.KEPT));
    }
  }

  private static boolean hasDots(String path) {
    return path.startsWith(".") || path.contains("/.");
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

  /** Whether there is an encoded slash, or a backslash of either form. */
  private static boolean has(String raw, char separator) {
    if (separator != '/' && raw.indexOf(separator) >= 0) {
      return true;
    }
    for (int i = raw.indexOf('%'); i >= 0; i = raw.indexOf('%', i + 1)) {
      if (octet(raw, i) == separator) {
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
  private static String decode(String raw, boolean slashes, boolean backslashes) {
    StringBuilder out = new StringBuilder(raw.length());
    boolean inParameters = false;
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      inParameters = c == ';' || (inParameters && c != '/');
      if (inParameters) {
        i++;
      } else if (octet(raw, i) >= 0) {
        i = appendDecoded(raw, i, out, slashes, backslashes);
      } else {
        out.append(backslashes && c == '\\' ? '/' : c);
        i++;
      }
    }
    return out.toString();
  }

  /** Decodes a run of encoded octets, which may together be UTF-8; returns where it ends. */
  private static int appendDecoded(
      String raw, int start, StringBuilder out, boolean slashes, boolean backslashes) {
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
      if (c == '/') {
        out.append(slashes ? "/" : "%2F");
      } else if (c == '\\') {
        out.append(backslashes ? "/" : "%5C");
      } else {
        out.append(c);
      }
    }
    return end;
  }

  /** The octet that is encoded at {@code i}, or -1 if what stands there is no encoding. */
  private static int octet(String raw, int i) {
    if (i + 2 >= raw.length() || raw.charAt(i) != '%') {
      return -1;
    }
    char high = raw.charAt(i + 1);
    char low = raw.charAt(i + 2);
    return HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low)
        ? HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low)
        : -1;
  }

  private static String resolve(String path, Dots dots) {
    StringBuilder out = new StringBuilder(path.length() + 1);
    int end;
    for (int start = 0; start <= path.length(); start = end + 1) {
      int slash = path.indexOf('/', start);
      end = slash < 0 ? path.length() : slash;
      boolean counts = end > start || (dots == Dots.STRICT && start > 0);
      if (dots != Dots.KEPT && isSegment(path, start, end, "..")) {
        out.setLength(Math.max(0, out.lastIndexOf("/")));
      } else if (counts && (dots == Dots.KEPT || !isSegment(path, start, end, "."))) {
        out.append('/').append(path, start, end);
      }
    }
    if (dots == Dots.STRICT) {
      return resolve(out.toString(), Dots.KEPT); // drops the empty segments
    }
    return out.isEmpty() ? "/" : out.toString();
  }

  private static boolean isSegment(String path, int start, int end, String segment) {
    return end - start == segment.length() && path.startsWith(segment, start);
  }

  /**
   * The same path below a base, if it lies there.
   *
   * @param base as it stands in the path, in whatever spelling
   */
  RoutePath below(String base) {
    if (base.isEmpty()) {
      return this;
    }
    List<String> bases = of(base).readings;
    Set<String> below = new LinkedHashSet<>();
    for (String reading : readings) {
      List<String> rests =
          bases.stream()
              .filter(found -> isBelow(found, reading))
              .map(found -> rest(found, reading))
              .toList();
      below.addAll(rests.isEmpty() ? List.of(reading) : rests);
    }
    return new RoutePath(List.copyOf(below));
  }

  private static boolean isBelow(String base, String path) {
    int end = base.length();
    return path.startsWith(base) && (end == 1 || path.length() == end || path.charAt(end) == '/');
  }

  private static String rest(String base, String path) {
    if (base.length() == 1) {
      return path;
    }
    return path.length() == base.length() ? "/" : path.substring(base.length());
  }
}

package io.tidegate;

import java.io.ByteArrayOutputStream;
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
    if (isPlain(raw)) {
      return new RoutePath(raw, null);
    }
    String path = resolve(decode(raw, false));
    String other = resolve(decode(raw, true));
    return new RoutePath(path, other.equals(path) ? null : other);
  }

  /** Whether a path is in its routing form already, as nearly all are. */
  static boolean isPlain(String raw) {
    int length = raw.length();
    if (length == 0 || raw.charAt(0) != '/') {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = raw.charAt(i);
      if (c == '%' || c == ';' || c == '\\') {
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
    ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length());
    boolean inParameters = false;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      inParameters = c == ';' || (inParameters && c != '/');
      if (inParameters) {
        continue;
      }
      int octet = c == '%' ? octet(raw, i) : -1;
      if (octet < 0) {
        String character = Character.toString(raw.codePointAt(i));
        out.writeBytes(character.getBytes(StandardCharsets.UTF_8));
        i += character.length() - 1;
        continue;
      }
      boolean keep = !slashes && (octet == '/' || octet == '\\');
      out.writeBytes(keep ? (octet == '/' ? ENCODED_SLASH : ENCODED_BACKSLASH) : BYTES[octet]);
      i += 2;
    }
    String decoded = out.toString(StandardCharsets.UTF_8);
    return slashes ? decoded.replace('\\', '/') : decoded;
  }

  private static final byte[] ENCODED_SLASH = {'%', '2', 'F'};
  private static final byte[] ENCODED_BACKSLASH = {'%', '5', 'C'};
  private static final byte[][] BYTES = new byte[256][];

  static {
    for (int i = 0; i < BYTES.length; i++) {
      BYTES[i] = new byte[] {(byte) i};
    }
  }

  /** The octet that is encoded at {@code i}, or -1 if what stands there is no encoding. */
  private static int octet(String raw, int i) {
    if (i + 2 >= raw.length()) {
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

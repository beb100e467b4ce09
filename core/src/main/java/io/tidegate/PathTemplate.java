package io.tidegate;

import java.util.regex.Pattern;

/**
 * A path with placeholders: <code>{name}</code> or {@code *} stands for one segment, {@code **} at
 * the end for any rest, none included. Matching is linear and allocates nothing.
 */
final class PathTemplate {

  private static final Pattern NAME = Pattern.compile("\\{[A-Za-z0-9_-]+}");

  private final String text;

  /** Literal segments; null stands for any one. */
  private final String[] segments;

  private final boolean literal;
  private final boolean openEnded;

  private PathTemplate(String text, String[] segments, boolean openEnded) {
    this.text = text;
    this.segments = segments;
    this.openEnded = openEnded;
    boolean plain = !openEnded;
    for (String segment : segments) {
      plain &= !segment.equals(ANY);
    }
    this.literal = plain;
  }

  private static final String ANY = "*";

  static PathTemplate parse(String template) {
    if (!template.startsWith("/")) {
      throw bad(template, "a path that begins with /");
    }
    boolean openEnded = template.endsWith("/**");
    String fixed = openEnded ? template.substring(0, template.length() - 3) : template;
    if (fixed.isEmpty() || template.equals("/")) {
      return new PathTemplate(template, new String[0], openEnded);
    }
    if (!RoutePath.isPlain(fixed) || fixed.length() == 1) {
      throw bad(
          template, "a decoded path without ;, %, \\, //, dot segments or a slash at the end");
    }
    String[] segments = fixed.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      if (NAME.matcher(segment).matches()) {
        segments[i] = ANY;
      } else if (!segment.equals(ANY) && segment.matches("(?s).*[*{}?].*")) {
        throw bad(template, "segments that are literal, {name} or *, and ** only at the end");
      }
    }
    return new PathTemplate(template, segments, openEnded);
  }

  private static IllegalArgumentException bad(String template, String expected) {
    return new IllegalArgumentException("path: " + template + " (expected: " + expected + ")");
  }

  /** Whether a path in its routing form matches. */
  boolean matches(String path) {
    if (literal) {
      return path.equals(text);
    }
    int start = 1; // of the segment to compare, behind its slash
    for (String segment : segments) {
      if (start >= path.length()) {
        return false;
      }
      int end = path.indexOf('/', start);
      end = end < 0 ? path.length() : end;
      boolean same = end - start == segment.length() && path.startsWith(segment, start);
      if (!segment.equals(ANY) && !same) {
        return false;
      }
      start = end + 1;
    }
    return openEnded || start >= path.length();
  }

  @Override
  public String toString() {
    return text;
  }
}

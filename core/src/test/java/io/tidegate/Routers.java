package io.tidegate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How servers and frameworks bring a path into the form that they route by, written from their
 * documented steps and not from ours. Each gives null for a path that it answers with 400. They are
 * as lenient as they can be set, since a strict server routes less, and only ASCII is asked of
 * them.
 */
final class Routers {

  private Routers() {}

  /** What is made of an encoded slash. */
  private enum Slash {
    REJECTED,
    KEPT,
    DECODED
  }

  /** A router by its name. */
  record Router(String name, UnaryOperator<@Nullable String> route) {

    boolean leadsTo(String target, String sent) {
      String path = route.apply(sent);
      while (path != null && path.length() > 1 && path.endsWith("/")) {
        path = path.substring(0, path.length() - 1);
      }
      return target.equals(path);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Router> all() {
    List<Router> all = new ArrayList<>();
    for (Slash slash : Slash.values()) {
      for (boolean backslash : new boolean[] {false, true}) {
        String settings = "slash " + slash + (backslash ? ", backslash allowed" : "");
        all.add(new Router("Tomcat, " + settings, sent -> tomcat(sent, slash, backslash)));
      }
      for (boolean compact : new boolean[] {false, true}) {
        String settings = "slash " + slash + (compact ? ", compact" : "");
        all.add(new Router("Jetty, " + settings, sent -> jetty(sent, slash, compact)));
        all.add(new Router("resolver, " + settings, sent -> resolver(sent, slash, compact)));
      }
      all.add(new Router("segments, slash " + slash, sent -> segments(sent, slash)));
    }
    return all;
  }

  /** Parameters off, decode, backslashes, double slashes, then dot segments. */
  private static @Nullable String tomcat(String sent, Slash slash, boolean backslash) {
    String path = decoded(sent.replaceAll(";[^/]*", ""), slash);
    if (path == null || (path.indexOf('\\') >= 0 && !backslash)) {
      return null;
    }
    path = path.replace('\\', '/');
    if (!path.startsWith("/")) {
      return null;
    }
    path = path.replaceAll("/{2,}", "/");
    if (path.endsWith("/.") || path.endsWith("/..")) {
      path += "/";
    }
    while (path.contains("/./")) {
      path = path.replace("/./", "/");
    }
    for (int i = path.indexOf("/../"); i >= 0; i = path.indexOf("/../")) {
      if (i == 0) {
        return null;
      }
      path = path.substring(0, path.lastIndexOf('/', i - 1)) + path.substring(i + 3);
    }
    return path;
  }

  /** Parameters off, decode, dot segments as in RFC 3986, then perhaps double slashes. */
  private static @Nullable String jetty(String sent, Slash slash, boolean compact) {
    String path = decoded(sent.replaceAll(";[^/]*", ""), slash);
    if (path == null || !path.startsWith("/")) {
      return null;
    }
    path = removeDotSegments(path);
    return compact ? path.replaceAll("/{2,}", "/") : path;
  }

  /** Dot segments as they were sent, then parameters, then decode. */
  private static @Nullable String resolver(String sent, Slash slash, boolean compact) {
    String path = removeDotSegments(compact ? sent.replaceAll("/{2,}", "/") : sent);
    return decoded(path.replaceAll(";[^/]*", ""), slash);
  }

  /** Segment by segment; dots are names like any other, and empty segments are not there. */
  private static @Nullable String segments(String sent, Slash slash) {
    String path = decoded(sent.replaceAll(";[^/]*", ""), slash);
    return path == null ? null : path.replaceAll("/{2,}", "/");
  }

  private static @Nullable String decoded(String path, Slash slash) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) != '%') {
        out.append(path.charAt(i));
        continue;
      }
      if (!path.substring(i).matches("(?s)%[0-9a-fA-F]{2}.*")) {
        return null;
      }
      char c = (char) Integer.parseInt(path.substring(i + 1, i + 3), 16);
      if (c == '/' && slash == Slash.REJECTED) {
        return null;
      }
      out.append(c == '/' && slash == Slash.KEPT ? "%2F" : String.valueOf(c));
      i += 2;
    }
    return out.toString();
  }

  /** RFC 3986, section 5.2.4, to the letter. */
  private static String removeDotSegments(String path) {
    String in = path;
    String out = "";
    while (!in.isEmpty()) {
      if (in.startsWith("../")) {
        in = in.substring(3);
      } else if (in.startsWith("./") || in.startsWith("/./")) {
        in = in.substring(2);
      } else if (in.equals("/.")) {
        in = "/";
      } else if (in.startsWith("/../") || in.equals("/..")) {
        in = "/" + in.substring(Math.min(4, in.length()));
        out = out.substring(0, Math.max(0, out.lastIndexOf('/')));
      } else if (in.equals(".") || in.equals("..")) {
        in = "";
      } else {
        int end = in.indexOf('/', 1);
        out += end < 0 ? in : in.substring(0, end);
        in = end < 0 ? "" : in.substring(end);
      }
    }
    return out;
  }
}

package io.tidegate;

import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Which requests a rule is about. Made by the methods here and joined by {@link #and}, {@link #or}
 * and {@link #not}.
 *
 * <p>Paths are compared in the form in which applications route them: decoded, without {@code
 * ;parameters}, dot segments, double slashes and a slash at the end. Routers read a few spellings
 * in several ways: encoded slashes, backslashes and dot segments. A rule applies to such a path if
 * its whole match holds for one of the readings.
 *
 * <p>Immutable; matching allocates nothing and takes time linear in what is compared. A predicate
 * of the user's own that throws is decided by its rule's {@link FailurePolicy}.
 */
public abstract class Match {

  Match() {}

  abstract boolean test(Call call);

  /**
   * Every request.
   *
   * @return the match
   */
  public static Match all() {
    return new Match() {
      @Override
      boolean test(Call call) {
        return true;
      }
    };
  }

  /**
   * Requests to a path. <code>{name}</code> or {@code *} stands for one segment, {@code /**} at the
   * end for whatever is below, the path itself included.
   *
   * @param template for example {@code /users/{id}/posts} or {@code /v1/**}
   * @return the match
   * @throws IllegalArgumentException if the template is none
   */
  public static Match path(String template) {
    PathTemplate path = PathTemplate.parse(Objects.requireNonNull(template, "template"));
    return new Match() {
      @Override
      boolean test(Call call) {
        return path.matches(call.path());
      }
    };
  }

  /**
   * Requests with a method.
   *
   * @param method for example {@code POST}; methods are case-sensitive
   * @return the match
   * @throws IllegalArgumentException if the method is empty or not in capitals
   */
  public static Match method(String method) {
    if (Objects.requireNonNull(method, "method").isEmpty()
        || !method.equals(method.toUpperCase(Locale.ROOT))) {
      throw new IllegalArgumentException("method: " + method + " (expected: a name in capitals)");
    }
    return new Match() {
      @Override
      boolean test(Call call) {
        return method.equals(call.request().method());
      }
    };
  }

  /**
   * {@code GET} and {@code HEAD} requests to a path, since whoever can ask for one can ask for the
   * other.
   *
   * @param template as for {@link #path}
   * @return the match
   * @throws IllegalArgumentException if the template is none
   */
  public static Match get(String template) {
    return method("GET").or(method("HEAD")).and(path(template));
  }

  /**
   * {@code POST} requests to a path.
   *
   * @param template as for {@link #path}
   * @return the match
   * @throws IllegalArgumentException if the template is none
   */
  public static Match post(String template) {
    return method("POST").and(path(template));
  }

  /**
   * Requests for a host, whatever the port and the case.
   *
   * @param host for example {@code api.example.com}; no port
   * @return the match
   * @throws IllegalArgumentException if the host is empty or has a port
   */
  public static Match host(String host) {
    if (Objects.requireNonNull(host, "host").isEmpty()
        || (!host.startsWith("[") && host.indexOf(':') >= 0)) {
      throw new IllegalArgumentException("host: " + host + " (expected: a host without a port)");
    }
    return new Match() {
      @Override
      boolean test(Call call) {
        String asked = call.request().host();
        return asked != null
            && asked.regionMatches(true, 0, host, 0, host.length())
            && isEndOfHost(asked, host.length());
      }
    };
  }

  /** A host may end in a dot, and a port may follow. */
  private static boolean isEndOfHost(String asked, int end) {
    int rest = end < asked.length() && asked.charAt(end) == '.' ? end + 1 : end;
    return rest == asked.length() || asked.charAt(rest) == ':';
  }

  /**
   * Requests with a header, whatever its value.
   *
   * @param name the field's name
   * @return the match
   */
  public static Match header(String name) {
    Objects.requireNonNull(name, "name");
    return new Match() {
      @Override
      boolean test(Call call) {
        return call.request().header(name) != null;
      }
    };
  }

  /**
   * Requests with a header of exactly this value, on its first line.
   *
   * @param name the field's name
   * @param value the value
   * @return the match
   */
  public static Match header(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    return new Match() {
      @Override
      boolean test(Call call) {
        return value.equals(call.request().header(name));
      }
    };
  }

  /**
   * Requests that satisfy a predicate.
   *
   * @param predicate quick, and safe for use by many threads
   * @return the match
   */
  public static Match where(Predicate<? super GateRequest> predicate) {
    Objects.requireNonNull(predicate, "predicate");
    return new Match() {
      @Override
      boolean test(Call call) {
        return predicate.test(call.request());
      }
    };
  }

  /**
   * Both.
   *
   * @param other the second match, looked at if this one matches
   * @return the match
   */
  public final Match and(Match other) {
    Objects.requireNonNull(other, "other");
    Match first = this;
    return new Match() {
      @Override
      boolean test(Call call) {
        return first.test(call) && other.test(call);
      }
    };
  }

  /**
   * Either.
   *
   * @param other the second match, looked at if this one does not match
   * @return the match
   */
  public final Match or(Match other) {
    Objects.requireNonNull(other, "other");
    Match first = this;
    return new Match() {
      @Override
      boolean test(Call call) {
        return first.test(call) || other.test(call);
      }
    };
  }

  /**
   * The opposite. A path that can be read in several ways can satisfy a match and its opposite, one
   * in each reading, so writing a path oddly is no way out of a rule for all but some paths.
   *
   * @return the match
   */
  public final Match not() {
    Match inner = this;
    return new Match() {
      @Override
      boolean test(Call call) {
        return !inner.test(call);
      }
    };
  }
}
